"""Every screen is sound HTML, says what it is, brings nothing from elsewhere, and runs in an old browser."""

import hashlib
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner
from lxml.html import HtmlElement

from service.commands.check import check as check_command
from tests.people import MARKET, annual, as_json, but, ordinary_report, read
from tests.service.conftest import Office
from tests.service.visitors import Browser, Page, Program, told

STATIC = Path(__file__).parent.parent.parent / "service" / "static"
VENDOR = STATIC / "vendor"
WRONG = but(
    ordinary_report(),
    cells={"requests.received.natural_person": 13, "requests.carried_in.natural_person": "-3"},
    texts={"overview.proactive": "2023年，全年主动公开政府信息14条。"},
)


@pytest.fixture
def reports(office: Office, program: Program) -> list[str]:
    """A report in every state; the ids."""
    ids = []
    for number, year in enumerate(range(2021, 2025)):
        taken = told(program.hand_in(as_json(ordinary_report(year=year))))
        ids.append(taken["report"].rpartition("/")[2])
        if number == 1:
            office.claim(taken["job"]["id"])
        elif number == 2:
            office.fail(taken["job"]["id"], "转换 120 秒未完成。")
        elif number == 3:
            office.make(taken["job"]["id"])
    return ids


@pytest.fixture
def screens(reviewer: Browser, stranger: Browser, reports: list[str]) -> list[Page]:
    """Every screen there is, in every state."""
    return [
        stranger.get("/sign-in"),
        stranger.sign_in("nobody", "wrong"),
        stranger.get("/nothing"),
        reviewer.get("/reports"),
        *(reviewer.get(f"/reports/{id}") for id in reports),
        reviewer.get("/nothing"),
        reviewer.get("/api/docs"),
        reviewer.hand_in(as_json(WRONG)),
        reviewer.hand_in(b"{}"),
        reviewer.post("/reports", {}),
    ]


def test_no_screen_has_script_or_style_in_its_text(screens: list[Page]) -> None:
    for page in screens:
        assert not page.all("//style | //*[@style] | //script[not(@src)] | //a[starts-with(@href, 'javascript')]")
        for element in page.all("//*"):
            assert not [name for name in element.attrib if name.startswith(("on", "hx-on", "hx-vals", "hx-vars"))]


def test_no_screen_asks_another_server_for_anything(screens: list[Page]) -> None:
    for page in screens:
        for address in page.all("//@src | //@href | //@action | //@hx-get"):
            parts = urlsplit(address)
            assert not parts.scheme
            assert not parts.netloc


def test_every_file_a_screen_asks_for_is_there(screens: list[Page], reviewer: Browser) -> None:
    wanted = {str(one) for page in screens for one in page.all("//script/@src | //link/@href")}
    assert wanted
    for address in wanted:
        assert reviewer.get(address).status == 200


def test_the_first_page_is_light(reviewer: Browser, reports: list[str]) -> None:
    page = reviewer.get("/reports")
    parts = [page.text.encode()]
    parts += [reviewer.get(str(one)).answer.get_data() for one in page.all("//script/@src | //link/@href")]
    assert sum(map(len, parts)) <= 150_000


def test_every_screen_can_be_walked_by_ear(screens: list[Page]) -> None:
    for page in screens:
        assert page.all("/html/@lang") == ["zh-CN"]
        assert len(page.all("//main")) == 1
        assert page.all("//body/a[1]/@href") == ["#main"], "the way past the head comes first"
        ids = set(page.all("//@id"))
        for reference in page.all("//@aria-labelledby | //@aria-describedby | //label/@for"):
            assert set(reference.split()) <= ids


def test_an_empty_office_says_what_to_do(reviewer: Browser) -> None:
    page = reviewer.get("/reports")
    assert "还没有报告" in page.words
    assert not page.all("//table")
    assert page.all("//input[@type='file']")


def test_twenty_reports_fill_a_page_and_the_older_ones_are_one_click_away(reviewer: Browser) -> None:
    for number in range(21):
        reviewer.hand_in(as_json(ordinary_report(f"第{number:02}街道办事处")))
    first = reviewer.get("/reports")
    assert len(first.all("//tbody/tr")) == 20
    [older] = first.all("//a[@rel='next']/@href")
    second = reviewer.get(older)
    assert "第00街道办事处" in second.words
    assert second.all("//a[@rel='prev']/@href") == ["/reports"]
    assert reviewer.get("/reports?from=x").status == reviewer.get("/reports?from=-5").status == 200
    assert reviewer.get(f"/reports?from={10**30}").status == 200, "more than a database can count"


def test_the_page_says_what_the_command_says(reviewer: Browser, tmp_path: Path) -> None:
    file = tmp_path / "answers.json"
    file.write_bytes(as_json(WRONG))
    said = CliRunner().invoke(check_command, [str(file)]).output
    page = reviewer.hand_in(as_json(WRONG))
    lines = [" ".join(line.split()) for line in said.splitlines()[1:] if line.strip()]
    assert len(lines) > 3
    for line in lines:
        rule, _, message = line.partition(" ")
        assert message in page.words
        assert rule in page.words


def test_a_report_page_shows_every_figure_under_its_headings(reviewer: Browser, reports: list[str]) -> None:
    page = reviewer.get(f"/reports/{reports[3]}")
    answers = read(ordinary_report())
    shown = [cell.text_content() for cell in page.all("//td[@headers]")]
    assert shown == [answers.shown(name) for name in annual().cells]
    for cell in page.all("//td[@headers]"):
        assert all(_is_heading(page, id) for id in cell.get("headers").split())


def _is_heading(page: Page, id: str) -> bool:
    [element] = page.all(f"//*[@id='{id}']")
    return bool(element.tag == "th" and element.get("scope"))


@pytest.mark.parametrize(
    ("name", "heard"),
    [
        (
            "requests.results.refused.third_party.natural_person",
            ["三、本年度办理结果", "（三）不予公开", "4.保护第三方合法权益", "申请人情况", "自然人"],
        ),
        (
            "requests.received.legal_person.law_firm",
            ["一、本年新收政府信息公开申请数量", "申请人情况", "法人或其他组织", "法律服务机构"],
        ),
        ("disputes.cases.litigation.after_review.pending", ["行政诉讼", "复议后起诉", "尚未审结"]),
        ("article_20_8.fees.charged", ["行政事业性收费", "本年收费金额（单位：万元）"]),
    ],
)
def test_a_figure_is_heard_with_its_headings(
    reviewer: Browser, reports: list[str], name: str, heard: list[str]
) -> None:
    page = reviewer.get(f"/reports/{reports[3]}")
    figure: HtmlElement = page.all("//td[@headers]")[list(annual().cells).index(name)]
    headings = [page.all(f"//*[@id='{id}']")[0].text_content() for id in figure.get("headers").split()]
    assert headings == heard


def test_every_sentence_of_a_report_is_on_its_page(reviewer: Browser, reports: list[str]) -> None:
    page = reviewer.get(f"/reports/{reports[3]}")
    answers = read(ordinary_report())
    paragraphs = [one.text_content() for one in page.all("//article//p")]
    assert paragraphs == [paragraph for name in annual().texts for paragraph in answers.paragraphs(name)]
    assert page.heading.replace(" ", "") == f"{MARKET}2024年政府信息公开工作年度报告"


def test_what_others_wrote_is_what_they_published() -> None:
    listed = tomllib.loads((VENDOR / "vendored.toml").read_text())["package"]
    known = {name: digest for package in listed for name, digest in package["sha256"].items()}
    found = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "vendored.toml"
    }
    assert found == known
    assert all(any(name.endswith("LICENSE") for name in package["sha256"]) for package in listed)

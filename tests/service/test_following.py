"""A report is followed until its documents are there, or it is plain why they are not."""

import pytest

from tests.people import MARKET, as_json, ordinary_report
from tests.service.conftest import Office
from tests.service.drafts import ready, this_year
from tests.service.visitors import Browser, Page, Program, told

SILENT = "转换 120 秒未完成，已终止 2 次。"


@pytest.fixture
def taken(program: Program) -> dict[str, str]:
    """A report that has just been handed in: ids of the report and of its job."""
    answer = told(program.hand_in(as_json(ordinary_report())))
    return {"report": answer["report"].rpartition("/")[2], "job": answer["job"]["id"]}


def row(reviewer: Browser) -> Page:
    """The list, with the row of the only report in it."""
    return reviewer.get("/reports")


def states(page: Page) -> list[str]:
    return [str(tag.text_content()) for tag in page.all("//*[contains(@class, 'tag')]")]


def state(page: Page) -> str:
    """What becomes of the documents; in the list, where the report stands comes before it."""
    return states(page)[-1]


def refreshes(page: Page) -> list[str]:
    return [str(one) for one in page.all("//@hx-get")]


def test_a_waiting_report_says_so_and_looks_again_by_itself(reviewer: Browser, taken: dict[str, str]) -> None:
    for path in ("/reports", f"/reports/{taken['report']}"):
        page = reviewer.get(path)
        assert state(page) == "排队中"
        assert len(refreshes(page)) == 1
        assert page.all("//*[@hx-trigger='every 2s'][@hx-swap='outerHTML']")
        assert page.all("//script[contains(@src, 'htmx.min.js')]")


def test_without_javascript_the_page_reloads_itself(reviewer: Browser, office: Office, taken: dict[str, str]) -> None:
    for path in ("/reports", f"/reports/{taken['report']}"):
        assert 'http-equiv="refresh"' in reviewer.get(path).text
    office.make(taken["job"])
    for path in ("/reports", f"/reports/{taken['report']}"):
        assert 'http-equiv="refresh"' not in reviewer.get(path).text


@pytest.mark.parametrize("part", ["row", "files"])
def test_nothing_new_changes_nothing_on_the_page(reviewer: Browser, taken: dict[str, str], part: str) -> None:
    [again] = refreshes(reviewer.get("/reports" if part == "row" else f"/reports/{taken['report']}"))
    assert f"/{part}?" in again
    news = reviewer.get(again, **{"HX-Request": "true"})
    assert (news.status, news.text) == (204, "")


@pytest.mark.parametrize("part", ["row", "files"])
def test_a_report_at_work_is_told_and_looked_at_again(
    office: Office, reviewer: Browser, taken: dict[str, str], part: str
) -> None:
    [again] = refreshes(reviewer.get("/reports" if part == "row" else f"/reports/{taken['report']}"))
    office.claim(taken["job"])
    news = reviewer.get(again)
    assert news.status == 200
    assert state(news) == "生成中"
    assert refreshes(news) != [again]
    assert reviewer.get(refreshes(news)[0]).status == 204


@pytest.mark.parametrize("part", ["row", "files"])
def test_a_finished_report_offers_its_documents_and_stops_looking(
    office: Office, reviewer: Browser, taken: dict[str, str], part: str
) -> None:
    [again] = refreshes(reviewer.get("/reports" if part == "row" else f"/reports/{taken['report']}"))
    office.make(taken["job"])
    news = reviewer.get(again)
    assert states(news) == {"row": ["已报送"], "files": ["已生成"]}[part], "in the list, links say that they are made"
    assert refreshes(news) == []
    assert sorted(news.all("//a/@href"))[:2] == [
        f"/documents/{taken['job']}.docx",
        f"/documents/{taken['job']}.pdf",
    ]


def test_a_failed_report_says_why_and_can_be_made_again(
    office: Office, reviewer: Browser, taken: dict[str, str]
) -> None:
    office.fail(taken["job"], SILENT)
    assert state(row(reviewer)) == "未生成"
    assert SILENT in row(reviewer).words
    page = reviewer.get(f"/reports/{taken['report']}")
    assert SILENT in page.words
    assert "soffice" not in page.text, "what the operator is told stays in the log"
    again = reviewer.send(page, f"/reports/{taken['report']}/again")
    assert again.status == 303
    assert state(row(reviewer)) == "排队中"
    assert SILENT not in row(reviewer).words
    assert states(row(reviewer)) == ["已报送", "排队中"]
    office.make(taken["job"])
    assert states(row(reviewer)) == ["已报送"]


def test_a_report_that_has_not_failed_is_not_made_again(
    office: Office, reviewer: Browser, program: Program, taken: dict[str, str]
) -> None:
    office.fail(taken["job"], SILENT)
    page = reviewer.get(f"/reports/{taken['report']}")
    reviewer.send(page, f"/reports/{taken['report']}/again")
    office.make(taken["job"])
    reviewer.send(page, f"/reports/{taken['report']}/again")
    assert told(program.get(f"/api/v1/jobs/{taken['job']}"))["state"] == "done"


def test_a_program_learns_the_same_of_its_job(office: Office, program: Program, taken: dict[str, str]) -> None:
    def job() -> dict[str, object]:
        return told(program.get(f"/api/v1/jobs/{taken['job']}"))

    assert (job()["state"], job()["started_at"], job()["documents"]) == ("queued", None, [])
    office.fail(taken["job"], SILENT, retry=True)
    assert job()["state"] == "queued"
    assert job()["error"] == {"code": "conversion_timeout", "message": f"{SILENT}稍后会自动重试。"}
    assert job()["next_attempt_at"] is not None


def test_a_finished_job_lists_its_documents(office: Office, program: Program, taken: dict[str, str]) -> None:
    office.make(taken["job"])
    job = told(program.get(f"/api/v1/jobs/{taken['job']}"))
    assert job["state_in_words"] == "已生成"
    assert job["created_at"] <= job["started_at"] <= job["finished_at"]
    assert {one["format"]: one["pages"] for one in job["documents"]} == {"pdf": 8, "docx": 8}
    [report] = told(program.get("/api/v1/reports"))["reports"]
    assert report["job"] == job
    assert report["title"] == f"{MARKET}2024年政府信息公开工作年度报告"


def test_a_program_has_made_again_what_failed_or_is_spoilt_and_nothing_else(
    office: Office, program: Program, taken: dict[str, str]
) -> None:
    def again() -> tuple[int, str]:
        answer = program.client.post(f"/api/v1/jobs/{taken['job']}/again", headers=program.headers)
        return answer.status_code, told(answer)["state"]

    assert again() == (200, "queued")
    office.fail(taken["job"], SILENT)
    assert again() == (202, "queued")
    office.make(taken["job"])
    assert again() == (200, "done")
    for file in (office.settings.data_dir / "documents").rglob("*.pdf"):
        file.unlink()
    assert again() == (202, "queued")
    office.make(taken["job"])
    assert [one["pages"] for one in told(program.get(f"/api/v1/jobs/{taken['job']}"))["documents"]] == [8, 8]


def test_a_page_left_open_leads_to_the_door_when_the_session_is_over(
    reviewer: Browser, stranger: Browser, taken: dict[str, str]
) -> None:
    [again] = refreshes(row(reviewer))
    news = stranger.get(again, **{"HX-Request": "true"})
    assert (news.status, news.answer.headers["HX-Redirect"]) == (401, "/sign-in")


def test_the_clerk_is_told_that_a_program_handed_in_over_the_draft(
    office: Office, clerk: Browser, program: Program
) -> None:
    ready(office, texts={"problems.found": "还没有写完的话。"})
    assert "直接报送了这份报告" not in clerk.get("/").words
    program.hand_in(as_json(this_year(MARKET)))
    words = clerk.get("/").words
    assert "直接报送了这份报告，表里原来填写的内容已换成所报送的" in words
    assert "留存为第 1 版" in words

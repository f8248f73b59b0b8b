"""A report is checked once more, declared right and sent in once; it can be taken back until somebody reviews it."""

import re

import pytest
from sqlalchemy import func, select

from reports.states import Move
from storage.session import reading_scope, session_scope
from storage.tables import Job, Lane, ReportState, Revision, Step, Submission
from tests.people import MARKET, as_json, ordinary_report
from tests.racing import race
from tests.service.conftest import Office
from tests.service.drafts import DECLARED, job_of, ready, retype, send, state_of, take
from tests.service.visitors import Browser, Page, Program

NEW, NEW_TOTAL = "requests.received.natural_person", "requests.received.total"
IN_FORCE = "article_20_1.normative_documents.in_force"


def count(office: Office, table: type) -> int:
    with reading_scope(office.engine) as session:
        return session.scalars(select(func.count()).select_from(table)).one()


def headlines(page: Page) -> dict[str, list[str]]:
    """The table of totals: what each row is called, and its figures."""
    rows = page.all("//section[@aria-labelledby='numbers']//tbody/tr")
    return {row.xpath("string(th)"): row.xpath("td/text()") for row in rows}


def test_the_totals_of_the_year_are_shown_beside_last_years(office: Office, clerk: Browser, program: Program) -> None:
    program.hand_in(as_json(ordinary_report(year=2024)))
    page = clerk.get(f"/reports/{ready(office)}/send")
    assert page.heading == "核对并报送"
    assert f"{MARKET}2025年政府信息公开工作年度报告" in page.words
    assert headlines(page)["一、本年新收"] == ["16", "16"]
    assert headlines(page)["行政诉讼·复议后起诉·总计"] == ["1", "1"]
    assert "所有数都与上年相同" not in page.words, "9 in force have become 11"
    assert "可以报送" in page.words


def test_what_changed_most_is_named_with_the_way_there(office: Office, clerk: Browser, program: Program) -> None:
    program.hand_in(as_json(ordinary_report(year=2024)))
    changed = {"article_20_6.penalties.handled": 37}
    public_id = ready(office, cells=changed)
    page = clerk.get(f"/reports/{public_id}/send")
    row = page.all("//section[@aria-labelledby='changes']//tbody/tr")[0]
    assert row.xpath("th/a/text()") == ["“行政处罚”行“本年处理决定数量”列"]
    assert row.xpath("th/a/@href") == [f"/reports/{public_id}/fill/proactive#article_20_6.penalties.handled"]
    assert [" ".join(cell.text_content().split()) for cell in row.xpath("td")] == ["137", "37", "▼ −100"]


def test_without_last_years_report_it_is_said_that_nothing_can_be_compared(office: Office, clerk: Browser) -> None:
    page = clerk.get(f"/reports/{ready(office)}/send")
    assert "系统里没有上年的报告，无法比较" in page.words
    assert headlines(page)["一、本年新收"] == ["16"]


def test_sending_leads_to_the_receipt(office: Office, clerk: Browser) -> None:
    public_id = ready(office)
    answer = send(clerk, public_id).answer
    assert (answer.status_code, answer.location) == (303, f"/reports/{public_id}/receipt")
    page = clerk.get(answer.location)
    with reading_scope(office.engine) as session:
        submission = session.scalars(select(Submission)).one()
        revision = session.get_one(Revision, submission.revision_id)
    assert page.heading == "已报送"
    assert submission.receipt in page.words
    assert revision.sha256 in page.words
    assert "王芳 0571-8801" in page.words
    assert "周平 0571-8802" in page.words
    assert "审核开始以前，您可以撤回修改" in page.words
    assert page.all("//ol[@class='steps']//b/text()") == ["报送"]
    assert state_of(office, public_id) is ReportState.SUBMITTED


def test_who_comes_back_to_a_sent_report_is_shown_the_receipt(office: Office, clerk: Browser) -> None:
    public_id = ready(office)
    send(clerk, public_id)
    answer = clerk.get(f"/reports/{public_id}/send").answer
    assert (answer.status_code, answer.location) == (303, f"/reports/{public_id}/receipt")


def test_twenty_clicks_at_once_send_it_once(office: Office, clerk: Browser) -> None:
    public_id = ready(office)
    path = f"/reports/{public_id}/send"
    page = clerk.get(path)
    held = {one.get("name"): one.get("value") for one in page.all(f"//form[@action='{path}']//input[@type='hidden']")}

    with clerk.client.session_transaction() as known:
        cookie = dict(known)

    def click(_number: int) -> tuple[int, str | None]:
        browser = Browser(office.app.test_client())
        with browser.client.session_transaction() as session:
            session.update(cookie)
        answer = browser.post(path, {**held, **DECLARED}).answer
        return answer.status_code, answer.location

    assert set(race(20, click)) == {(303, f"/reports/{public_id}/receipt")}
    assert (count(office, Submission), count(office, Revision), count(office, Job), count(office, Step)) == (1, 1, 1, 1)


def test_errors_block_and_lead_to_their_place(office: Office, clerk: Browser) -> None:
    public_id = ready(office, cells={NEW: 13, NEW_TOTAL: 17})
    page = clerk.get(f"/reports/{public_id}/send")
    assert re.search(r"还有 \d 处错误，改正后才能报送", page.words)
    assert not page.all("//button[text()='报送']")
    [first] = page.all("//a[text()='去第一处']/@href")
    assert re.fullmatch(f"/reports/{public_id}/fill/requests#requests.[a-z_.]+", first)


def test_a_report_with_errors_is_not_sent_even_from_a_page_left_open(office: Office, clerk: Browser) -> None:
    public_id = ready(office)
    path = f"/reports/{public_id}/send"
    page = clerk.get(path)
    retype(office, public_id, NEW, "13")
    late = clerk.send(page, path, **DECLARED)
    assert late.status == 422
    assert "处错误" in late.words
    assert state_of(office, public_id) is ReportState.DRAFT
    assert count(office, Submission) == 0


def test_blanks_are_counted_by_section(office: Office, clerk: Browser) -> None:
    public_id = ready(office)
    for name in ("disputes.cases.review.other", "disputes.cases.review.pending", "other.matters"):
        retype(office, public_id, name, "")
    page = clerk.get(f"/reports/{public_id}/send")
    assert "还有 2 个部分没有填完" in page.words
    assert "四、政府信息公开行政复议、行政诉讼情况：还有 2 处没有填。" in page.words


def test_what_is_to_be_explained_waits_for_its_reason_which_then_travels_along(
    office: Office, clerk: Browser, program: Program
) -> None:
    program.hand_in(as_json(ordinary_report(year=2024)))
    public_id = ready(office, cells={IN_FORCE: 10})
    page = clerk.get(f"/reports/{public_id}/send")
    assert "还有 1 处需要写明原因" in page.words
    assert page.all("//a[text()='还没有写原因，去写']/@href")
    retype(office, public_id, f"X2@{IN_FORCE}", "上年多计一件。")
    assert "原因：上年多计一件。" in clerk.get(f"/reports/{public_id}/send").words
    send(clerk, public_id)
    page = clerk.get(f"/reports/{public_id}/receipt")
    assert "“行政规范性文件”行“现行有效件数”列" in page.words
    assert "上年多计一件。" in page.words


def test_a_reason_for_what_is_right_by_now_stays_at_home(office: Office, clerk: Browser, program: Program) -> None:
    program.hand_in(as_json(ordinary_report(year=2024)))
    public_id = ready(office, cells={IN_FORCE: 10})
    retype(office, public_id, f"X2@{IN_FORCE}", "上年多计一件。")
    retype(office, public_id, IN_FORCE, "11")
    send(clerk, public_id)
    assert "上年多计一件" not in clerk.get(f"/reports/{public_id}/receipt").words


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("declared", "请核对后勾选“我已逐项核对”"),
        ("filler", "请写填报人的姓名"),
        ("checker_phone", "请写审核人的电话"),
    ],
)
def test_what_is_missing_of_the_declaration_is_said_and_nothing_typed_is_lost(
    office: Office, clerk: Browser, name: str, sentence: str
) -> None:
    public_id = ready(office)
    page = send(clerk, public_id, **{name: " ", "checker": "周平（副局长）"})
    if name == "declared":
        page = clerk.send(page, f"/reports/{public_id}/send", **{k: v for k, v in DECLARED.items() if k != name})
    assert page.status == 422
    assert page.title.startswith("错误：")
    [link] = page.all(f"//section[@role='alert']//a[text()='{sentence}']/@href")
    assert page.all(f"//*[@id='{link[1:]}']"), "the sentence leads to its field"
    assert page.all("//input[@id='filler_phone']/@value") == ["0571-8801"]
    assert count(office, Submission) == 0


def test_the_account_fills_in_who_filled_in(office: Office, clerk: Browser) -> None:
    page = clerk.get(f"/reports/{ready(office)}/send")
    assert page.all("//input[@id='filler']/@value") == ["wangfang先生"]
    assert not page.all("//input[@id='declared']/@checked"), "nobody signs for another"


def test_taking_back_opens_the_report_as_it_was_sent(office: Office, clerk: Browser) -> None:
    public_id = ready(office)
    send(clerk, public_id)
    page = clerk.get(f"/reports/{public_id}/receipt")
    assert clerk.send(page, f"/reports/{public_id}/withdraw").status == 303
    home = clerk.get("/")
    assert "已撤回，可以接着修改" in home.words
    assert "6 个部分都已完成" in home.words
    assert clerk.get(f"/reports/{public_id}/receipt").heading == "这次报送已撤回"
    send(clerk, public_id)
    page = clerk.get(f"/reports/{public_id}/receipt")
    assert page.heading == "已报送"
    assert page.all("//ol[@class='steps']//b/text()") == ["报送", "撤回修改", "报送"]


def test_what_is_being_reviewed_cannot_be_taken_back(office: Office, clerk: Browser) -> None:
    public_id = ready(office)
    send(clerk, public_id)
    page = clerk.get(f"/reports/{public_id}/receipt")
    take(office, public_id, Move.BEGIN_REVIEW)
    late = clerk.send(page, f"/reports/{public_id}/withdraw")
    assert late.status == 409
    assert "联系审核人退回" in late.words
    assert state_of(office, public_id) is ReportState.REVIEWING
    assert not clerk.get(f"/reports/{public_id}/receipt").all("//form[contains(@action, 'withdraw')]")


def test_a_reviewer_reads_the_receipt_and_takes_nothing_back(office: Office, clerk: Browser, reviewer: Browser) -> None:
    public_id = ready(office)
    send(clerk, public_id)
    page = reviewer.get(f"/reports/{public_id}/receipt")
    assert page.heading == "已报送"
    assert not page.all("//form[contains(@action, 'withdraw')]")


def test_a_report_that_was_never_sent_has_no_receipt(office: Office, clerk: Browser) -> None:
    assert clerk.get(f"/reports/{ready(office)}/receipt").status == 404


def test_what_a_reviewed_report_said_is_downloaded_from_its_receipt(office: Office, clerk: Browser) -> None:
    public_id = ready(office)
    send(clerk, public_id)
    job = job_of(office, public_id)
    office.make(job)
    assert f"/documents/{job}.pdf" in clerk.get(f"/reports/{public_id}/receipt").all("//a/@href")
    with session_scope(office.engine) as session:
        assert session.scalars(select(Job.lane)).one() is Lane.PREVIEW

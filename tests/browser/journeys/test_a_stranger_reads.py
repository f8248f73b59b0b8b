"""A report's last step, in a real browser: the office publishes it, a stranger reads the page and its PDF, no more."""

import io
import time

import pypdfium2
import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from reports.states import Move
from storage.filing.steps import take
from storage.people.keys import create_key
from storage.people.passwords import hashed, set_password
from storage.session import reading_scope, session_scope
from storage.tables import Account, Job, JobState, Report, Revision, Role, Unit
from tests.browser.conftest import NewContext
from tests.browser.journeys.conftest import FIRST_DOCUMENT, PASSWORD, House
from tests.people import as_json, but, ordinary_report
from tests.units import person_with

pytestmark = pytest.mark.timeout(1200)
SAID = "2025年，全年主动公开政府信息37条，其中解读材料5件。"


def sent(house: House, unit: Unit, context: BrowserContext) -> str:
    """A program of the office sends in a report, whose documents a worker then makes; its id."""
    with session_scope(house.engine) as session:
        key = create_key(session, f"program of {unit.name}", "operator:root")
    document = but(ordinary_report(unit.name, 2025), texts={"overview.proactive": SAID})
    # Nothing is called for that last year's figures would ask.
    document = but(document, cells={"article_20_1.normative_documents.in_force": 11})
    answer = context.request.post(
        f"{house.origin}/api/v1/reports", data=as_json(document), headers={"Authorization": f"Bearer {key}"}
    )
    assert answer.status == 202, answer.text()
    return str(answer.json()["report"]).rpartition("/")[2]


def made(house: House, report: str) -> None:
    """Wait for the worker."""
    patience = time.monotonic() + FIRST_DOCUMENT / 1000
    while time.monotonic() < patience:
        with reading_scope(house.engine) as session:
            of_report = select(Job.state).join(Revision, Revision.id == Job.revision_id).join(Report)
            state = session.scalars(of_report.where(Report.public_id == report)).one()
        if state is JobState.DONE:
            return
        assert state is not JobState.FAILED
        time.sleep(0.2)
    raise AssertionError("the documents were not made in time")


def reviewer_of(house: House, unit: Unit) -> str:
    login, secret = f"reviewer.{unit.public_id.strip('-_')}"[:60].lower(), hashed(PASSWORD)
    with session_scope(house.engine) as session:
        office = session.get_one(Unit, unit.supervisor_id)
        person = person_with(session, login, (Role.REVIEWER, office))
        set_password(session, session.get_one(Account, person.account_id), secret, "operator:root")
    return login


def test_a_stranger_reads_the_page_and_its_pdf_and_cannot_reach_anything_else(
    house: House, new_context: NewContext
) -> None:
    unit = house.unit()
    office, stranger = new_context(house.origin), new_context(house.origin, expected=(r"404", r"410"))
    report = sent(house, unit, stranger)
    made(house, report)
    outside = stranger.new_page()
    everywhere = [f"/public/reports/{report}{ending}" for ending in ("", "/1", "/1.pdf", ".pdf", "/1.json", ".docx")]
    assert statuses(outside, everywhere) == {404}, "nothing is public before somebody publishes it"

    with session_scope(house.engine) as session:
        take(session, session.scalars(select(Report).where(Report.public_id == report)).one(), Move.APPROVE, "x")
    assert statuses(outside, everywhere) == {404}, "nor because it is approved"
    desk = signed_in(office.new_page(), reviewer_of(house, unit))
    desk.goto("/publishing")
    desk.get_by_label(unit.name).check()
    desk.get_by_role("button", name="公布所选").click()
    expect(desk.get_by_role("status").first).to_contain_text("已公布 1 份报告")

    outside.goto("/public/")
    outside.get_by_label("按单位名称或拼音首字母查找").fill(unit.name)
    outside.get_by_role("button", name="查找").click()
    outside.get_by_role("link", name=unit.name, exact=True).click()
    expect(outside.get_by_role("heading", level=1)).to_contain_text(unit.name)
    expect(outside.get_by_text(SAID)).to_be_visible()
    [address] = {one.get_attribute("href") for one in outside.get_by_role("link", name="PDF").all()}
    answer = stranger.request.get(f"{house.origin}{address}")
    assert answer.headers["content-type"] == "application/pdf"
    with pypdfium2.PdfDocument(io.BytesIO(answer.body())) as pdf:
        text = "".join("".join(page.get_textpage().get_text_range() for page in pdf).split())
    assert "".join(SAID.split()) in text, "the PDF says what the page says"

    for closed in (f"/reports/{report}", "/reports", "/publishing", "/accounts", f"/reports/{report}/receipt"):
        outside.goto(closed)
        assert "/sign-in" in outside.url, closed
    assert stranger.request.get(f"{house.origin}/api/v1/reports/{report}").status == 401
    others = [f"/public/reports/{report}/2", "/public/reports/1", "/public/reports/guessed", "/public/statistics/1999"]
    assert statuses(outside, others) == {404}

    desk.goto("/publishing")
    desk.get_by_text("地址和撤下").click()
    desk.get_by_label("撤下的原因（公众会看到）").fill("误载了个人信息")
    desk.get_by_role("button", name="撤下", exact=True).click()
    expect(desk.get_by_role("status").first).to_contain_text("已撤下 1 个版本")
    outside.goto(f"/public/reports/{report}")
    expect(outside.get_by_role("heading", level=1)).to_have_text("报告已撤下")
    expect(outside.get_by_text("误载了个人信息")).to_be_visible()
    assert statuses(outside, [one for one in everywhere if "." in one]) == {410}


def statuses(page: Page, paths: list[str]) -> set[int]:
    """What a stranger is answered at these addresses."""
    return {page.context.request.get(path, max_redirects=0).status for path in paths}


def signed_in(page: Page, login: str) -> Page:
    page.goto("/sign-in")
    page.get_by_label("账号").fill(login)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(lambda address: "/sign-in" not in address)
    return page

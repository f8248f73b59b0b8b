"""The page of a batch: what a start would make, how far it is, what failed and why, and whose it is."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from reports.states import Move
from storage.filing.steps import take
from storage.filing.submissions import submit
from storage.making import jobs
from storage.making.jobs import Failure
from storage.session import reading_scope, session_scope
from storage.tables import Batch, BatchItem, BatchState, Campaign, Job, JobState, Lane, Report, Role, RosterEntry
from tests.batches import AT_ONCE, REVIEWER, jobs_of, make, now_in
from tests.orders import CLERK, answers_of, arrived, claimed
from tests.people import ARCHIVES, MARKET, as_json, ordinary_report
from tests.service.conftest import Office
from tests.service.visitors import Browser, Page, Program, told
from tests.units import collect

UNDRAWABLE = Failure("undrawable_character", "服务器的字体里没有“䶮”字。", "no font draws U+4DAE", retry=False)


@pytest.fixture
def campaign(office: Office) -> Campaign:
    """临溪县 collects the reports of 2024; one is approved, one has been sent in."""
    with session_scope(office.engine) as session:
        collected = collect(session, office.units.office, office.units.archives, office.units.market, year=2024)
        for name in (ARCHIVES, MARKET):
            submit(session, answers_of(name), CLERK, AT_ONCE)
        approve(session, office.units.market.id)
    return collected


def approve(session, unit_id: int) -> None:
    report = session.scalars(select(Report).where(Report.unit_id == unit_id)).one()
    take(session, report, Move.APPROVE, REVIEWER)


def start(reviewer: Browser, scope: str = "sent") -> Page:
    """The reviewer starts a batch and looks at its page."""
    begun = reviewer.send(reviewer.get("/batches"), "/batches", scope=scope)
    assert begun.status == 303
    return reviewer.get(begun.answer.location)


def the_batch(office: Office) -> Batch:
    with reading_scope(office.engine) as session:
        return session.scalars(select(Batch).order_by(Batch.id.desc())).first()


def fails(office: Office, job_id: int, failure: Failure = UNDRAWABLE) -> None:
    claim = claimed(office.engine, job_id, "worker")
    with session_scope(office.engine) as session:
        jobs.fail(session, claim, failure, ())


def at(office: Office, rest: str = "") -> str:
    return f"/batches/{the_batch(office).public_id}{rest}"


def test_before_there_is_a_campaign_the_page_says_what_it_will_be_for(reviewer: Browser) -> None:
    page = reviewer.get("/batches")
    assert "还没有年度填报" in page.words


def test_the_page_says_what_a_start_would_make_and_what_not(reviewer: Browser, campaign: Campaign) -> None:
    words = reviewer.get("/batches").words
    assert "审核通过的报告 1 份，其中 0 份没有变化，直接沿用 不在本批 1：已报送，尚未审核通过" in words
    assert "已报送的报告（含尚未审核的） 2 份" in words
    assert "还没有生成过" in words


def test_whoever_has_set_an_hour_for_each_year_is_reminded_of_it(
    office: Office, reviewer: Browser, campaign: Campaign
) -> None:
    assert "每年" not in reviewer.get("/batches").words
    resources = office.app.extensions["nianbao"]
    set_ = resources.settings.model_copy(update={"batch_at": "01-20 21:00"})
    office.app.extensions["nianbao"] = replace(resources, settings=set_)
    assert "每年 01-20 21:00（北京时间）自动开始一批" in reviewer.get("/batches").words


def test_a_batch_is_started_and_its_page_tells_how_far_it_is(
    office: Office, reviewer: Browser, campaign: Campaign
) -> None:
    page = start(reviewer)
    assert page.heading == "正在生成 2 份报告"
    assert "离开本页不影响生成" in page.words
    assert [tile.get("title") for tile in page.all("//*[@data-tiles]/a")] == [f"{ARCHIVES}：等待", f"{MARKET}：等待"]
    assert "第 1 批" in reviewer.get("/batches").words


def test_only_what_is_approved_is_made_unless_more_is_asked_for(
    office: Office, reviewer: Browser, campaign: Campaign
) -> None:
    page = start(reviewer, scope="approved")
    assert page.heading == "正在生成 1 份报告"
    assert "不在本批的 1 个单位" in page.words
    assert "已报送，尚未审核通过 1" in page.words


def test_without_workers_the_page_says_what_to_do(office: Office, reviewer: Browser, campaign: Campaign) -> None:
    assert "没有生成进程在运行" in start(reviewer).words
    arrived(office.engine, "worker")
    page = reviewer.get(at(office))
    assert "没有生成进程在运行" not in page.words
    assert "1 个生成进程" in page.words


def test_what_failed_comes_first_with_its_cause_and_what_to_do(
    office: Office, reviewer: Browser, campaign: Campaign
) -> None:
    start(reviewer)
    first, _ = jobs_of(office.engine, the_batch(office))
    fails(office, first)
    words = reviewer.get(at(office)).words
    assert f"失败 1 {ARCHIVES} 服务器的字体里没有“䶮”字。" in words
    assert "没有自动重试" in words
    assert "请退回报告，改好重新报送并审核后再生成。" in words
    assert f"任务编号 {first}" in words


def test_one_is_tried_again_or_all_are(office: Office, reviewer: Browser, campaign: Campaign) -> None:
    start(reviewer)
    both = jobs_of(office.engine, the_batch(office))
    for job_id in both:
        fails(office, job_id)
    page = reviewer.get(at(office))
    [market] = page.all(f"//form[.//input[@value='{office.units.market.public_id}']]")
    hidden = {one.get("name"): one.get("value") for one in market.xpath(".//input")}
    assert reviewer.post(market.get("action"), hidden).status == 303
    assert states(office, both) == [JobState.FAILED, JobState.QUEUED]
    reviewer.post(at(office, "/retry"), {"csrf_token": hidden["csrf_token"]})
    assert states(office, both) == [JobState.QUEUED, JobState.QUEUED]


def test_whoever_was_not_the_first_to_try_again_is_told(office: Office, reviewer: Browser, campaign: Campaign) -> None:
    start(reviewer)
    fails(office, jobs_of(office.engine, the_batch(office))[0])
    tab, other = reviewer.get(at(office)), reviewer.get(at(office))
    for page, is_told in ((tab, False), (other, True)):
        token = page.all("(//input[@name='csrf_token']/@value)[1]")[0]
        sent = reviewer.post(at(office, "/retry"), {"csrf_token": token})
        assert ("没有重试" in reviewer.get(sent.answer.location).words) is is_told


def states(office: Office, job_ids: list[int]) -> list[JobState]:
    with reading_scope(office.engine) as session:
        return [session.get_one(Job, job_id).state for job_id in job_ids]


def test_it_pauses_goes_on_and_is_given_up(office: Office, reviewer: Browser, campaign: Campaign) -> None:
    start(reviewer)
    for how, heading in (
        ("pause", "已暂停：2 份报告"),
        ("resume", "正在生成 2 份报告"),
        ("cancel", "已取消：2 份报告"),
    ):
        assert reviewer.send(reviewer.get(at(office)), at(office, f"/{how}")).status == 303
        assert reviewer.get(at(office)).heading == heading
    assert states(office, jobs_of(office.engine, the_batch(office))) == [JobState.CANCELLED] * 2


def test_a_button_pressed_in_another_tab_first_does_no_harm(
    office: Office, reviewer: Browser, campaign: Campaign
) -> None:
    start(reviewer)
    tab, other = reviewer.get(at(office)), reviewer.get(at(office))
    for page in (tab, other):
        assert reviewer.send(page, at(office, "/pause")).status == 303
    assert now_in(office.engine, the_batch(office)).state is BatchState.PAUSED


def test_a_second_start_leads_to_the_batch_that_is_at_work(
    office: Office, reviewer: Browser, campaign: Campaign
) -> None:
    form = reviewer.get("/batches")
    start(reviewer)
    again = reviewer.send(form, "/batches", scope="sent")
    page = reviewer.get(again.answer.location)
    assert page.heading == "正在生成 2 份报告"
    assert "没有另开一批" in page.words
    assert the_batch(office).number == 1


def test_whoever_sees_the_end_notes_it_and_the_page_says_what_is_missing(
    office: Office, reviewer: Browser, campaign: Campaign
) -> None:
    start(reviewer, scope="approved")
    make(office.engine, jobs_of(office.engine, the_batch(office)))
    page = reviewer.get(at(office))
    assert page.heading == "1 份报告全部生成"
    assert "本批已结束，还缺 1 个单位" in page.words
    assert "共用" in page.words
    assert now_in(office.engine, the_batch(office)).state is BatchState.FINISHED
    assert [link.get("href") for link in page.all("//a[contains(@href, '/archives')]")]
    assert not page.all("//*[@hx-get]")


def test_what_has_not_changed_is_taken_over_by_the_next_batch(
    office: Office, reviewer: Browser, campaign: Campaign
) -> None:
    start(reviewer, scope="approved")
    make(office.engine, jobs_of(office.engine, the_batch(office)))
    reviewer.get(at(office))
    page = start(reviewer)
    assert page.heading == "正在生成 2 份报告"
    assert "其中沿用 1 份，没有变化" in page.words


def test_a_batch_in_which_nothing_can_be_made_says_so(office: Office, reviewer: Browser, campaign: Campaign) -> None:
    with session_scope(office.engine) as session:
        session.execute(RosterEntry.__table__.delete())
    page = start(reviewer)
    assert page.heading == "没有可以生成的报告"
    assert "还没有列入任何单位" in page.words


def news(page: Page) -> str:
    """Where the page asks for news."""
    [asked] = page.all("//*[@id='batch-state']/@hx-get")
    return str(asked)


def test_a_page_that_has_seen_everything_is_left_alone(office: Office, reviewer: Browser, campaign: Campaign) -> None:
    page = start(reviewer)
    assert reviewer.get(news(page)).status == 204
    claimed(office.engine, jobs_of(office.engine, the_batch(office))[0], "worker")
    fresh = reviewer.get(news(page))
    assert fresh.status == 200
    assert fresh.all("//*[@id='batch-state']/@data-letters") == ["rw"]
    assert reviewer.get(news(fresh)).status == 204


def test_the_head_and_what_is_said_aloud_come_only_when_they_are_others(
    office: Office, reviewer: Browser, campaign: Campaign
) -> None:
    page = start(reviewer)
    first, second = jobs_of(office.engine, the_batch(office))
    claimed(office.engine, first, "worker")
    fresh = reviewer.get(news(page))
    assert not fresh.all("//*[@id='batch-head' or @id='batch-said']")
    fails(office, second)
    fresh = reviewer.get(news(fresh))
    assert fresh.all("//*[@id='batch-head']/@hx-swap-oob") == ["true"]
    assert fresh.all("//*[@id='batch-said']")[0].text_content() == "已完成约 50%，失败 1 份。"


def test_the_stages_are_told_as_soon_as_there_are_figures(
    office: Office, reviewer: Browser, campaign: Campaign
) -> None:
    assert "一份报告经过的步骤" not in start(reviewer).words
    make(office.engine, jobs_of(office.engine, the_batch(office))[:1])
    words = reviewer.get(at(office)).words
    assert "转换 PDF0.50 秒" in words


def test_units_are_found_by_result_and_by_name(office: Office, reviewer: Browser, campaign: Campaign) -> None:
    start(reviewer)
    fails(office, jobs_of(office.engine, the_batch(office))[1])
    rows = "//tbody/tr/th"
    assert [row.text_content() for row in reviewer.get(at(office, "/units")).all(rows)] == [MARKET, ARCHIVES]
    assert [row.text_content() for row in reviewer.get(at(office, "/units?show=failed")).all(rows)] == [MARKET]
    assert [row.text_content() for row in reviewer.get(at(office, "/units?like=档案")).all(rows)] == [ARCHIVES]
    assert "没有符合的单位" in reviewer.get(at(office, "/units?show=cancelled&like=%25")).words
    assert reviewer.get(at(office, "/units?show=nonsense&from=99999999999999999999")).status == 200


def test_the_story_of_a_unit_is_told(office: Office, reviewer: Browser, campaign: Campaign) -> None:
    start(reviewer, scope="approved")
    [job_id] = jobs_of(office.engine, the_batch(office))
    fails(office, job_id)
    page = reviewer.get(at(office, f"/units/{office.units.market.public_id}"))
    assert page.heading == MARKET
    assert "undrawable_character" in page.words
    assert "no font draws U+4DAE" in page.words
    left_out = reviewer.get(at(office, f"/units/{office.units.archives.public_id}"))
    assert "这个单位不在本批：已报送，尚未审核通过。" in left_out.words
    assert reviewer.get(at(office, f"/units/{office.units.elsewhere.public_id}")).status == 404


def test_a_clerk_who_wants_to_see_a_document_does_not_wait_for_the_batch(
    office: Office, clerk: Browser, program: Program
) -> None:
    with session_scope(office.engine) as session:
        collect(session, office.units.office, office.units.market, year=2024)
    taken = told(program.hand_in(as_json(ordinary_report(MARKET))))
    with session_scope(office.engine) as session:
        job = session.scalars(select(Job)).one()
        job.lane, job.on_hold = Lane.BATCH, True
    preview = f"/reports/{taken['report'].rpartition('/')[2]}/preview"
    page = clerk.get(preview)
    assert "还没有生成过文件" in page.words
    assert clerk.send(page, preview).status == 303
    with reading_scope(office.engine) as session:
        job = session.scalars(select(Job)).one()
    assert (job.lane, job.on_hold) == (Lane.PREVIEW, False)
    assert "正在生成" in clerk.get(preview).words


def test_for_anybody_else_there_is_no_batch(office: Office, reviewer: Browser, campaign: Campaign) -> None:
    start(reviewer)
    others = [
        office.visitor("clerk", (Role.CLERK, office.units.market)),
        office.visitor("elsewhere", (Role.REVIEWER, office.units.elsewhere)),
    ]
    for browser in others:
        for rest in ("", "/state", "/units", f"/units/{office.units.market.public_id}"):
            assert browser.get(at(office, rest)).status == 404


def test_nobody_starts_a_batch_of_another_office(office: Office, reviewer: Browser, campaign: Campaign) -> None:
    form = reviewer.get("/batches")
    elsewhere = office.visitor("elsewhere", (Role.REVIEWER, office.units.elsewhere))
    [token] = form.all("//form[@action='/batches']//input[@name='csrf_token']/@value")
    with elsewhere.client.session_transaction() as cookie, reviewer.client.session_transaction() as known:
        cookie["csrf_token"] = known["csrf_token"]
    fields = {"csrf_token": token, "campaign": campaign.public_id, "scope": "sent"}
    assert elsewhere.post("/batches", fields).status == 404
    assert reviewer.post("/batches", {**fields, "scope": "everything"}).status == 400


def test_a_retry_of_a_unit_that_has_no_job_is_not_there(office: Office, reviewer: Browser, campaign: Campaign) -> None:
    page = start(reviewer, scope="approved")
    [token] = page.all("(//input[@name='csrf_token']/@value)[1]")
    fields = {"csrf_token": token, "unit": office.units.archives.public_id}
    assert reviewer.post(at(office, "/retry"), fields).status == 404


def test_a_tile_stands_for_every_line_in_their_order(office: Office, reviewer: Browser, campaign: Campaign) -> None:
    page = start(reviewer)
    with reading_scope(office.engine) as session:
        count = len(session.scalars(select(BatchItem)).all())
    assert len(page.all("//*[@data-tiles]/a")) == count == len(page.all("//@data-letters")[0])

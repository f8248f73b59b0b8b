"""A reviewer sees the words before they go out, knows whom only the telephone reaches, and can take back what waits."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from service import create_app
from storage.filing.submissions import submit
from storage.post import reminders
from storage.session import reading_scope, session_scope
from storage.settings import Settings
from storage.tables import Account, AuditEvent, Campaign, Reminder, ReminderState, Role, Unit
from tests.orders import CLERK, RECIPE
from tests.people import ARCHIVES, MARKET, ordinary_report, read
from tests.service.conftest import Office
from tests.service.visitors import Browser, Page
from tests.units import collect

MAIL = {"smtp_host": "127.0.0.1", "smtp_from": "zwgk@linxi.example", "quiet_hours": ""}
SUBJECT, BODY = "请报送{年度}年报告", "{单位}：请于{截止日}前报送，{期限}。{联系方式}\n"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """An office with a mail server, awake at any hour."""
    return settings.model_copy(update=MAIL)


@pytest.fixture
def campaign(office: Office) -> Campaign:
    """Two units are expected; only one of them has an address."""
    with session_scope(office.engine) as session:
        session.get_one(Unit, office.units.market.id).email = "a@b.cn c@d.cn"
        session.get_one(Unit, office.units.archives.id).contact = "周文静 0571-8800"
        return collect(session, office.units.office, office.units.archives, office.units.market)


def both(office: Office) -> str:
    return f"{office.units.archives.public_id} {office.units.market.public_id}"


def previewed(reviewer: Browser, office: Office, **said: object) -> Page:
    fields = {"unit": both(office), "subject": SUBJECT, "body": BODY, **said}
    return reviewer.send(reviewer.get("/reminders"), "/reminders/preview", **fields)


def sent(reviewer: Browser, page: Page, body: str = BODY) -> Page:
    return reviewer.send(page, "/reminders", body=body)


def written(office: Office) -> list[Reminder]:
    with reading_scope(office.engine) as session:
        return list(session.scalars(select(Reminder).order_by(Reminder.id)))


def test_everybody_who_is_missing_is_chosen_and_the_words_are_there(reviewer: Browser, campaign: Campaign) -> None:
    page = reviewer.get("/reminders")
    assert len(page.all("//fieldset//input[@checked]")) == 2
    assert "没有邮箱，请打电话" in page.words
    assert "{单位}" in page.all("//textarea")[0].text
    assert page.all("//input[@id='subject']/@value")[0].startswith("请于{截止日}前报送")


def test_the_words_are_shown_as_they_go_out(office: Office, reviewer: Browser, campaign: Campaign) -> None:
    page = previewed(reviewer, office)
    assert "1 封邮件，1 个单位没有邮箱" in page.words
    day = f"{campaign.due_on.month}月{campaign.due_on.day}日"
    assert f"{MARKET}：请于{day}前报送，还有" in page.words
    assert "王敏 0571-8800" in page.words
    assert "收件人：a@b.cn c@d.cn" in page.words
    assert f"{ARCHIVES} 周文静 0571-8800" in page.words
    assert written(office) == []


def test_what_was_looked_at_is_queued_and_on_record(office: Office, reviewer: Browser, campaign: Campaign) -> None:
    assert sent(reviewer, previewed(reviewer, office)).status == 303
    [one] = written(office)
    assert (one.to, one.state, one.made_by) == ("a@b.cn c@d.cn", ReminderState.QUEUED, "account:limin")
    assert (one.subject, one.body.startswith(f"{MARKET}：请于")) == ("请报送2025年报告", True)
    with reading_scope(office.engine) as session:
        assert session.scalars(select(AuditEvent).where(AuditEvent.action == "reminders.queued")).one()
    assert "1 封催报已排好，马上发出" in reviewer.get("/reminders").words


def test_the_second_click_sends_nothing(office: Office, reviewer: Browser, campaign: Campaign) -> None:
    page = previewed(reviewer, office)
    sent(reviewer, page)
    sent(reviewer, page)
    assert len(written(office)) == 1
    assert "没有重复催" in reviewer.get("/reminders").words


def test_the_addresses_of_the_units_people_count_too(office: Office, reviewer: Browser, campaign: Campaign) -> None:
    for login, role, unit, email in (
        ("wang", Role.CLERK, office.units.market, "A@x.cn"),
        ("zhou", Role.HEAD, office.units.market, "a@b.cn"),
        ("gone", Role.CLERK, office.units.market, "gone@x.cn"),
        ("other", Role.CLERK, office.units.elsewhere, "other@x.cn"),
    ):
        person = office.person(login, (role, unit))
        with session_scope(office.engine) as session:
            account = session.get_one(Account, person.account_id)
            account.email = email
            account.disabled_at = datetime.now(UTC) if login == "gone" else None
    sent(reviewer, previewed(reviewer, office))
    assert written(office)[0].to == "a@b.cn c@d.cn A@x.cn"


def test_who_has_filed_meanwhile_is_not_written_to(office: Office, reviewer: Browser, campaign: Campaign) -> None:
    page = previewed(reviewer, office)
    with session_scope(office.engine) as session:
        submit(session, read(ordinary_report(MARKET, 2025)), CLERK, RECIPE)
    sent(reviewer, page)
    assert written(office) == []
    assert "没有要发的" in reviewer.get("/reminders").words


@pytest.mark.parametrize(
    ("said", "field", "sentence"),
    [
        ({"body": "{名字}你好"}, "body", "不认识“{名字}”"),
        ({"body": " "}, "body", "标题和正文都要写"),
        ({"subject": ""}, "subject", "标题和正文都要写"),
        ({"subject": "题" * 121}, "subject", "最多 120 个字"),
        ({"body": "文" * 5001}, "body", "最多 5000 个字"),
        ({"unit": ""}, "unit", "没有选择单位"),
    ],
)
def test_what_cannot_be_sent_is_told_and_what_was_typed_stays(
    office: Office, reviewer: Browser, campaign: Campaign, said: dict[str, str], field: str, sentence: str
) -> None:
    page = previewed(reviewer, office, **said)
    assert (page.status, sentence in page.words) == (422, True)
    assert page.all(f"//a[@href='#{field}']")
    assert page.all("//textarea")[0].text.strip() == said.get("body", BODY).strip()
    assert written(office) == []


def test_a_subject_of_two_lines_is_one(office: Office, reviewer: Browser, campaign: Campaign) -> None:
    page = previewed(reviewer, office, subject="请报送\r\nBcc: all@x.cn")
    sent(reviewer, page)
    assert written(office)[0].subject == "请报送 Bcc: all@x.cn"


def test_braces_that_a_name_brings_are_only_letters(office: Office, reviewer: Browser, campaign: Campaign) -> None:
    with session_scope(office.engine) as session:
        session.get_one(Unit, office.units.office.id).contact = "{单位}{0.__class__}"
    sent(reviewer, previewed(reviewer, office))
    assert "{单位}{0.__class__}" in written(office)[0].body


def test_what_waits_can_be_taken_back_and_what_left_cannot(
    office: Office, reviewer: Browser, campaign: Campaign
) -> None:
    sent(reviewer, previewed(reviewer, office))
    page = reviewer.get("/reminders")
    [one, all_] = page.all("//form[@action='/reminders/cancel']")[::-1]
    assert one.xpath(".//input[@name='reminder']/@value") == [written(office)[0].public_id]
    fields = {field.get("name"): field.get("value") for field in all_.xpath(".//input")}
    reviewer.post("/reminders/cancel", fields)
    assert written(office)[0].state is ReminderState.CANCELLED
    reviewer.post("/reminders/cancel", fields)
    assert "已经发出的收不回来" in reviewer.get("/reminders").words


def test_the_log_says_in_words_what_became_of_each(office: Office, reviewer: Browser, campaign: Campaign) -> None:
    sent(reviewer, previewed(reviewer, office))
    with session_scope(office.engine) as session:
        claimed = reminders.claim(session)
        assert claimed is not None
        reminders.give_up(session, claimed, ReminderState.UNCERTAIN, "sender_lost", "请打电话确认。")
    page = reviewer.get("/reminders")
    for said in ("不知是否送达", "请打电话确认。", "limin先生", "请报送2025年报告"):
        assert said in page.words


def test_during_quiet_hours_they_wait(office: Office, reviewer: Browser, campaign: Campaign, asleep: Browser) -> None:
    page = previewed(asleep, office)
    assert "现在是安静时段" in page.words
    sent(asleep, page)
    [one] = written(office)
    assert one.not_before > datetime.now(UTC) + timedelta(minutes=30)
    assert "以后发出" in asleep.get("/reminders").words


@pytest.fixture
def asleep(office: Office) -> Browser:
    """The same reviewer, in an office where it is quiet for two hours more."""
    here = datetime.now(UTC) + timedelta(hours=8)
    quiet = f"{(here - timedelta(hours=1)):%H:%M}-{(here + timedelta(hours=2)):%H:%M}"
    app = another(office, quiet_hours=quiet)
    return Browser(app.test_client()).enter(
        office.engine, office.person("asleep", (Role.REVIEWER, office.units.office))
    )


def another(office: Office, **changed: str) -> Flask:
    """The same office with other settings, on the same database and engine."""
    app = create_app(office.settings.model_copy(update=changed))
    app.extensions["nianbao"].engine.dispose()
    return app


def test_without_a_mail_server_nothing_is_queued(office: Office, campaign: Campaign) -> None:
    app = another(office, smtp_host="")
    person = office.person("mute", (Role.REVIEWER, office.units.office))
    mute = Browser(app.test_client()).enter(office.engine, person)
    page = mute.get("/reminders")
    assert "邮件还不能发" in page.words
    look = mute.send(page, "/reminders/preview", unit=both(office), subject=SUBJECT, body=BODY)
    assert look.all("//button[contains(@class, 'main')]") == []
    refused = sent(mute, look)
    assert (refused.status, "请用电话催报" in refused.words, written(office)) == (422, True, [])
    app.extensions["nianbao"].engine.dispose()


def test_who_has_no_address_is_on_the_list_to_be_called(reviewer: Browser, campaign: Campaign) -> None:
    assert [row.text_content() for row in reviewer.get("/reminders/calls").all("//tbody//th")] == [ARCHIVES]
    assert len(reviewer.get("/reminders/calls?all=1").all("//tbody//th")) == 2
    assert "周文静 0571-8800" in reviewer.get("/reminders/calls").words


def test_another_office_reminds_nobody_here(office: Office, reviewer: Browser, campaign: Campaign) -> None:
    other = office.visitor("other", (Role.REVIEWER, office.units.elsewhere))
    assert other.get(f"/reminders?campaign={campaign.public_id}").status == 404
    assert other.get(f"/reminders/calls?campaign={campaign.public_id}").status == 404
    [token] = set(other.get("/units/new").all("//main//input[@name='csrf_token']/@value"))
    fields = {"csrf_token": token, "campaign": campaign.public_id, "unit": both(office), "subject": "x", "body": "y"}
    for path in ("/reminders", "/reminders/preview", "/reminders/edit", "/reminders/cancel"):
        assert other.post(path, fields).status == 404
    assert written(office) == []


def test_units_of_another_office_are_passed_over(office: Office, reviewer: Browser, campaign: Campaign) -> None:
    refused = previewed(reviewer, office, unit=office.units.elsewhere.public_id)
    assert (refused.status, "没有选择单位" in refused.words) == (422, True)


def test_clerks_remind_nobody(clerk: Browser, head: Browser, administrator: Browser, campaign: Campaign) -> None:
    for somebody in (clerk, head, administrator):
        assert somebody.get("/reminders").status == 404
        assert somebody.get("/reminders/calls").status == 404


def test_who_goes_back_finds_the_words_as_they_were(office: Office, reviewer: Browser, campaign: Campaign) -> None:
    page = previewed(reviewer, office, body="请接电话。{单位}")
    [form] = page.all("//form[@action='/reminders']")
    fields = {one.get("name"): one.get("value") for one in form.xpath(".//input[@type='hidden']")}
    back = reviewer.post("/reminders/edit", {**fields, "body": "请接电话。{单位}"})
    assert back.all("//textarea")[0].text.strip() == "请接电话。{单位}"
    assert len(back.all("//fieldset//input[@checked]")) == 2

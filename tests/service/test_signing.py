"""Where a unit has a head, what its clerk sends goes to the head first, who sends it in or gives it back."""

from sqlalchemy import select

from storage.clock import now
from storage.session import session_scope
from storage.tables import Account, Field, ReportState, Submission
from tests.printing import pdf_with
from tests.racing import race
from tests.service.conftest import Office
from tests.service.drafts import DECLARED, job_of, ready, send, state_of
from tests.service.visitors import Browser, Page


def asked(clerk: Browser, public_id: str) -> Page:
    """The clerk asks the head."""
    path = f"/reports/{public_id}/send"
    return clerk.send(clerk.get(path), path, declared="yes", remark="数据已核对")


def decide(head: Browser, public_id: str, **said: str) -> Page:
    """The head sends one of the two forms of the page."""
    path = f"/reports/{public_id}/sign"
    token = head.get(path).all("//meta[@name='csrf-token']/@content")[0]
    return head.post(path, {"csrf_token": token, **said})


def test_the_clerk_sends_to_the_head_by_name(office: Office, clerk: Browser, head: Browser) -> None:
    public_id = ready(office)
    page = clerk.get(f"/reports/{public_id}/send")
    assert [one.text for one in page.all("//main//aside//button")] == ["送审签人"]
    assert "zhouping先生审签后报送" in page.words
    assert asked(clerk, public_id).answer.location.startswith("/?unit=")
    assert state_of(office, public_id) is ReportState.SIGNING
    home = clerk.get("/")
    assert "已送zhouping先生审签" in home.words
    assert home.all(f"//form[@action='/reports/{public_id}/withdraw']")


def test_the_head_sees_what_was_asked_and_the_document(office: Office, clerk: Browser, head: Browser) -> None:
    public_id = ready(office)
    clerk.send(clerk.get(f"/reports/{public_id}/preview"), f"/reports/{public_id}/preview")
    office.make(job_of(office, public_id), pdf=pdf_with("一、总体情况"))
    asked(clerk, public_id)
    home = head.get("/")
    assert "请您审签" in home.words
    assert home.all("//a[text()='去审签']/@href") == [f"/reports/{public_id}/sign"]
    page = head.get(f"/reports/{public_id}/sign")
    assert "wangfang先生" in page.words
    assert "数据已核对" in page.words
    assert "一、本年新收" in page.words
    assert len(page.all("//ol[@class='pages']//img")) == 8
    assert page.all("//input[@id='filler']/@value") == ["wangfang先生"]
    assert page.all("//input[@id='checker']/@value") == ["zhouping先生"]


def test_the_head_sends_it_in(office: Office, clerk: Browser, head: Browser) -> None:
    public_id = ready(office)
    asked(clerk, public_id)
    answer = decide(head, public_id, go="send", **DECLARED).answer
    assert answer.location == f"/reports/{public_id}/receipt"
    assert state_of(office, public_id) is ReportState.SUBMITTED
    steps = clerk.get(f"/reports/{public_id}/receipt").all("//ol[@class='steps']//b/text()")
    assert steps == ["报送", "送审签人"]


def test_the_head_gives_it_back_with_a_word(office: Office, clerk: Browser, head: Browser) -> None:
    public_id = ready(office)
    asked(clerk, public_id)
    silent = decide(head, public_id, go="back", remark=" ")
    assert silent.status == 422
    assert "请写明要改什么，填报人会看到" in silent.words
    assert silent.all("//input[@id='filler']/@value") == ["wangfang先生"], "the other form is as it was"
    assert state_of(office, public_id) is ReportState.SIGNING
    decide(head, public_id, go="back", remark="请补充第五部分的措施")
    assert state_of(office, public_id) is ReportState.DRAFT
    home = clerk.get("/")
    assert "zhouping先生审签时退回，请修改" in home.words
    assert "请补充第五部分的措施" in home.words
    assert asked(clerk, public_id).status == 303


def test_the_clerk_can_take_it_back_from_the_head(office: Office, clerk: Browser, head: Browser) -> None:
    public_id = ready(office)
    asked(clerk, public_id)
    clerk.send(clerk.get("/"), f"/reports/{public_id}/withdraw")
    assert state_of(office, public_id) is ReportState.DRAFT
    assert head.get(f"/reports/{public_id}/sign").answer.location.startswith("/?unit="), "there is nothing to sign"


def test_without_the_tick_nobody_is_asked(office: Office, clerk: Browser, head: Browser) -> None:
    public_id = ready(office)
    path = f"/reports/{public_id}/send"
    page = clerk.send(clerk.get(path), path, remark="请审签")
    assert page.status == 422
    assert page.all("//textarea[@id='remark']")[0].text == "请审签"
    assert state_of(office, public_id) is ReportState.DRAFT


def test_twenty_clicks_of_the_head_send_it_once(office: Office, clerk: Browser, head: Browser) -> None:
    public_id = ready(office)
    asked(clerk, public_id)
    token = head.get(f"/reports/{public_id}/sign").all("//meta[@name='csrf-token']/@content")[0]
    with head.client.session_transaction() as known:
        cookie = dict(known)

    def click(_number: int) -> int:
        browser = Browser(office.app.test_client())
        with browser.client.session_transaction() as session:
            session.update(cookie)
        return browser.post(
            f"/reports/{public_id}/sign", {"csrf_token": token, "go": "send", **DECLARED}
        ).answer.status_code

    assert set(race(20, click)) == {303}
    with session_scope(office.engine) as session:
        assert len(session.scalars(select(Submission)).all()) == 1


def test_what_has_errors_is_not_sent_by_the_head_either(office: Office, clerk: Browser, head: Browser) -> None:
    public_id = ready(office)
    asked(clerk, public_id)
    with session_scope(office.engine) as session:
        # Nothing can be typed while it is being signed; a rule that is new may still find something.
        field = session.scalars(select(Field).where(Field.name == "requests.received.natural_person")).one()
        field.value = "13"
    page = decide(head, public_id, go="send", **DECLARED)
    assert page.status == 422
    assert "请退回填报人补充" in page.words


def test_a_head_who_fills_in_sends_without_asking_himself(office: Office, head: Browser) -> None:
    public_id = ready(office)
    send(head, public_id)
    assert state_of(office, public_id) is ReportState.SUBMITTED


def test_a_head_out_of_force_need_not_be_asked(office: Office, clerk: Browser, head: Browser) -> None:
    with session_scope(office.engine) as session:
        session.scalars(select(Account).where(Account.login == "zhouping")).one().disabled_at = session.scalars(
            select(now())
        ).one()
    public_id = ready(office)
    send(clerk, public_id)
    assert state_of(office, public_id) is ReportState.SUBMITTED


def test_the_clerk_does_not_sign(office: Office, clerk: Browser, head: Browser) -> None:
    public_id = ready(office)
    asked(clerk, public_id)
    assert clerk.get(f"/reports/{public_id}/sign").status == 404
    assert clerk.get(f"/reports/{public_id}/send").answer.location.startswith("/?unit=")

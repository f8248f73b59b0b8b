"""What was typed to send a report in, or give it back, is not lost when the session runs out; nothing is done by it."""

import pytest
from sqlalchemy import delete

from storage.people.accounts import find_account, load_person
from storage.people.passwords import hashed, set_password
from storage.session import session_scope
from storage.tables import LoginSession, ReportState
from tests.service.conftest import Office
from tests.service.drafts import DECLARED, ready, state_of
from tests.service.visitors import Browser, Page

PASSWORD = "银杏-Ginkgo-1987"


def has_password(office: Office, browser: Browser, login: str) -> Browser:
    """Somebody who is signed in, and could do so again."""
    kept = hashed(PASSWORD)
    with session_scope(office.engine) as session:
        account = find_account(session, login)
        assert account is not None
        set_password(session, account, kept, "operator:root")
        person = load_person(session, account.id)
    assert person is not None
    return browser.enter(office.engine, person)


def signed_out(office: Office) -> None:
    with session_scope(office.engine) as session:
        session.execute(delete(LoginSession))


def form_of(page: Page, go: str = "") -> dict[str, str]:
    """What a form of the page holds before anybody types."""
    forms = page.all("//main//aside//form")
    [form] = [one for one in forms if not go or one.xpath(f".//input[@name='go' and @value='{go}']")]
    return {one.get("name"): one.get("value", "") for one in form.xpath(".//input[@type='hidden']")}


def in_again(browser: Browser, door: Page, login: str) -> Page:
    """Through the door that stands in the way, and with one press on to where one was."""
    [form] = door.all("//form[.//input[@type='password']]")
    held = {one.get("name"): one.get("value", "") for one in form.xpath(".//input[@name]")}
    between = browser.post(form.get("action"), {**held, "login": login, "password": PASSWORD})
    assert [one.text for one in between.all("//form[@class='resend']//button")] == ["带着填写的内容回到刚才的页面"]
    return resent(browser, between)


def resent(browser: Browser, page: Page) -> Page:
    [form] = page.all("//form[@class='resend']")
    return browser.post(form.get("action"), {one.get("name"): one.get("value") for one in form.xpath(".//input")})


def typed_on(page: Page) -> dict[str, str]:
    fields = {one.get("name"): one.get("value") for one in page.all("//aside//input[@type='text']")}
    texts = {one.get("name"): one.text or "" for one in page.all("//aside//textarea")}
    ticked = {"declared": "yes"} if page.all("//aside//input[@name='declared' and @checked]") else {}
    return fields | texts | ticked


def test_who_declared_and_was_signed_out_finds_it_all_in_the_form_again(office: Office, clerk: Browser) -> None:
    public_id = ready(office)
    has_password(office, clerk, "wangfang")
    path = f"/reports/{public_id}/send"
    held = form_of(clerk.get(path))
    signed_out(office)
    back = in_again(clerk, clerk.post(path, {**held, **DECLARED}), "wangfang")
    assert (back.status, back.heading) == (200, "核对并报送")
    assert typed_on(back) == DECLARED
    assert state_of(office, public_id) is ReportState.DRAFT, "nobody has pressed 报送 yet"
    assert clerk.send(back, path, **DECLARED).answer.location == f"/reports/{public_id}/receipt"


def test_a_word_to_the_head_is_not_lost(office: Office, clerk: Browser, head: Browser) -> None:
    public_id = ready(office)
    has_password(office, clerk, "wangfang")
    path = f"/reports/{public_id}/send"
    held = form_of(clerk.get(path))
    signed_out(office)
    back = in_again(clerk, clerk.post(path, {**held, "remark": "数据已核对两遍", "declared": "yes"}), "wangfang")
    assert typed_on(back) == {"remark": "数据已核对两遍", "declared": "yes"}
    assert state_of(office, public_id) is ReportState.DRAFT


@pytest.mark.parametrize(("go", "said"), [("back", {"remark": "第三部分少一件"}), ("send", DECLARED)])
def test_what_the_head_was_about_to_say_is_not_lost(
    office: Office, clerk: Browser, head: Browser, go: str, said: dict[str, str]
) -> None:
    public_id = ready(office)
    clerk.send(clerk.get(f"/reports/{public_id}/send"), f"/reports/{public_id}/send", declared="yes")
    has_password(office, head, "zhouping")
    path = f"/reports/{public_id}/sign"
    held = form_of(head.get(path), go)
    signed_out(office)
    back = in_again(head, head.post(path, {**held, **said}), "zhouping")
    assert back.heading == "审签"
    assert said.items() <= typed_on(back).items()
    assert state_of(office, public_id) is ReportState.SIGNING, "nobody has decided yet"


@pytest.mark.parametrize("page", ["send", "sign"])
def test_who_was_overtaken_meanwhile_is_led_to_where_the_report_is(
    office: Office, clerk: Browser, head: Browser, page: str
) -> None:
    public_id = ready(office)
    asking = clerk.get(f"/reports/{public_id}/send")
    clerk.send(asking, f"/reports/{public_id}/send", declared="yes")
    path, browser = f"/reports/{public_id}/{page}", clerk if page == "send" else head
    token = head.get(f"/reports/{public_id}/sign").all("//meta[@name='csrf-token']/@content")[0]
    if page == "sign":
        clerk.send(clerk.get("/"), f"/reports/{public_id}/withdraw")
    else:
        token = form_of_token(asking)
    answer = browser.post(path, {"csrf_token": token, "remark": "x", "shown": "yes"})
    assert (answer.status, answer.answer.location.startswith("/?unit=")) == (303, True)


def form_of_token(page: Page) -> str:
    return str(page.all("//meta[@name='csrf-token']/@content")[0])


def test_a_page_whose_token_died_leads_back_as_well(office: Office, clerk: Browser) -> None:
    public_id = ready(office)
    path = f"/reports/{public_id}/send"
    held = form_of(clerk.get(path))
    with clerk.client.session_transaction() as cookie:
        del cookie["csrf_token"]
    refused = clerk.post(path, {**held, **DECLARED})
    assert refused.status == 400
    assert typed_on(resent(clerk, refused)) == DECLARED
    assert state_of(office, public_id) is ReportState.DRAFT

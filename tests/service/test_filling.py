"""The form without a script: section by section, typed, kept, told, and nothing of it ever lost."""

import json
from collections.abc import Callable

import pytest

from reports.admitting import Change
from reports.states import ReportState
from service.sections import Progress
from storage.filing import fields
from storage.filing.reports import report_for
from storage.filing.submissions import submit
from storage.making.recipes import recipe_for
from storage.people import passwords
from storage.people.accounts import find_account, load_person
from storage.session import reading_scope, session_scope
from storage.tables import LoginSession, Report, Role
from tests.people import DEFINITIONS, annual, ordinary_report, read
from tests.service.conftest import Office
from tests.service.visitors import Browser, Page
from tests.service.without_script import press, resend, send, standing_in

SOMEBODY = "account:somebody"
RECEIVED = "requests.received.natural_person"
CARRIED_IN = "requests.carried_in.natural_person"


@pytest.fixture
def report(office: Office) -> Report:
    """The market bureau's report of 2024, nothing typed into it yet."""
    with session_scope(office.engine) as session:
        return report_for(session, office.units.market, annual(), 2024)


@pytest.fixture
def page(clerk: Browser, report: Report) -> Callable[[str], Page]:
    """The form of one section."""
    return lambda section: clerk.get(f"/reports/{report.public_id}/fill/{section}")


@pytest.fixture
def kept(office: Office, report: Report) -> Callable[[], dict[str, str]]:
    """What is kept of the report, by name."""

    def read_them() -> dict[str, str]:
        with reading_scope(office.engine) as session:
            return {name: one.value for name, one in fields.fields_of(session, report).items()}

    return read_them


@pytest.fixture
def fill_in(office: Office, report: Report) -> Callable[..., None]:
    """Somebody else types into the report."""

    def type_them(values: dict[str, str]) -> None:
        with session_scope(office.engine) as session:
            changes = [Change(name, value, "", None) for name, value in values.items()]
            fields.save(session, report, changes, SOMEBODY, annual())

    return type_them


@pytest.fixture
def whole(office: Office, report: Report) -> None:
    """An ordinary report, everything filled in and adding up."""
    with session_scope(office.engine) as session:
        fields.replace(session, report, read(ordinary_report()), SOMEBODY)


@pytest.fixture
def last_year(office: Office) -> None:
    """The report of 2023, sent in."""
    answers = read(ordinary_report(year=2023))
    with session_scope(office.engine) as session:
        submit(session, answers, SOMEBODY, recipe_for(DEFINITIONS, answers.definition))


def put(office: Office, report: Report, state: ReportState) -> None:
    with session_scope(office.engine) as session:
        session.get_one(Report, report.id).state = state


def state_of(page: Page) -> dict:
    return json.loads(page.all("//script[@id='state']/text()")[0])


def at(page: Page) -> str:
    return str(page.answer.location)


# Typing and keeping


def test_what_is_typed_is_kept_and_there_again(clerk, page, kept):
    text = "第一段。\n第二段。"
    sent = press(clerk, page("overview"), "save", {"overview.proactive": text})
    assert sent.status == 303
    assert kept() == {"overview.proactive": text}
    again = clerk.get(at(sent))
    assert standing_in(again)["overview.proactive"] == text
    assert "已保存" in again.all("//*[@data-save-state]")[0].text


def test_figures_are_kept_as_they_were_typed_and_totals_added_up(clerk, page, kept):
    row = {f"requests.received.{column}": "0" for column in ("natural_person", *LEGAL)} | {RECEIVED: "１，２３４件"}
    again = clerk.get(at(press(clerk, page("requests"), "save", row)))
    assert kept()[RECEIVED] == "１，２３４件"
    [total] = again.all("//output[@id='requests.received.total']")
    assert total.text == "1234"


def test_only_what_was_typed_is_sent_so_that_a_colleague_in_the_same_section_is_not_disturbed(
    clerk, page, kept, fill_in
):
    open_page = page("requests")
    fill_in({CARRIED_IN: "7"})
    sent = press(clerk, open_page, "save", {RECEIVED: "12"})
    assert sent.status == 303
    assert kept() == {CARRIED_IN: "7", RECEIVED: "12"}


def test_two_who_fill_one_field_are_both_shown_and_nobody_is_overwritten(clerk, page, kept, fill_in):
    open_page = page("requests")
    fill_in({RECEIVED: "11"})
    refused = press(clerk, open_page, "save", {RECEIVED: "12", CARRIED_IN: "1"})
    assert refused.status == 409
    assert kept() == {RECEIVED: "11", CARRIED_IN: "1"}, "the rest is kept"
    assert [one.text for one in refused.all("//section[@id='trouble']//pre")] == ["11", "12"]
    assert standing_in(refused)[RECEIVED] == "12", "what was typed stands in its field"
    assert refused.title.startswith("错误：")


def test_whoever_has_seen_both_may_keep_the_own_one(clerk, page, kept, fill_in):
    open_page = page("requests")
    fill_in({RECEIVED: "11"})
    refused = press(clerk, open_page, "save", {RECEIVED: "12"})
    assert press(clerk, refused, "save").status == 303
    assert kept()[RECEIVED] == "12"


def test_whoever_has_seen_both_may_take_the_other_one(clerk, page, kept, fill_in):
    open_page = page("requests")
    fill_in({RECEIVED: "11"})
    refused = press(clerk, open_page, "save", {RECEIVED: "12"})
    assert press(clerk, refused, f"take:{RECEIVED}").status == 303
    assert kept()[RECEIVED] == "11"


def test_what_no_field_can_hold_is_shown_again_with_the_reason_and_the_rest_is_kept(clerk, page, kept):
    long = "9" * 65
    refused = press(clerk, page("requests"), "save", {RECEIVED: long, CARRIED_IN: "1"})
    assert refused.status == 409
    assert kept() == {CARRIED_IN: "1"}
    assert standing_in(refused)[RECEIVED] == long
    assert "64" in refused.words


def test_what_is_no_figure_is_kept_and_called_so(clerk, page, kept):
    again = clerk.get(at(press(clerk, page("requests"), "save", {RECEIVED: "十来件"})))
    assert kept() == {RECEIVED: "十来件"}
    [control] = again.all(f"//input[@id='{RECEIVED}']")
    assert control.get("aria-invalid") == "true"
    told = again.all(f"//*[@id='{control.get('aria-describedby')}']")[0].text_content()
    assert "十来件" in told


def test_a_note_can_stand_behind_a_total_too(clerk, page, office, report):
    sent = press(clerk, page("requests"), "save", {"note:requests.received.total": "其中信函3件"})
    with reading_scope(office.engine) as session:
        assert fields.fields_of(session, report)["requests.received.total"].note == "其中信函3件"
    assert "（其中信函3件）" in clerk.get(at(sent)).words


def test_the_longest_section_is_taken_in_one_go(clerk, page, kept):
    longest = {text: "字" * 30_000 for text in annual().texts if text.startswith("overview.")}
    assert press(clerk, page("overview"), "save", longest).status == 303
    assert kept() == longest


LEGAL = [f"legal_person.{one}" for one in ("company", "research", "charity", "law_firm", "other")]


# Buttons


def test_zeros_go_into_blank_cells_only(clerk, page, kept):
    sent = press(clerk, page("disputes"), "zeros", {"disputes.cases.review.upheld": "3"})
    values = kept()
    assert values.pop("disputes.cases.review.upheld") == "3"
    assert set(values.values()) == {"0"}
    assert len(values) == 11, "totals are not typed"
    assert "空白的格填为 0" in clerk.get(at(sent)).words


def test_on_leads_through_the_sections_and_then_to_what_is_left(clerk, page, report):
    keys = [section.key for section in annual().sections]
    for here, there in zip(keys, [*keys[1:], None], strict=True):
        expected = f"/fill/{there}" if there else "/findings"
        assert at(press(clerk, page(here), "next")) == f"/reports/{report.public_id}{expected}"


def test_preview_saves_first(clerk, page, kept, report):
    sent = press(clerk, page("requests"), "preview", {RECEIVED: "5"})
    assert at(sent) == f"/reports/{report.public_id}/preview"
    assert kept() == {RECEIVED: "5"}


@pytest.mark.usefixtures("last_year")
def test_last_years_text_is_taken_over_where_nothing_stands_yet(clerk, page, kept):
    open_page = page("other")
    assert "2023年未收取信息处理费。" in open_page.all("//*[@class='was-text']")[0].text_content()
    press(clerk, open_page, "adopt:other.matters")
    assert kept() == {"other.matters": "2023年未收取信息处理费。"}
    assert "adopt:other.matters" not in page("other").all("//button/@value")


@pytest.mark.usefixtures("last_year")
def test_last_years_text_never_replaces_what_was_typed_meanwhile(clerk, page, kept):
    press(clerk, page("other"), "adopt:other.matters", {"other.matters": "今年收了 20 元。"})
    assert kept() == {"other.matters": "今年收了 20 元。"}


@pytest.mark.usefixtures("last_year")
def test_last_years_figures_stand_beside(clerk, page, report):
    shown = clerk.get(f"/reports/{report.public_id}/fill/requests?was=1")
    [was] = shown.all(f"//td[@data-cell='{RECEIVED}']/*[@data-was]")
    assert was.text_content() == "上年12"
    assert was.get("hidden") is None
    assert page("requests").all(f"//td[@data-cell='{RECEIVED}']/*[@data-was]")[0].get("hidden") == ""


@pytest.mark.usefixtures("last_year", "whole")
def test_a_gap_is_explained_and_mended_by_one_button(clerk, page, kept, fill_in):
    fill_in({CARRIED_IN: "3"})
    open_page = page("requests")
    told = open_page.all("//li[contains(@class, 'bad')]")[0]
    assert "改为 1 " in told.text_content()
    [button] = {one for one in open_page.all("//button/@value") if one.startswith("mend:")}
    again = clerk.get(at(press(clerk, open_page, button)))
    assert kept()[CARRIED_IN] == "1"
    assert "这一部分没有发现问题。" in again.words


@pytest.mark.usefixtures("last_year", "whole")
def test_a_mend_never_goes_over_what_somebody_typed_meanwhile(clerk, page, kept, fill_in):
    fill_in({CARRIED_IN: "3"})
    open_page = page("requests")
    fill_in({CARRIED_IN: "4"})
    [button] = {one for one in open_page.all("//button/@value") if one.startswith("mend:")}
    assert press(clerk, open_page, button).status == 409
    assert kept()[CARRIED_IN] == "4"


# Findings and reasons


@pytest.mark.usefixtures("last_year", "whole")
@pytest.mark.parametrize("where", ["fill/proactive", "findings"])
def test_a_reason_is_given_where_the_finding_stands(clerk, report, kept, fill_in, where):
    fill_in({"article_20_1.normative_documents.in_force": "20"})
    reason = "X2@article_20_1.normative_documents.in_force"
    open_page = clerk.get(f"/reports/{report.public_id}/{where}")
    assert word_of(open_page, "proactive") == "需说明"
    again = clerk.get(at(press(clerk, open_page, "save", {reason: "清理时发现以往漏计。"})))
    assert kept()[reason] == "清理时发现以往漏计。"
    assert standing_in(again)[reason] == "清理时发现以往漏计。"
    assert word_of(again, "proactive") == "完成"


@pytest.mark.usefixtures("whole")
def test_every_finding_is_listed_and_leads_to_its_cell(clerk, report, fill_in):
    fill_in({RECEIVED: "13", "overview.proactive": "", "article_20_6.penalties.handled": "-3"})
    listed = clerk.get(f"/reports/{report.public_id}/findings")
    assert word_of(listed, "overview") == "填写中"
    assert word_of(listed, "requests") == "1 处错误"
    assert word_of(listed, "proactive") == "1 处错误"
    for link in listed.all("//a[@data-jump]"):
        there = clerk.get(link.get("href").partition("#")[0])
        assert there.all(f"//*[@id='{link.get('data-jump')}']")


def word_of(page: Page, section: str) -> str:
    [tag] = page.all(f"//a[@data-part='{section}']/em")
    return str(tag.text)


def test_the_form_opens_where_something_is_left_to_do(clerk, report, whole, fill_in):
    assert at(clerk.get(f"/reports/{report.public_id}/fill")).endswith("/fill/overview")
    fill_in({"problems.found": ""})
    assert at(clerk.get(f"/reports/{report.public_id}/fill")).endswith("/fill/problems")


# Interrupted


def sign_out_everywhere(office: Office) -> None:
    with session_scope(office.engine) as session:
        for one in session.query(LoginSession):
            session.delete(one)


PASSWORD = "银杏-Ginkgo-1987"


@pytest.fixture
def password(office: Office, clerk: Browser) -> None:
    """The clerk has a password to sign in with."""
    kept = passwords.hashed(PASSWORD)
    with session_scope(office.engine) as session:
        account = find_account(session, "wangfang")
        assert account is not None
        passwords.set_password(session, account, kept, SOMEBODY)
        person = load_person(session, account.id)
    # A new password ends every session.
    assert person is not None
    clerk.enter(office.engine, person)


def sign_in(clerk: Browser, door: Page, password: str) -> Page:
    """Fill in the sign-in page that stands in the way."""
    [form] = door.all("//form[.//input[@type='password']]")
    held = {one.get("name"): one.get("value", "") for one in form.xpath(".//input[@name]")}
    return send(clerk, form.get("action"), {**held, "login": "wangfang", "password": password})


@pytest.mark.usefixtures("password")
def test_an_expired_session_loses_nothing_of_what_was_typed(office, clerk, page, kept):
    typed = {"overview.proactive": "写了很久。\n“<b>”&amp;", "overview.platform": "还有这些。"}
    open_page = page("overview")
    sign_out_everywhere(office)
    door = press(clerk, open_page, "save", typed)
    assert door.status == 401
    assert "没有丢失" in door.words
    assert kept() == {}
    after = sign_in(clerk, door, PASSWORD)
    assert after.heading == "已登录，还差一步"
    assert resend(clerk, after).status == 303
    assert kept() == typed


@pytest.mark.usefixtures("password")
def test_a_wrong_password_loses_nothing_either(office, clerk, page, kept):
    open_page = page("overview")
    sign_out_everywhere(office)
    door = press(clerk, open_page, "save", {"overview.proactive": "写了很久。"})
    refused = sign_in(clerk, door, "wrong")
    assert refused.status == 401
    assert resend(clerk, sign_in(clerk, refused, PASSWORD)).status == 303
    assert kept() == {"overview.proactive": "写了很久。"}


@pytest.mark.usefixtures("password")
def test_not_even_a_password_that_is_due_loses_what_was_typed(office, clerk, page, kept):
    open_page = page("overview")
    with session_scope(office.engine) as session:
        find_account(session, "wangfang").must_change = True
    stopped = press(clerk, open_page, "save", {"overview.proactive": "写了很久。"})
    assert stopped.status == 403
    assert kept() == {}
    with session_scope(office.engine) as session:
        find_account(session, "wangfang").must_change = False
    assert resend(clerk, stopped).status == 303
    assert kept() == {"overview.proactive": "写了很久。"}


def test_a_page_whose_token_died_can_be_sent_again(clerk, page, kept):
    open_page = page("overview")
    with clerk.client.session_transaction() as cookie:
        del cookie["csrf_token"]
    refused = press(clerk, open_page, "save", {"overview.proactive": "写了很久。"})
    assert refused.status == 400
    assert kept() == {}
    assert resend(clerk, refused).status == 303
    assert kept() == {"overview.proactive": "写了很久。"}


# Only over HTTPS do browsers say how two sites are related; where a form comes from they say always.
@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Origin": "http://example.org"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "http://[broken"}, False),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Origin": "http://localhost"}, True),
        ({}, True),
    ],
)
def test_what_another_site_sends_is_not_carried_along(clerk, page, headers, ours):
    [action] = page("overview").all("//form[@id='fill']/@action")
    sent = clerk.client.post(action, data={"overview.proactive": "x"}, headers=headers)
    assert sent.status_code == 400
    assert ("resend" in sent.get_data(as_text=True)) is ours


@pytest.mark.parametrize("address", ["https://example.org/reports/x/fill/y", "//example.org/", "/reports", "/nothing"])
def test_what_is_carried_goes_to_the_form_and_nowhere_else(stranger, address):
    door = stranger.get("/sign-in")
    [token] = door.all("//form[.//input[@type='password']]//input[@name='csrf_token']/@value")
    fields = {"csrf_token": token, "next": address, "typed:a": "b", "login": "nobody", "password": "wrong"}
    again = send(stranger, "/sign-in", fields)
    assert not again.all("//input[starts-with(@name, 'typed:')]")


# Closed


@pytest.mark.usefixtures("whole")
@pytest.mark.parametrize(
    ("state", "said"),
    [
        (ReportState.SIGNING, "正在审签"),
        (ReportState.SUBMITTED, "可以撤回"),
        (ReportState.REVIEWING, "王敏 0571-8800"),
        (ReportState.APPROVED, "已审核通过"),
    ],
)
def test_a_report_that_was_sent_is_only_read_and_says_what_can_be_done(office, clerk, report, page, state, said):
    put(office, report, state)
    for section in annual().sections:
        shown = page(section.key)
        assert said in shown.words
        assert not shown.all("//form[@id='fill']//input[@type='text'] | //textarea | //form[@id='fill']//button")
    assert shown.all("//*[@id='other.matters']")[0].text_content().strip() == "2024年未收取信息处理费。"
    assert state_of(shown)["open"] is False


def test_a_report_that_was_returned_is_filled_again(office, clerk, report, page, kept):
    put(office, report, ReportState.RETURNED)
    press(clerk, page("requests"), "save", {RECEIVED: "5"})
    assert kept() == {RECEIVED: "5"}


def test_what_was_typed_while_a_colleague_sent_the_report_is_shown_to_be_copied(office, clerk, report, page, kept):
    open_page = page("overview")
    put(office, report, ReportState.SUBMITTED)
    late = press(clerk, open_page, "save", {"overview.proactive": "写了很久。"})
    assert late.status == 409
    assert kept() == {}
    assert [one.text for one in late.all("//section[@id='trouble']//pre")] == ["写了很久。"]


# Who may


def test_a_reviewer_reads_and_cannot_fill(reviewer, report, clerk, page):
    address = f"/reports/{report.public_id}/fill/requests"
    shown = reviewer.get(address)
    assert "这里只能查看" in shown.words
    assert not shown.all("//form[@id='fill']//input[@type='text']")
    [token] = shown.all("//meta[@name='csrf-token']/@content")
    assert send(reviewer, address, {"csrf_token": token, RECEIVED: "5"}).status == 404


@pytest.mark.parametrize("path", ["fill", "fill/overview", "findings"])
def test_the_form_of_another_unit_is_not_there(office, report, path):
    other = office.visitor("other", (Role.CLERK, office.units.archives))
    assert other.get(f"/reports/{report.public_id}/{path}").status == 404


def test_a_section_that_does_not_exist_is_not_there(page):
    assert page("nothing").status == 404


# What the page is


@pytest.mark.parametrize("section", [section.key for section in annual().sections])
def test_every_field_says_what_it_is_and_every_reference_leads_somewhere(page, section):
    shown = page(section)
    ids = set(shown.all("//@id"))
    references = shown.all("//@aria-labelledby | //@aria-describedby | //@headers | //label/@for")
    assert {id for one in references for id in one.split()} <= ids
    wanted = {name for name in state_of(shown)["sections"] if state_of(shown)["sections"][name] == section}
    held = {one.get("id") for one in shown.all("//input[@type='text'] | //textarea | //output")}
    assert held == wanted


def test_scripts_in_texts_are_words_like_others(clerk, page, kept):
    nasty = "</textarea></script><script>alert(1)</script><!--"
    typed = {"overview.proactive": nasty, "overview.platform": "{{ 7 * 7 }}"}
    shown = clerk.get(at(press(clerk, page("overview"), "save", typed)))
    assert standing_in(shown)["overview.proactive"] == nasty
    assert state_of(shown)["fields"]["overview.proactive"]["value"] == nasty
    assert len(shown.all("//script[not(@src)]")) == 2
    assert {one.get("type") for one in shown.all("//script[not(@src)]")} == {"application/json"}


@pytest.mark.usefixtures("last_year", "whole")
def test_the_script_is_told_all_fields_last_years_and_how_to_call_them(page):
    state = state_of(page("overview"))
    assert state["fields"][RECEIVED] == {"value": "12", "note": "", "version": 1}
    assert state["previous"][RECEIVED] == "12"
    assert state["previous_texts"]["other.matters"] == "2023年未收取信息处理费。"
    assert state["labels"][RECEIVED] == "“一、本年新收”行“自然人”列"
    assert state["sections"][RECEIVED] == "requests"


def test_a_section_is_called_finished_only_when_it_is(page, whole, clerk, kept):
    words = {section.key: word_of(page("overview"), section.key) for section in annual().sections}
    assert set(words.values()) == {"完成"}
    assert Progress.DONE == "done"


@pytest.mark.usefixtures("last_year")
@pytest.mark.parametrize(("typed", "mark"), [("22", " ▲"), ("21", ""), ("2", " ▼"), ("3", "")])
def test_a_figure_that_differs_by_half_and_by_ten_is_marked(page, fill_in, typed, mark):
    fill_in({RECEIVED: typed})
    [then] = page("requests").all(f"//td[@data-cell='{RECEIVED}']//*[@data-then]")
    assert (then.get("data-then"), then.text_content()) == ("12", mark)

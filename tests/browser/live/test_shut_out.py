"""The session ends in mid-typing, somebody else signs in, the report is sent: what was typed stays in sight."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import delete

from storage.session import session_scope
from storage.tables import LoginSession

FOUND = "problems.found"
IMPROVED = "problems.improved"
COPY = "五、存在的主要问题及改进情况·（一）存在的主要问题\n来不及存的话。"
REFUSED = ("401", "400")


@pytest.fixture
def clerk(desk, new_context):
    """A clerk's browser and who she is."""
    person = desk.person()
    context = new_context(desk.origin, expected=REFUSED)
    desk.sign_in(context, person)
    return context, person


def end_session_of(desk, person):
    with session_scope(desk.engine) as session:
        session.execute(delete(LoginSession).where(LoginSession.account_id == person.account_id))


def type_after_the_session_ended(desk, form, person):
    form.type(FOUND, "写到一半")
    form.save()
    form.is_saved()
    end_session_of(desk, person)
    form.type(FOUND, "写到一半，登录过期了。")
    form.save()
    expect(form.bar).to_contain_text("登录已过期")
    expect(form.state).to_have_text("没有保存，保留在本机")


def test_after_signing_in_again_in_another_window_everything_is_saved(visit, desk, clerk):
    context, person = clerk
    form = visit("problems", context)
    type_after_the_session_ended(desk, form, person)
    form.type(IMPROVED, "还能接着写。")
    with context.expect_page() as opened:
        form.bar.get_by_role("link", name="在新窗口登录").click()
    expect(opened.value).to_have_url(f"{desk.origin}/sign-in")
    desk.comes_to_keep({FOUND: "写到一半"})
    desk.sign_in(context, person)
    form.bar.get_by_role("button", name="已登录，继续保存").click()
    form.is_saved()
    expect(form.bar).to_be_hidden()
    desk.comes_to_keep({FOUND: "写到一半，登录过期了。", IMPROVED: "还能接着写。"})


def test_nothing_is_saved_in_the_name_of_whoever_signed_in_instead(visit, desk, clerk):
    context, person = clerk
    form = visit("problems", context)
    type_after_the_session_ended(desk, form, person)
    desk.sign_in(context, desk.person())
    form.bar.get_by_role("button", name="已登录，继续保存").click()
    expect(form.bar).to_contain_text("现在登录的是另一个账号")
    desk.comes_to_keep({FOUND: "写到一半"})
    desk.sign_in(context, person)
    form.save()
    form.is_saved()
    desk.comes_to_keep({FOUND: "写到一半，登录过期了。"})


def test_a_session_changed_unseen_saves_nothing_in_the_other_name(visit, desk, clerk):
    context, _ = clerk
    form = visit("problems", context)
    desk.sign_in(context, desk.person())
    form.type(FOUND, "谁写的？")
    with form.page.expect_response("**/fields"):
        form.save()
    expect(form.bar).to_contain_text("现在登录的是另一个账号")
    desk.comes_to_keep({})


def test_a_report_that_was_sent_meanwhile_says_so_and_hands_back_what_was_typed(visit, desk):
    form = visit("problems", expected=("409",))
    form.type(IMPROVED, "已存的。")
    form.save()
    form.is_saved()
    desk.send()
    form.type(FOUND, "来不及存的话。")
    form.save()
    expect(form.state).to_have_text("报告已不能修改")
    expect(form.bar).to_contain_text("下面 1 处没有保存，可以复制")
    expect(form.bar.locator("textarea")).to_have_value(COPY)
    expect(form.field(FOUND)).to_have_value("来不及存的话。")
    expect(form.field(FOUND)).not_to_be_editable()
    desk.comes_to_keep({IMPROVED: "已存的。"})


def test_what_was_not_saved_when_the_report_was_sent_is_still_there_when_the_page_is_opened_again(visit, desk):
    form = visit("problems", expected=("409",))
    desk.send()
    form.type(FOUND, "来不及存的话。")
    form.save()
    expect(form.state).to_have_text("报告已不能修改")
    form.page.reload()
    expect(form.bar.locator("textarea")).to_have_value(COPY)

"""Approving, returning, noting words: what was seen is decided on, and the second of two loses nothing he typed."""

from datetime import date, timedelta

import pytest

from reports.states import Move, ReportState
from service.deadlines import today
from service.reviewing.deciding import LONGEST, usual_day
from storage.filing.comments import collected, comments_of
from storage.filing.steps import last_step
from storage.session import reading_scope
from storage.tables import Comment, Report
from tests.people import ARCHIVES, MARKET
from tests.service.reviewing.conftest import Desk
from tests.service.visitors import Browser, Page

CELL, TEXT = "requests.received.natural_person", "problems.found"
PARAGRAPH = "部分信息从形成到公开间隔偏长。"


def noted(desk: Desk, report: str) -> list[Comment]:
    with reading_scope(desk.office.engine) as session:
        return list(collected(session, session.query(Report).filter_by(public_id=report).one()))


def note(browser: Browser, report: str, text: str, name: str = CELL, **more: str) -> Page:
    page = browser.get(f"/review/{report}")
    [token] = page.all("//meta[@name='csrf-token']/@content")
    told = {"csrf_token": str(token), "name": name, "text": text, "go": "add", **more}
    return browser.post(f"/review/{report}/comments", told)


def give_back(browser: Browser, page: Page, report: str, how: str = "return", **fields: str) -> Page:
    seen = [str(one) for one in page.all(f"//*[@id='{how}']//input[@name='noted']/@value")]
    told = {"due_on": usual_day().isoformat(), "noted": seen, **fields}
    return browser.send(page, f"/review/{report}/{how}", **told)


class TestApproving:
    def test_what_is_frozen_is_shown_and_approved_and_the_next_is_opened(self, desk: Desk, reviewer: Browser) -> None:
        first, second = desk.sends(MARKET), desk.sends(ARCHIVES)
        page = reviewer.get(f"/review/{first}")
        [box] = page.all("//*[@id='approve']")
        assert "第1版" in box.text_content()
        assert "2025-" in box.text_content()
        assert reviewer.send(page, f"/review/{first}/approve").answer.location == f"/review/{second}"
        assert desk.state(first) is ReportState.APPROVED
        assert f"“{MARKET}”已通过。" in reviewer.get(f"/review/{second}").words

    def test_after_the_last_one_comes_the_list(self, desk: Desk, reviewer: Browser) -> None:
        report = desk.sends(MARKET)
        answer = reviewer.send(reviewer.get(f"/review/{report}"), f"/review/{report}/approve")
        assert answer.answer.location == f"/review?campaign={desk.campaign.public_id}"
        assert "待审的都审完了" in reviewer.get("/review").words

    def test_what_was_sent_again_since_is_not_approved(self, desk: Desk, reviewer: Browser) -> None:
        report = desk.sends(MARKET)
        page = reviewer.get(f"/review/{report}")
        desk.sends(MARKET, texts={TEXT: "改过了。"})
        answer = reviewer.send(page, f"/review/{report}/approve")
        assert (answer.status, "刚又报送了一次" in answer.words) == (409, True)
        assert desk.state(report) is ReportState.SUBMITTED

    def test_the_second_of_two_is_told_who_did_what(self, desk: Desk, reviewer: Browser, colleague: Browser) -> None:
        report = desk.sends(MARKET)
        page = reviewer.get(f"/review/{report}")
        give_back(colleague, colleague.get(f"/review/{report}"), report, remark="请核对")
        answer = reviewer.send(page, f"/review/{report}/approve")
        assert answer.status == 409
        assert "没有通过：shen先生" in answer.words
        assert "退回修改" in answer.words
        assert desk.state(report) is ReportState.RETURNED

    def test_what_was_withdrawn_is_not_approved(self, desk: Desk, reviewer: Browser) -> None:
        report = desk.sends(MARKET)
        page = reviewer.get(f"/review/{report}")
        desk.withdraws(report)
        answer = reviewer.send(page, f"/review/{report}/approve")
        assert (answer.status, "撤回修改" in answer.words) == (409, True)


class TestReturning:
    def test_the_clerk_sees_the_reason_the_words_and_the_new_day(
        self, desk: Desk, reviewer: Browser, clerk: Browser
    ) -> None:
        report = desk.sends(MARKET)
        note(reviewer, report, "与台账不一致")
        note(reviewer, report, "写具体些", TEXT, quote=PARAGRAPH)
        answer = give_back(reviewer, reviewer.get(f"/review/{report}"), report, remark="请按批注修改")
        assert answer.status == 303, answer.words
        words = clerk.get("/").words
        assert "已退回，请修改 2 处" in words
        assert "请按批注修改" in words
        assert f"{PARAGRAPH} 写具体些" in words.replace(PARAGRAPH + "写", PARAGRAPH + " 写")

    def test_three_working_days_are_proposed(self, desk: Desk, reviewer: Browser) -> None:
        report = desk.sends(MARKET)
        assert reviewer.get(f"/review/{report}").all("//*[@id='return-due_on']/@value") == [usual_day().isoformat()]
        give_back(reviewer, reviewer.get(f"/review/{report}"), report, remark="请核对")
        with reading_scope(desk.office.engine) as session:
            back = last_step(session, session.query(Report).filter_by(public_id=report).one(), Move.RETURN)
            assert back and back.due_on == usual_day()

    def test_a_phrase_that_was_ticked_is_said(self, desk: Desk, reviewer: Browser) -> None:
        report = desk.sends(MARKET)
        give_back(reviewer, reviewer.get(f"/review/{report}"), report, phrase="0")
        with reading_scope(desk.office.engine) as session:
            back = last_step(session, session.query(Report).filter_by(public_id=report).one(), Move.RETURN)
            assert back and back.remark.startswith("表中数字与本单位登记台账不一致")

    @pytest.mark.parametrize(
        ("fields", "sentence"),
        [
            ({"remark": "  "}, "请写明退回的原因"),
            ({"remark": "请核对", "due_on": ""}, "请填写重新报送的截止日期"),
            ({"remark": "请核对", "due_on": "下周一"}, "请填写重新报送的截止日期"),
            ({"remark": "请核对", "due_on": (date.today() - timedelta(days=3)).isoformat()}, "不能早于今天"),
            ({"remark": "请核对", "due_on": "2999-01-01"}, "一年以后"),
            ({"remark": "长" * (LONGEST + 1)}, "最多 2000 字"),
        ],
    )
    def test_what_is_missing_or_wrong_is_said_and_what_was_typed_stays(
        self, desk: Desk, reviewer: Browser, fields: dict[str, str], sentence: str
    ) -> None:
        report = desk.sends(MARKET)
        answer = give_back(reviewer, reviewer.get(f"/review/{report}"), report, **fields)
        assert (answer.status, sentence in answer.words) == (422, True)
        assert (answer.all("//*[@id='return-remark']")[0].text or "").strip() == fields["remark"].strip()
        assert desk.state(report) is ReportState.SUBMITTED

    def test_a_word_noted_is_reason_enough(self, desk: Desk, reviewer: Browser) -> None:
        report = desk.sends(MARKET)
        note(reviewer, report, "与台账不一致")
        give_back(reviewer, reviewer.get(f"/review/{report}"), report, remark="")
        assert desk.state(report) is ReportState.RETURNED

    def test_a_word_that_a_colleague_noted_meanwhile_is_looked_at_first(
        self, desk: Desk, reviewer: Browser, colleague: Browser
    ) -> None:
        report = desk.sends(MARKET)
        page = reviewer.get(f"/review/{report}")
        note(colleague, report, "还有一处")
        answer = give_back(reviewer, page, report, remark="请核对台账")
        assert (answer.status, "批注刚有增减" in answer.words) == (409, True)
        assert answer.all("//*[@id='return-remark']")[0].text.strip() == "请核对台账"
        assert "还有一处" in answer.words

    def test_the_second_of_two_keeps_what_he_typed(self, desk: Desk, reviewer: Browser, colleague: Browser) -> None:
        report = desk.sends(MARKET)
        page = reviewer.get(f"/review/{report}")
        colleague.send(colleague.get(f"/review/{report}"), f"/review/{report}/approve")
        answer = give_back(reviewer, page, report, remark="请核对台账")
        assert (answer.status, "没有退回：shen先生" in answer.words) == (409, True)
        assert answer.all("//*[@id='return-remark']")[0].text.strip() == "请核对台账"
        assert desk.state(report) is ReportState.APPROVED

    def test_what_was_withdrawn_meanwhile_still_shows_what_was_typed(self, desk: Desk, reviewer: Browser) -> None:
        report = desk.sends(MARKET)
        page = reviewer.get(f"/review/{report}")
        desk.withdraws(report)
        answer = give_back(reviewer, page, report, remark="请核对台账")
        assert answer.status == 409
        assert "请核对台账" in answer.words

    def test_who_was_signed_out_meanwhile_has_his_words_again_after_signing_in(
        self, desk: Desk, reviewer: Browser
    ) -> None:
        report = desk.sends(MARKET)
        page = reviewer.get(f"/review/{report}")
        with reviewer.client.session_transaction() as cookie:
            del cookie["token"]
        answer = give_back(reviewer, page, report, remark="请核对台账")
        assert answer.status == 401
        assert "请核对台账" in [str(one) for one in answer.all("//input[@type='hidden']/@value")]

    def test_what_was_approved_is_reopened_with_a_reason(self, desk: Desk, reviewer: Browser, clerk: Browser) -> None:
        report = desk.sends(MARKET)
        reviewer.send(reviewer.get(f"/review/{report}"), f"/review/{report}/approve")
        answer = give_back(reviewer, reviewer.get(f"/review/{report}"), report, "reopen", remark="公布前发现笔误")
        assert answer.status == 303
        assert desk.state(report) is ReportState.RETURNED
        assert "公布前发现笔误" in clerk.get("/").words


class TestWords:
    def test_a_word_stands_at_its_place_and_the_review_has_begun(self, desk: Desk, reviewer: Browser) -> None:
        report = desk.sends(MARKET)
        assert note(reviewer, report, "与台账不一致").answer.location == f"/review/{report}#at-{CELL}"
        assert desk.state(report) is ReportState.REVIEWING
        assert "与台账不一致" in reviewer.get(f"/review/{report}").words

    def test_without_scripts_a_link_leads_to_the_form_for_its_place(self, desk: Desk, reviewer: Browser) -> None:
        report = desk.sends(MARKET)
        page = reviewer.get(f"/review/{report}?on={TEXT}&quote={PARAGRAPH}")
        [form] = page.all("//*[@id='comment']//form")
        assert form.xpath(".//input[@name='name']/@value") == [TEXT]
        assert form.xpath(".//input[@name='quote']/@value") == [PARAGRAPH]

    def test_a_quote_that_is_no_paragraph_of_the_text_is_left_out(self, desk: Desk, reviewer: Browser) -> None:
        report = desk.sends(MARKET)
        note(reviewer, report, "写具体些", TEXT, quote="编出来的一段")
        assert [one.quote for one in noted(desk, report)] == [""]

    def test_a_place_that_is_none_is_the_whole_report(self, desk: Desk, reviewer: Browser) -> None:
        report = desk.sends(MARKET)
        note(reviewer, report, "总体可以", "no.such.cell")
        assert [one.name for one in noted(desk, report)] == [""]

    def test_an_empty_word_is_none(self, desk: Desk, reviewer: Browser) -> None:
        report = desk.sends(MARKET)
        answer = note(reviewer, report, " 　")
        assert (answer.status, "请写批注的内容" in answer.words) == (422, True)
        assert noted(desk, report) == []

    def test_it_can_be_said_otherwise_and_taken_back(self, desk: Desk, reviewer: Browser) -> None:
        report = desk.sends(MARKET)
        note(reviewer, report, "与台账不一致")
        [word] = noted(desk, report)
        note(reviewer, report, "与台账相差 2 件", go="edit", comment=str(word.id), was="与台账不一致")
        assert [one.text for one in noted(desk, report)] == ["与台账相差 2 件"]
        note(reviewer, report, "", go="take", comment=str(word.id))
        assert noted(desk, report) == []

    def test_not_over_what_a_colleague_has_made_of_it(self, desk: Desk, reviewer: Browser, colleague: Browser) -> None:
        report = desk.sends(MARKET)
        note(reviewer, report, "与台账不一致")
        [word] = noted(desk, report)
        note(colleague, report, "同事改的", go="edit", comment=str(word.id), was="与台账不一致")
        answer = note(reviewer, report, "我改的", go="edit", comment=str(word.id), was="与台账不一致")
        assert (answer.status, "同事刚改过" in answer.words) == (409, True)
        assert answer.all("//*[@id='text']")[0].text.strip() == "我改的"
        assert [one.text for one in noted(desk, report)] == ["同事改的"]

    def test_on_what_was_returned_meanwhile_nothing_is_noted_and_the_word_is_still_there(
        self, desk: Desk, reviewer: Browser
    ) -> None:
        report = desk.sends(MARKET)
        reviewer.get(f"/review/{report}")
        desk.takes(report, Move.RETURN)
        answer = note(reviewer, report, "晚了一步")
        assert (answer.status, "批注没有加上" in answer.words) == (409, True)
        assert "晚了一步" in answer.words

    def test_another_reports_word_is_not_touched(self, desk: Desk, reviewer: Browser) -> None:
        first, second = desk.sends(MARKET), desk.sends(ARCHIVES)
        note(reviewer, first, "与台账不一致")
        [word] = noted(desk, first)
        assert note(reviewer, second, "", go="take", comment=str(word.id)).status == 409
        assert len(noted(desk, first)) == 1

    def test_the_clerk_sees_no_word_before_the_return(self, desk: Desk, reviewer: Browser, clerk: Browser) -> None:
        report = desk.sends(MARKET)
        note(reviewer, report, "与台账不一致")
        assert "与台账不一致" not in clerk.get("/").words
        assert "与台账不一致" not in clerk.get(f"/reports/{report}/fill/requests").words
        with reading_scope(desk.office.engine) as session:
            assert comments_of(session, session.query(Report).filter_by(public_id=report).one()) == ()


def test_going_on_to_the_next_changes_nothing(desk: Desk, reviewer: Browser) -> None:
    first, second = desk.sends(MARKET), desk.sends(ARCHIVES)
    assert reviewer.get(f"/review/{first}/next").answer.location == f"/review/{second}"
    assert reviewer.get(f"/review/{second}/next").answer.location == f"/review/{first}"
    assert {desk.state(first), desk.state(second)} == {ReportState.SUBMITTED}


def test_the_next_is_the_one_behind_it_not_the_first_of_all(desk: Desk, reviewer: Browser) -> None:
    first, second, third = (desk.sends(name) for name in desk.more_units(3))
    assert reviewer.get(f"/review/{second}/next").answer.location == f"/review/{third}"
    answer = reviewer.send(reviewer.get(f"/review/{second}"), f"/review/{second}/approve")
    assert answer.answer.location == f"/review/{third}"
    assert reviewer.get(f"/review/{third}/next").answer.location == f"/review/{first}"


def test_the_proposed_day_is_a_working_day_still_to_come() -> None:
    assert usual_day() > today()

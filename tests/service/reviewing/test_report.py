"""One report under review: beside last year's, beside another's, beside what it was before it was returned."""

from datetime import datetime

import pytest
from sqlalchemy import select, update

from reports.states import Move, ReportState
from service.reviewing.deciding import usual_day
from storage.clock import seconds_ago
from storage.filing import reviewing
from storage.filing.reviewing import Return
from storage.session import reading_scope, session_scope
from storage.tables import LoginSession, Report
from tests.people import ARCHIVES, MARKET
from tests.service.reviewing.conftest import IN_FORCE, Desk
from tests.service.visitors import Browser, Page

LICENCES, PENALTIES = "article_20_5.licences.handled", "article_20_6.penalties.handled"


def place(page: Page, name: str) -> str:
    [row] = page.all(f"//*[@id='at-{name}']")
    return " ".join(row.text_content().split())


def returned(desk: Desk, report: str, *words: tuple[str, str]) -> None:
    """A colleague returns it with these words."""
    with session_scope(desk.office.engine) as session:
        found = session.query(Report).filter_by(public_id=report).one()
        noted = [reviewing.note(session, found, name, text, "account:shen").id for name, text in words]
        reviewing.give_back(session, found, "account:shen", 1, Return("请按批注修改", usual_day(), noted))


class TestLooking:
    def test_whoever_only_follows_the_link_changes_nothing(self, desk: Desk, reviewer: Browser) -> None:
        report = desk.sends(MARKET)
        assert reviewer.get(f"/review/{report}").heading.startswith(MARKET)
        assert desk.state(report) is ReportState.SUBMITTED

    def test_with_the_button_it_begins_and_the_clerk_cannot_withdraw(
        self, desk: Desk, reviewer: Browser, clerk: Browser
    ) -> None:
        report = desk.sends(MARKET)
        assert "撤回修改" in clerk.get("/").words
        reviewer.send(reviewer.get(f"/review/{report}"), f"/review/{report}/begin")
        assert desk.state(report) is ReportState.REVIEWING
        assert not clerk.get("/").all("//form[contains(@action, '/withdraw')]")

    def test_what_is_not_submitted_cannot_be_begun(self, desk: Desk, reviewer: Browser) -> None:
        report = desk.sends(MARKET)
        page = reviewer.get(f"/review/{report}")
        desk.takes(report, Move.APPROVE)
        answer = reviewer.send(page, f"/review/{report}/begin")
        assert (answer.status, "没有开始审核" in answer.words) == (409, True)

    def test_what_was_withdrawn_cannot_be_read_any_more(self, desk: Desk, reviewer: Browser) -> None:
        report = desk.sends(MARKET)
        desk.withdraws(report)
        assert "现在没有可以审核的内容" in reviewer.get(f"/review/{report}").words

    def test_who_sent_it_when_and_with_which_receipt_stands_on_top(self, desk: Desk, reviewer: Browser) -> None:
        report = desk.sends(MARKET)
        words = reviewer.get(f"/review/{report}").words
        assert "回执 2025-" in words
        assert "报送" in words

    @pytest.mark.parametrize("path", ["", "/next"])
    def test_another_offices_reviewer_and_a_stranger_find_nothing(
        self, desk: Desk, foreign: Browser, stranger: Browser, clerk: Browser, path: str
    ) -> None:
        report = desk.sends(MARKET)
        assert foreign.get(f"/review/{report}{path}").status == 404
        assert clerk.get(f"/review/{report}{path}").status == 404
        assert stranger.get(f"/review/{report}{path}").answer.location.startswith("/sign-in")


class TestFigures:
    def test_what_changed_greatly_comes_first_then_what_changed_and_the_rest_is_folded(
        self, desk: Desk, reviewer: Browser
    ) -> None:
        desk.sent_last_year(MARKET)
        page = reviewer.get(f"/review/{desk.sends(MARKET, cells={LICENCES: 9487, PENALTIES: 140})}")
        order = [str(one) for one in page.all("//section[@id='data']//tr[@data-spot]/@id")]
        assert order[0] == f"at-{LICENCES}"
        assert f"at-{PENALTIES}" in order[:4]
        folded = page.all("//details[@class='rest']//tr[@data-spot]/@id")
        assert (f"at-{LICENCES}" in folded, len(folded) > 150) == (False, True)
        assert "2184" in place(page, LICENCES)
        assert "▲ +7303" in place(page, LICENCES)

    def test_reasons_stand_on_top_with_what_they_explain(self, desk: Desk, reviewer: Browser) -> None:
        desk.sent_last_year(MARKET)
        report = desk.sends(MARKET, cells={IN_FORCE: 20}, reasons={f"X2@{IN_FORCE}": "年中清理"})
        [top] = reviewer.get(f"/review/{report}").all("//section[contains(@class, 'reasons')]")
        assert "现行有效件数应等于" in top.text_content()
        assert "年中清理" in top.text_content()

    def test_a_missing_reason_is_said(self, desk: Desk, reviewer: Browser) -> None:
        desk.sent_last_year(MARKET)
        assert "没有写明原因" in reviewer.get(f"/review/{desk.sends(MARKET, cells={IN_FORCE: 20})}").words

    def test_without_last_year_there_is_nothing_to_compare_and_it_says_so(self, desk: Desk, reviewer: Browser) -> None:
        assert "不能与上年比较" in reviewer.get(f"/review/{desk.sends(MARKET)}").words


class TestTexts:
    def test_new_and_gone_sentences_are_marked_for_eyes_and_ears(self, desk: Desk, reviewer: Browser) -> None:
        desk.sent_last_year(MARKET)
        page = reviewer.get(f"/review/{desk.sends(MARKET, texts={'problems.found': '今年开通了手机版。'})}")
        [passage] = page.all("//*[@id='at-problems.found']")
        assert "新增：今年开通了手机版。" in passage.xpath("string(.//ins)")
        assert "删去：部分信息从形成到公开间隔偏长。" in passage.xpath("string(.//del)")

    def test_how_much_is_last_years_is_said(self, desk: Desk, reviewer: Browser) -> None:
        desk.sent_last_year(MARKET)
        assert "100% 与上年相同" in place(reviewer.get(f"/review/{desk.sends(MARKET)}"), "problems.improved")

    def test_another_units_words_stand_beside(self, desk: Desk, reviewer: Browser) -> None:
        desk.sends(ARCHIVES)
        page = reviewer.get(f"/review/{desk.sends(MARKET)}")
        [hit] = page.all("//section[contains(@class, 'hit')]")
        assert f"有 100% 与“{ARCHIVES}”的文字相同" in hit.text_content()
        assert hit.text_content().count("部分信息从形成到公开间隔偏长。") == 2

    def test_what_people_write_is_shown_as_they_wrote_it(self, desk: Desk, reviewer: Browser) -> None:
        page = reviewer.get(f"/review/{desk.sends(MARKET, texts={'problems.found': '<b>不是标签</b>&amp;。'})}")
        assert "<b>不是标签</b>&amp;。" in place(page, "problems.found")


class TestSince:
    def test_each_word_stands_beside_what_became_of_its_place(self, desk: Desk, reviewer: Browser) -> None:
        report = desk.sends(MARKET)
        returned(desk, report, (LICENCES, "与台账不一致"), ("problems.found", "写具体些"), ("", "总体可以"))
        desk.sends(MARKET, cells={LICENCES: 2190, PENALTIES: 138})
        [since] = reviewer.get(f"/review/{report}").all("//section[contains(@class, 'since')]")
        words = " ".join(since.text_content().split())
        assert "2184 → 2190" in words
        assert "没有改动 批注：写具体些" in words
        assert "其他改动 1 处" in words
        assert "137 → 138" in words

    def test_nothing_is_said_of_it_before_it_is_sent_again(self, desk: Desk, reviewer: Browser) -> None:
        report = desk.sends(MARKET)
        returned(desk, report, (LICENCES, "与台账不一致"))
        page = reviewer.get(f"/review/{report}")
        assert not page.all("//section[contains(@class, 'since')]")
        assert page.all("//header//em")[0].text == "已退回"
        assert "与台账不一致" in page.words


class TestLookingTogether:
    def looks(self, browser: Browser, report: str, **more: str) -> dict:
        page = browser.get(f"/review/{report}")
        [step] = page.all("//*[@id='case']/@data-step")
        [token] = page.all("//meta[@name='csrf-token']/@content")
        told = {"csrf_token": str(token), "step": str(step), **more}
        answer = browser.client.post(f"/review/{report}/looking", data=told, headers={"Accept": "application/json"})
        return answer.get_json()

    def test_two_who_look_see_each_others_name_until_one_leaves(
        self, desk: Desk, reviewer: Browser, colleague: Browser
    ) -> None:
        report = desk.sends(MARKET)
        assert self.looks(reviewer, report) == {"others": [], "news": ""}
        assert self.looks(colleague, report)["others"] == ["limin先生"]
        assert self.looks(reviewer, report)["others"] == ["shen先生"]
        self.looks(colleague, report, leaves="yes")
        assert self.looks(reviewer, report)["others"] == []

    def test_what_a_colleague_did_since_the_page_was_loaded_is_told(self, desk: Desk, reviewer: Browser) -> None:
        report = desk.sends(MARKET)
        desk.takes(report, Move.RETURN, "account:limin")
        assert "退回修改" in self.looks(reviewer, report, step="1")["news"]
        assert self.looks(reviewer, report)["news"] == ""

    def test_a_page_left_open_keeps_nobody_signed_in(self, desk: Desk, reviewer: Browser) -> None:
        report = desk.sends(MARKET)
        [token] = reviewer.get(f"/review/{report}").all("//meta[@name='csrf-token']/@content")

        def seen_at() -> datetime:
            with reading_scope(desk.office.engine) as session:
                return session.scalars(select(LoginSession.seen_at)).one()

        with session_scope(desk.office.engine) as session:
            session.execute(update(LoginSession).values(seen_at=seconds_ago(20 * 60)))
        before = seen_at()
        reviewer.post(f"/review/{report}/looking", {"csrf_token": str(token), "step": "1"}, Accept="application/json")
        assert seen_at() == before
        reviewer.get(f"/review/{report}")
        assert seen_at() > before

    def test_signed_out_it_is_told_so_and_not_led_away(self, desk: Desk, stranger: Browser) -> None:
        report = desk.sends(MARKET)
        answer = stranger.client.post(f"/review/{report}/looking", headers={"Accept": "application/json"})
        assert answer.status_code in (400, 401)
        assert "HX-Redirect" not in answer.headers

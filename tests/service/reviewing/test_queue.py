"""The queue: who waits, what there is to notice, and approving those together that need no second look."""

import re
from datetime import timedelta

import pytest

from reports.states import Move, ReportState
from service.reviewing import queue
from storage.session import session_scope
from storage.tables import Campaign, Reminder, ReminderState, RosterEntry
from tests.people import ARCHIVES, MARKET
from tests.service.reviewing.conftest import IN_FORCE, Desk
from tests.service.visitors import Browser, Page

LICENCES = "article_20_5.licences.handled"


def rows(page: Page) -> list[str]:
    return [" ".join(row.text_content().split()) for row in page.all("//tr[@data-row]")]


def units(page: Page) -> list[str]:
    return [row.text_content().strip() for row in page.all("//tr[@data-row]/th")]


def counts(page: Page) -> dict[str, int]:
    told = [" ".join(chip.text_content().split()) for chip in page.all("//nav[@class='chips']/a")]
    return {word: int(number) for word, number in (one.rsplit(" ", 1) for one in told)}


class TestWhoWaits:
    def test_without_a_campaign_it_says_what_will_be_here(self, reviewer: Browser) -> None:
        assert "还没有开始年度填报" in reviewer.get("/review").words

    def test_every_expected_unit_is_counted_once_where_it_stands(self, desk: Desk, reviewer: Browser) -> None:
        desk.sends(MARKET)
        assert counts(reviewer.get("/review")) == {
            "待审": 1,
            "已退回": 0,
            "未提交": 1,
            "逾期": 0,
            "已通过": 0,
            "有说明": 0,
            "疑似雷同": 0,
        }

    def test_a_chip_shows_those_it_counts(self, desk: Desk, reviewer: Browser) -> None:
        desk.sends(MARKET)
        assert units(reviewer.get("/review")) == [MARKET]
        assert units(reviewer.get("/review?show=unsent")) == [ARCHIVES]

    def test_who_is_late_or_was_asked_for_is_said_so(self, desk: Desk, reviewer: Browser) -> None:
        with session_scope(desk.office.engine) as session:
            campaign = session.get_one(Campaign, desk.campaign.id)
            campaign.due_on -= timedelta(days=30)
            unit = desk.office.units.market
            for _ in range(2):
                told = {"to": "a@b.cn", "subject": "催报", "body": "请报送", "made_by": "account:shen"}
                session.add(Reminder(campaign_id=campaign.id, unit_id=unit.id, state=ReminderState.SENT, **told))
        [row] = [one for one in rows(reviewer.get("/review?show=late")) if one.startswith(MARKET)]
        assert "逾期；已催 2 次" in row

    def test_of_an_exempt_unit_nothing_is_expected(self, desk: Desk, reviewer: Browser) -> None:
        with session_scope(desk.office.engine) as session:
            session.query(RosterEntry).filter_by(unit_id=desk.office.units.archives.id).one().exempt_because = "已撤销"
        assert counts(reviewer.get("/review"))["未提交"] == 1

    def test_what_was_returned_and_sent_again_says_so(self, desk: Desk, reviewer: Browser) -> None:
        report = desk.sends(MARKET)
        desk.takes(report, Move.RETURN)
        desk.sends(MARKET, texts={"problems.found": "改过了。"})
        assert "已重新提交" in rows(reviewer.get("/review"))[0]

    def test_reasons_are_counted_and_the_biggest_change_is_named(self, desk: Desk, reviewer: Browser) -> None:
        desk.sent_last_year(MARKET)
        desk.sends(MARKET, cells={LICENCES: 9487}, reasons={f"X2@{IN_FORCE}": "清理"})
        [row] = rows(reviewer.get("/review"))
        assert "1 条说明" in row
        assert "变化大：行政许可 +334%" in row

    def test_units_of_the_same_words_are_named_to_each_other(self, desk: Desk, reviewer: Browser) -> None:
        desk.sends(MARKET)
        desk.sends(ARCHIVES)
        page = reviewer.get("/review?show=alike")
        assert [ARCHIVES in row or MARKET in row for row in rows(page)] == [True, True]
        assert all("疑似雷同 100%" in row for row in rows(page))

    def test_another_offices_campaign_is_not_there(self, desk: Desk, foreign: Browser) -> None:
        assert foreign.get(f"/review?campaign={desk.campaign.public_id}").status == 404


class TestFinding:
    def test_a_unit_is_found_by_its_name_its_short_name_or_its_initials(self, desk: Desk, reviewer: Browser) -> None:
        with session_scope(desk.office.engine) as session:
            unit = session.merge(desk.office.units.market)
            unit.short_name, unit.initials = "县市场局", "lxxscjdglj"
        desk.sends(MARKET)
        desk.sends(ARCHIVES)
        for words in ("市场监督", "县市场", "SCJ"):
            assert units(reviewer.get(f"/review?q={words}")) == [MARKET]
        assert "没有找到“水务”" in reviewer.get("/review?q=水务").words

    def test_who_came_first_is_in_front_unless_somebody_wants_it_otherwise(self, desk: Desk, reviewer: Browser) -> None:
        desk.sends(MARKET)
        desk.sends(ARCHIVES)
        assert units(reviewer.get("/review")) == [MARKET, ARCHIVES]
        assert units(reviewer.get("/review?order=newest")) == [ARCHIVES, MARKET]
        assert units(reviewer.get("/review?order=roster")) == [ARCHIVES, MARKET]

    def test_the_view_stays_when_one_comes_back(self, desk: Desk, reviewer: Browser) -> None:
        desk.sends(MARKET)
        desk.sends(ARCHIVES)
        reviewer.get("/review?order=newest&q=局")
        assert units(reviewer.get("/review")) == [ARCHIVES, MARKET]

    @pytest.mark.parametrize(
        "asked", ["show=nothing", "order=", "page=-1", "page=x", "page=99999999", "q=" + "局" * 500]
    )
    def test_an_address_that_makes_no_sense_shows_what_there_is(
        self, desk: Desk, reviewer: Browser, asked: str
    ) -> None:
        desk.sends(MARKET)
        assert reviewer.get(f"/review?{asked}").status == 200


class TestPages:
    COUNT = queue.A_PAGE + 3

    def test_only_the_page_that_is_shown_reads_reports(
        self, desk: Desk, reviewer: Browser, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in desk.more_units(self.COUNT):
            desk.sends(name)
        read: list[int] = []
        from service.pages import review

        monkeypatch.setattr(review, "biggest", lambda session, line: read.append(line.standing.unit.id))
        first, second = reviewer.get("/review?order=roster"), reviewer.get("/review?order=roster&page=2")
        assert (len(rows(first)), len(rows(second))) == (queue.A_PAGE, 3)
        assert len(read) == len(set(read)) == self.COUNT
        assert "第 2 页，共 2 页" in second.words


class TestTogether:
    def choices(self, page: Page) -> list[str]:
        return [str(one) for one in page.all("//input[@name='report']/@value")]

    def ask(self, reviewer: Browser, chosen: list[str], **more: str) -> Page:
        page = reviewer.get("/review")
        [action] = page.all("//form[@id='queue']/@action")
        return reviewer.send(page, str(action), report=chosen, **more)

    def test_it_asks_once_and_then_approves(self, desk: Desk, reviewer: Browser) -> None:
        report = desk.sends(MARKET)
        page = self.ask(reviewer, self.choices(reviewer.get("/review")))
        assert "可以通过 1 份" in page.words
        assert desk.state(report) is ReportState.SUBMITTED
        [action] = page.all("//form[.//input[@name='sure']]/@action")
        done = reviewer.send(page, str(action))
        assert "已通过 1 份" in done.words
        assert desk.state(report) is ReportState.APPROVED

    @pytest.mark.parametrize(
        ("sent", "why"),
        [
            ({"cells": {LICENCES: 9487}}, "变化大：行政许可 +334%"),
            ({"cells": {IN_FORCE: 20}}, "有 1 处说明要看"),
            ({"reasons": {f"X2@{IN_FORCE}": "清理"}}, "有 1 处说明要看"),
        ],
    )
    def test_what_needs_a_second_look_is_left_with_the_reason(
        self, desk: Desk, reviewer: Browser, sent: dict, why: str
    ) -> None:
        desk.sent_last_year(MARKET)
        report = desk.sends(MARKET, **sent)
        page = self.ask(reviewer, self.choices(reviewer.get("/review")), sure="yes")
        assert "留下 1 份" in page.words
        assert why in page.words
        assert desk.state(report) is ReportState.SUBMITTED

    def test_reports_of_the_same_words_are_left(self, desk: Desk, reviewer: Browser) -> None:
        desk.sends(MARKET)
        desk.sends(ARCHIVES)
        page = self.ask(reviewer, self.choices(reviewer.get("/review")), sure="yes")
        assert f"与“{ARCHIVES}”疑似雷同 100%" in page.words

    def test_what_was_returned_before_is_left(self, desk: Desk, reviewer: Browser) -> None:
        report = desk.sends(MARKET)
        desk.takes(report, Move.RETURN)
        desk.sends(MARKET, texts={"problems.found": "改过了。"})
        page = self.ask(reviewer, self.choices(reviewer.get("/review")), sure="yes")
        assert "退回后重新报送" in page.words
        assert desk.state(report) is ReportState.SUBMITTED

    def test_what_was_sent_again_since_it_was_ticked_is_left(self, desk: Desk, reviewer: Browser) -> None:
        report = desk.sends(MARKET)
        chosen = self.choices(reviewer.get("/review"))
        desk.sends(MARKET, texts={"problems.found": "改过了。"})
        assert "刚又报送了一次" in self.ask(reviewer, chosen, sure="yes").words
        assert desk.state(report) is ReportState.SUBMITTED

    def test_what_is_not_submitted_is_left(self, desk: Desk, reviewer: Browser) -> None:
        report = desk.sends(MARKET)
        chosen = self.choices(reviewer.get("/review"))
        desk.takes(report, Move.RETURN)
        assert "现在不是待审" in self.ask(reviewer, chosen, sure="yes").words
        assert desk.state(report) is ReportState.RETURNED

    def test_nothing_ticked_nothing_done(self, desk: Desk, reviewer: Browser) -> None:
        desk.sends(MARKET)
        assert "没有选择报告" in self.ask(reviewer, []).words

    def test_another_offices_report_is_not_among_them(self, desk: Desk, foreign: Browser) -> None:
        report = desk.sends(MARKET)
        token = re.search(r'csrf-token" content="([^"]+)', foreign.get("/review").text)
        assert token
        told = {"csrf_token": token[1], "report": f"{report}:1", "sure": "yes"}
        assert foreign.post("/review/approve", told).status == 404
        assert desk.state(report) is ReportState.SUBMITTED


def test_starting_takes_up_the_first_that_waits(desk: Desk, reviewer: Browser) -> None:
    report = desk.sends(MARKET)
    page = reviewer.get("/review")
    [action] = page.all("//form[contains(@action, '/review/start')]/@action")
    assert reviewer.send(page, str(action)).answer.location == f"/review/{report}"
    assert desk.state(report) is ReportState.REVIEWING

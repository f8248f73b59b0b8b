"""What an archive holds: every expected unit in the office's order, with its documents or the reason why none."""

from collections.abc import Iterator, Mapping

import pytest
from sqlalchemy import select

from reports.states import Move
from storage.batches import batches
from storage.making import jobs
from storage.making.jobs import Failure
from storage.publishing.archives import Holding, contents
from storage.session import reading_scope, session_scope
from storage.settings import Settings
from storage.tables import Batch, RosterEntry, Scope
from tests.archives import EDUCATION, FINANCE, GOVERNMENT, KINDS, REVIEWER, TOWN, Town, town
from tests.orders import RECIPE, claimed


@pytest.fixture
def place(either: Settings) -> Iterator[Town]:
    yield from town(either)


def held(place: Town, batch: Batch | None = None) -> Mapping[str, Holding]:
    with reading_scope(place.engine) as session:
        return {one.standing.unit.name: one for one in contents(session, place.campaign, batch)}


def reason(place: Town, unit: str) -> str:
    found = held(place)[unit]
    assert found.documents == ()
    return found.reason


def test_every_expected_unit_is_there_in_the_offices_order(place: Town) -> None:
    place.hand_in(FINANCE)
    assert list(held(place)) == list(KINDS)


def test_an_approved_report_comes_with_its_revision_and_both_documents(place: Town) -> None:
    job = place.hand_in(EDUCATION)
    found = held(place)[EDUCATION]
    assert (found.revision, found.reason, found.is_missing) == (1, "", False)
    assert sorted(one.format for one in found.documents) == ["docx", "pdf"]
    assert {one.job_id for one in found.documents} == {job.id}


def test_each_unit_without_documents_has_its_own_reason(place: Town) -> None:
    report, _ = place.send(EDUCATION)
    with session_scope(place.engine) as session:
        entry = select(RosterEntry).where(RosterEntry.unit_id == place.units[TOWN].id)
        session.scalars(entry).one().exempt_because = "已撤销"
    assert reason(place, GOVERNMENT) == "还没有开始填报。"
    assert reason(place, EDUCATION) == "已报送，还没有审核通过。"
    assert reason(place, TOWN) == "免报：已撤销"
    place.approve(report)
    assert reason(place, EDUCATION) == "文件正在生成。"
    missing = {name: one.is_missing for name, one in held(place).items()}
    assert missing == {GOVERNMENT: True, EDUCATION: True, FINANCE: True, TOWN: False}


def test_a_job_that_failed_says_why_in_the_words_of_its_error(place: Town) -> None:
    report, job = place.send(EDUCATION)
    place.approve(report)
    claim = claimed(place.engine, job.id, "worker")
    with session_scope(place.engine) as session:
        jobs.fail(session, claim, Failure("broken", "转换超时。", "soffice was silent", retry=False), ())
    assert reason(place, EDUCATION) == "文件没有生成：转换超时。"


def test_a_batch_holds_what_it_has_made_and_not_what_came_later(place: Town) -> None:
    place.hand_in(EDUCATION)
    _, job = place.send(FINANCE)
    with session_scope(place.engine) as session:
        batch = batches.start(session, place.campaign, Scope.SENT, RECIPE, REVIEWER)
    place.make(job)
    assert [name for name, one in held(place, batch).items() if one.documents] == [EDUCATION, FINANCE]
    assert reason(place, FINANCE) == "已报送，还没有审核通过。"
    _, made = place.send(TOWN)
    place.make(made)
    assert held(place, batch)[TOWN].reason == "这一批开始以后才列入；请再生成一批。"


def test_documents_of_an_earlier_revision_are_never_handed_out_for_the_present_one(place: Town) -> None:
    report, job = place.send(EDUCATION)
    place.approve(report)
    place.make(job)
    with session_scope(place.engine) as session:
        batch = batches.start(session, place.campaign, Scope.APPROVED, RECIPE, REVIEWER)
    place.approve(report, Move.REOPEN)
    assert reason(place, EDUCATION) == "已退回修改，还没有再报送。"
    _, again = place.send(EDUCATION, **{"problems.found": "有一处更正。"})
    place.approve(report)
    assert held(place, batch)[EDUCATION].reason == "这一批做好以后，报告又改过；请再生成一批。"
    assert reason(place, EDUCATION) == "文件正在生成。"
    place.make(again)
    assert {one.job_id for one in held(place)[EDUCATION].documents} == {again.id}

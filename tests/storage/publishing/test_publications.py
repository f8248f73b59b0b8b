"""What is public is what was approved: nothing else gets out, a correction stands beside what it corrects."""

import pytest
from sqlalchemy import Engine, select

from reports.states import Move
from storage.filing import steps
from storage.publishing import catalogue, publications
from storage.publishing.publications import PublicationRefused, Refusal
from storage.session import reading_scope, session_scope
from storage.tables import AuditEvent, Format, Publication, Report, Revision
from tests.orders import CLERK, answers_of
from tests.people import MARKET, ordinary_report, read
from tests.publishing import REVIEWER, approved, corrected, made, published, sent
from tests.racing import race

BETTER = "全年主动公开政府信息15条。"


def refused(engine: Engine, report: Report, correction: str = "") -> Refusal:
    with pytest.raises(PublicationRefused) as caught, session_scope(engine) as session:
        publications.publish(session, report, REVIEWER, correction)
    return caught.value.why


def versions(engine: Engine) -> list[Publication]:
    with reading_scope(engine) as session:
        return list(session.scalars(select(Publication).order_by(Publication.number)))


def test_what_was_approved_and_has_documents_is_published(engine: Engine) -> None:
    with session_scope(engine) as session:
        report = approved(session)
    with session_scope(engine) as session:
        publication = publications.publish(session, report, REVIEWER, "nothing to correct the first time")
    assert (publication.number, publication.correction) == (1, "")
    with reading_scope(engine) as session:
        found = catalogue.find(session, report.public_id)
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == "report.published")).one()
    assert found is not None
    assert set(found.documents) == set(Format)
    assert found.revision.sha256 in event.detail


@pytest.mark.parametrize("moves", [(), (Move.BEGIN_REVIEW,), (Move.RETURN,), (Move.APPROVE, Move.REOPEN)])
def test_what_is_not_approved_is_not_published(engine: Engine, moves: tuple[Move, ...]) -> None:
    with session_scope(engine) as session:
        report = sent(session)
        made(session, report)
        for move in moves:
            steps.take(session, report, move, REVIEWER)
    assert refused(engine, report) is Refusal.NOT_APPROVED
    assert versions(engine) == []


@pytest.mark.parametrize("formats", [[Format.PDF], [Format.DOCX], None])
def test_what_lacks_a_document_is_not_published(engine: Engine, formats: list[Format] | None) -> None:
    with session_scope(engine) as session:
        report = sent(session)
        if formats:
            made(session, report, *formats)
        steps.take(session, report, Move.APPROVE, REVIEWER)
    assert refused(engine, report) is Refusal.NO_DOCUMENTS


def test_documents_of_another_revision_do_not_count(engine: Engine) -> None:
    with session_scope(engine) as session:
        report = approved(session)
        steps.take(session, report, Move.REOPEN, REVIEWER)
        sent(session, answers_of(overview=BETTER))
        steps.take(session, report, Move.APPROVE, REVIEWER)
    assert refused(engine, report) is Refusal.NO_DOCUMENTS


def test_the_same_is_not_published_twice(engine: Engine) -> None:
    with session_scope(engine) as session:
        publication = published(session)
        report = session.get_one(Report, publication.report_id)
    assert refused(engine, report) is Refusal.ALREADY
    assert len(versions(engine)) == 1


def test_of_many_who_publish_at_once_one_does(engine: Engine) -> None:
    with session_scope(engine) as session:
        report = approved(session)

    def press(_number: int) -> str:
        try:
            with session_scope(engine) as session:
                return f"number {publications.publish(session, report, REVIEWER).number}"
        except PublicationRefused as error:
            return error.why

    assert sorted(race(6, press)) == [Refusal.ALREADY] * 5 + ["number 1"]
    assert [one.number for one in versions(engine)] == [1]


def test_publishing_and_reopening_at_once_leaves_no_report_public_that_was_never_approved(engine: Engine) -> None:
    with session_scope(engine) as session:
        report = approved(session)

    def act(number: int) -> None:
        try:
            with session_scope(engine) as session:
                mine = session.get_one(Report, report.id)
                if number:
                    steps.take(session, mine, Move.REOPEN, REVIEWER)
                else:
                    publications.publish(session, mine, REVIEWER)
        except PublicationRefused:
            pass

    race(2, act)
    with reading_scope(engine) as session:
        public = session.scalars(select(Publication)).all()
        assert len(public) <= 1
        assert all(session.get_one(Revision, one.revision_id).sha256 == answers_of().digest for one in public)


def test_a_correction_says_what_it_corrects_and_stands_beside_the_old_one(engine: Engine) -> None:
    with session_scope(engine) as session:
        report = session.get_one(Report, published(session).report_id)
        steps.take(session, report, Move.REOPEN, REVIEWER)
        approved(session, answers_of(overview=BETTER))
    assert refused(engine, report, "  ") is Refusal.CORRECTION
    with session_scope(engine) as session:
        second = publications.publish(session, report, REVIEWER, " 更正公开条数 ")
    assert (second.number, second.correction) == (2, "更正公开条数")
    with reading_scope(engine) as session:
        old, new = (catalogue.find(session, report.public_id, number) for number in (1, None))
        assert old and new
        assert old.revision.answers == answers_of().to_json().decode(), "the old one says what it said"
        assert new.revision.answers == answers_of(overview=BETTER).to_json().decode()
        assert (old.is_newest, new.is_newest) == (False, True)
        assert [one.number for one in new.versions] == [1, 2]


def test_while_it_is_being_corrected_the_published_one_stays(engine: Engine) -> None:
    with session_scope(engine) as session:
        publication = published(session)
        report = session.get_one(Report, publication.report_id)
        steps.take(session, report, Move.REOPEN, REVIEWER)
        sent(session, answers_of(overview=BETTER))
    with reading_scope(engine) as session:
        found = catalogue.find(session, report.public_id)
        assert found
        assert found.revision.answers == answers_of().to_json().decode()


def test_withdrawn_needs_a_reason_and_is_said_once(engine: Engine) -> None:
    with session_scope(engine) as session:
        publication = published(session)
    for because, why in (("  ", Refusal.REASON), ("含有个人信息", None), ("再撤一次", Refusal.WITHDRAWN)):
        try:
            with session_scope(engine) as session:
                publications.withdraw(session, session.get_one(Publication, publication.id), REVIEWER, because)
            assert why is None
        except PublicationRefused as error:
            assert error.why is why
    [one] = versions(engine)
    assert one.withdrawn_because == "含有个人信息"
    with reading_scope(engine) as session:
        of_us = select(AuditEvent.action).where(AuditEvent.action.like("report.%publi%"))
        actions = session.scalars(of_us.order_by(AuditEvent.number)).all()
        assert list(actions) == ["report.published", "report.unpublished"]
        assert not publications.is_anything_public(session)


def test_with_the_last_version_all_that_it_corrected_is_withdrawn_and_an_old_one_alone(engine: Engine) -> None:
    with session_scope(engine) as session:
        published(session)
    corrected(engine, answers_of(overview=BETTER), "更正公开条数")
    with session_scope(engine) as session:
        old = session.scalars(select(Publication).where(Publication.number == 1)).one()
        assert publications.withdraw(session, old, REVIEWER, "含有个人信息") == 1
    assert [one.withdrawn_at is None for one in versions(engine)] == [False, True]
    corrected(engine, answers_of(overview="又改。"), "再次更正")
    with session_scope(engine) as session:
        last = session.scalars(select(Publication).where(Publication.number == 3)).one()
        assert publications.withdraw(session, last, REVIEWER, "全部重报") == 2
    assert [one.withdrawn_because for one in versions(engine)] == ["含有个人信息", "全部重报", "全部重报"]


def test_what_was_withdrawn_can_be_published_again_with_a_word(engine: Engine) -> None:
    with session_scope(engine) as session:
        publication = published(session)
        report = session.get_one(Report, publication.report_id)
        publications.withdraw(session, publication, REVIEWER, "误撤")
    assert refused(engine, report) is Refusal.CORRECTION
    with session_scope(engine) as session:
        assert publications.publish(session, report, REVIEWER, "恢复公布").number == 2


def test_of_many_each_is_published_or_named_with_the_reason(engine: Engine) -> None:
    with session_scope(engine) as session:
        market = read(ordinary_report(MARKET))
        good, waiting = approved(session), sent(session, market)
        before = session.get_one(Report, published(session, read(ordinary_report("临溪县财政局"))).report_id)
    with session_scope(engine) as session:
        outcomes = publications.publish_many(session, [before, waiting, good], REVIEWER)
    told = {one.report.id: one.publication.number if one.publication else one.refusal for one in outcomes}
    assert told == {good.id: 1, waiting.id: Refusal.NOT_APPROVED, before.id: Refusal.ALREADY}


def test_two_who_publish_all_at_once_publish_each_once(engine: Engine) -> None:
    with session_scope(engine) as session:
        every = [approved(session, answers_of(f"临溪县第{number}局")) for number in range(4)]

    def press(number: int) -> int:
        with session_scope(engine) as session:
            ordered = every if number % 2 else every[::-1]
            mine = [session.get_one(Report, one.id) for one in ordered]
            return sum(one.publication is not None for one in publications.publish_many(session, mine, REVIEWER))

    assert sum(race(4, press)) == 4
    assert len(versions(engine)) == 4


def test_only_revisions_with_both_documents_could_be_published(engine: Engine) -> None:
    with session_scope(engine) as session:
        whole, half = sent(session), sent(session, read(ordinary_report()))
        made(session, whole)
        made(session, half, Format.PDF)
        ids = {one.report_id: one.id for one in session.scalars(select(Revision))}
        assert publications.revisions_with_documents(session, ids.values()) == {ids[whole.id]}


def test_a_clerk_who_withdraws_takes_nothing_back_from_the_public(engine: Engine) -> None:
    """After a reopening the clerk may send and withdraw; the publication is the office's."""
    with session_scope(engine) as session:
        report = session.get_one(Report, published(session).report_id)
        steps.take(session, report, Move.REOPEN, REVIEWER)
        sent(session, answers_of(overview=BETTER))
        steps.take(session, report, Move.WITHDRAW, CLERK)
    with reading_scope(engine) as session:
        assert len(catalogue.lines(session, catalogue.Wanted(), 10)) == 1

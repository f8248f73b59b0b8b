"""What a clerk has in the form is kept before answers that somebody else hands in take its place."""

import json

import pytest
from sqlalchemy import Engine, select

from reports.admitting import Change
from storage.filing import fields
from storage.filing.reports import report_for
from storage.filing.submissions import submit
from storage.session import session_scope
from storage.tables import Revision, Submission, Unit
from tests.orders import CLERK, RECIPE, answers_of
from tests.people import ARCHIVES, annual

TYPIST = "account:wangfang"
CELL, TEXT = "article_20_6.penalties.handled", "overview.proactive"


@pytest.fixture
def typed(engine: Engine) -> None:
    """A clerk has begun: one figure, one text, and something that is no figure."""
    with session_scope(engine) as session:
        unit = Unit(name=ARCHIVES)
        session.add(unit)
        session.flush()
        report = report_for(session, unit, annual(), 2024)
        changes = [
            Change(CELL, "37", "", 0),
            Change(TEXT, "写了很久。", "", 0),
            Change("requests.received.natural_person", "12a", "", 0),
        ]
        fields.save(session, report, changes, TYPIST, annual())


def handed_in(engine: Engine, overview: str = "全年主动公开政府信息14条。") -> dict[str, object] | None:
    """What the submission of a program says of what it replaced."""
    with session_scope(engine) as session:
        sent = submit(session, answers_of(overview=overview), CLERK, RECIPE)
        fields.replace(session, sent.report, answers_of(overview=overview), CLERK)
        return json.loads(sent.submission.replaced) if sent.submission.replaced else None


@pytest.mark.usefixtures("typed")
def test_the_draft_is_a_revision_of_its_own_and_what_is_no_figure_is_kept_too(engine: Engine) -> None:
    told = handed_in(engine)
    assert told is not None
    assert told["unread"] == {"requests.received.natural_person": ["12a", ""]}
    with session_scope(engine) as session:
        revision = session.scalars(select(Revision).where(Revision.number == told["revision"])).one()
        kept = json.loads(revision.answers)
        assert (kept["cells"], kept["texts"]) == ({CELL: 37}, {TEXT: "写了很久。"})
        assert revision.created_by == TYPIST
        submission = session.scalars(select(Submission)).one()
        assert submission.revision_id != revision.id


def test_where_nobody_typed_nothing_is_replaced(engine: Engine) -> None:
    assert handed_in(engine) is None
    with session_scope(engine) as session:
        assert len(session.scalars(select(Revision)).all()) == 1


def test_what_was_sent_before_is_not_called_replaced(engine: Engine) -> None:
    handed_in(engine)
    assert handed_in(engine, "全年主动公开政府信息15条。") is None


@pytest.mark.usefixtures("typed")
def test_the_same_sent_again_changes_nothing(engine: Engine) -> None:
    first = handed_in(engine)
    assert handed_in(engine) == first


def test_a_draft_that_says_the_same_is_not_called_replaced(engine: Engine) -> None:
    with session_scope(engine) as session:
        unit = Unit(name=ARCHIVES)
        session.add(unit)
        session.flush()
        fields.replace(session, report_for(session, unit, annual(), 2024), answers_of(), TYPIST)
    assert handed_in(engine) is None

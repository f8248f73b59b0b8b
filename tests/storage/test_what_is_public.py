"""Whatever people do in whatever order: what is public is, byte for byte, what was approved, and stays what it was."""

from collections.abc import Callable
from random import Random

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from reports.states import Move, MoveRefused
from storage.filing import steps
from storage.filing.reports import latest_revision
from storage.filing.submissions import submit
from storage.publishing import catalogue, publications
from storage.publishing.publications import PublicationRefused
from storage.session import reading_scope, session_scope
from storage.tables import Publication, Report
from tests.orders import CLERK, RECIPE, answers_of
from tests.publishing import REVIEWER, made


class Walk:
    """One report, and people who do anything with it; what was approved is written down beside."""

    def __init__(self, engine: Engine, dice: Random) -> None:
        self.engine, self.dice = engine, dice
        self.approved: set[str] = set()
        # What each version said when it was published.
        self.said: dict[int, str] = {}

    def step(self) -> None:
        acts: list[Callable[[Session, Report], None]] = [self.send, self.withdraw]
        # Oftener what leads to something public.
        acts += 3 * [self.make, self.publish, self.move(Move.APPROVE)]
        acts += [self.move(move) for move in (Move.REOPEN, Move.RETURN, Move.WITHDRAW)]
        act = self.dice.choice(acts)
        try:
            with session_scope(self.engine) as session:
                report = session.scalar(select(Report))
                if report is not None or act == self.send:
                    act(session, report)  # type: ignore[arg-type]
        except (MoveRefused, PublicationRefused):
            pass

    def send(self, session: Session, report: Report) -> None:
        submit(session, answers_of(overview=f"全年主动公开政府信息{self.dice.randint(1, 4)}条。"), CLERK, RECIPE)

    def make(self, session: Session, report: Report) -> None:
        made(session, report)

    def move(self, move: Move) -> Callable[[Session, Report], None]:
        def act(session: Session, report: Report) -> None:
            revision = latest_revision(session, report)
            steps.take(session, report, move, REVIEWER)
            if move is Move.APPROVE and revision:
                self.approved.add(revision.answers)

        return act

    def publish(self, session: Session, report: Report) -> None:
        publication = publications.publish(session, report, REVIEWER, "更正")
        found = catalogue.find(session, report.public_id)
        assert found
        self.said[publication.number] = found.revision.answers

    def withdraw(self, session: Session, report: Report) -> None:
        if every := session.scalars(select(Publication)).all():
            publications.withdraw(session, self.dice.choice(every), REVIEWER, "原因")

    def holds(self) -> None:
        with reading_scope(self.engine) as session:
            report = session.scalar(select(Report))
            for number, said in self.said.items():
                found = report and catalogue.find(session, report.public_id, number)
                assert found
                assert found.revision.answers == said, "a version never changes"
                assert said in self.approved, "and nothing is public that nobody approved"
            listed = catalogue.lines(session, catalogue.Wanted(), 10)
            assert len(listed) <= 1
            assert all(line.number == max(self.said) for line in listed), "the list leads to the last version"


@pytest.mark.parametrize("seed", range(4))
def test_what_is_public_was_approved(engine: Engine, seed: int) -> None:
    walk = Walk(engine, Random(seed))
    # Long enough to say something: until three versions were public.
    for _ in range(500):
        walk.step()
        walk.holds()
        if len(walk.said) == 3:
            return
    raise AssertionError(f"this walk says little: {len(walk.said)} versions were public")

"""A campaign whose units have sent in their reports, and who reviews them."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from reports.states import Move, ReportState
from storage.filing import steps
from storage.filing.submissions import submit, withdraw
from storage.session import reading_scope, session_scope
from storage.tables import Campaign, Report, Role, RosterEntry, Unit
from tests.orders import RECIPE
from tests.people import but, ordinary_report, read
from tests.service.conftest import Office
from tests.service.visitors import Browser
from tests.units import collect

CLERK = "account:wangfang"
IN_FORCE = "article_20_1.normative_documents.in_force"


@dataclass
class Desk:
    """The office's campaign of 2025, and what its units do."""

    office: Office
    campaign: Campaign

    def sends(
        self,
        unit: str,
        cells: dict[str, Any] | None = None,
        texts: dict[str, str] | None = None,
        reasons: dict[str, str] | None = None,
    ) -> str:
        """A unit sends in its report of 2025; its public id."""
        # Last year's 9 in force, 3 more, 1 less: nothing to explain.
        document = but(ordinary_report(unit, 2025), cells={IN_FORCE: 11, **(cells or {})}, texts=texts or {})
        with session_scope(self.office.engine) as session:
            sent = submit(session, read(document), CLERK, RECIPE)
            if reasons:
                sent.submission.reasons = json.dumps(reasons, ensure_ascii=False)
            return sent.report.public_id

    def sent_last_year(self, unit: str) -> None:
        with session_scope(self.office.engine) as session:
            submit(session, read(ordinary_report(unit, 2024)), CLERK, RECIPE)

    def withdraws(self, report: str) -> None:
        with session_scope(self.office.engine) as session:
            withdraw(session, session.query(Report).filter_by(public_id=report).one(), CLERK)

    def takes(self, report: str, move: Move, actor: str = "account:shen") -> None:
        """A colleague moves it on."""
        with session_scope(self.office.engine) as session:
            found = session.query(Report).filter_by(public_id=report).one()
            due = date(2099, 1, 5) if move is Move.RETURN else None
            steps.take(session, found, move, actor, remark="请核对" if due else "", due_on=due)

    def state(self, report: str) -> ReportState:
        with reading_scope(self.office.engine) as session:
            return session.query(Report).filter_by(public_id=report).one().state

    def more_units(self, count: int) -> list[str]:
        """So many units more on the roster."""
        names = [f"临溪县第{number:02}局" for number in range(1, count + 1)]
        with session_scope(self.office.engine) as session:
            units = [Unit(name=name, supervisor_id=self.office.units.office.id) for name in names]
            session.add_all(units)
            session.flush()
            session.add_all(RosterEntry(campaign_id=self.campaign.id, unit_id=unit.id) for unit in units)
        return names


@pytest.fixture
def desk(office: Office) -> Desk:
    """The campaign of 2025, of 临溪县档案局 and 临溪县市场监督管理局."""
    units = office.units
    with session_scope(office.engine) as session:
        campaign = collect(session, units.office, units.archives, units.market)
    return Desk(office, campaign)


@pytest.fixture
def colleague(office: Office) -> Browser:
    """Another reviewer of the same office."""
    return office.visitor("shen", (Role.REVIEWER, office.units.office))


@pytest.fixture
def foreign(office: Office) -> Browser:
    """A reviewer of another office."""
    return office.visitor("zhao", (Role.REVIEWER, office.units.elsewhere))

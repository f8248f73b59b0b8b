"""The invented district enlarged to as many units as are asked for, all ready for the batch but a few that are not."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlalchemy import delete
from sqlalchemy.orm import Session

from reports.states import Move
from service.demo.district import Agency, district
from service.demo.writing import answers, last_year
from storage.filing import steps
from storage.filing.reports import report_for
from storage.filing.submissions import send_in
from storage.making.recipes import recipe_for
from storage.people import accounts, sessions
from storage.tables import Campaign, Job, Lane, Role, Unit
from tests.people import DEFINITIONS, annual
from tests.units import collect

YEAR = 2024
# One unit in so many has sent nothing, and the archive has to say so.
SILENT = 40


@dataclass(frozen=True)
class January:
    """A campaign that is ready, and the session of its reviewer."""

    campaign: Campaign
    token: str
    ready: int
    silent: int


def enlarged(count: int) -> Iterator[Agency]:
    """As many units as are asked for, each with its own name, as busy as those of the district."""
    known = district().agencies
    for number in range(count):
        one = known[number % len(known)]
        again = number // len(known)
        yield replace(one, name=f"{one.name}第{again + 1}分局") if again else one


def prepare(session: Session, count: int) -> January:
    """So many approved reports, and the units that have sent nothing."""
    office = Unit(name="云溪区人民政府办公室政务公开科")
    session.add(office)
    session.flush()
    agencies = list(enlarged(count))
    units = [Unit(name=agency.name, supervisor_id=office.id, position=at) for at, agency in enumerate(agencies)]
    names = [f"云溪区第{number + 1}临时机构" for number in range(1 + count // SILENT)]
    silent = [Unit(name=name, supervisor_id=office.id, position=count) for name in names]
    session.add_all([*units, *silent])
    session.flush()
    campaign = collect(session, office, *units, *silent, year=YEAR)
    for unit, agency in zip(units, agencies, strict=True):
        _approved(session, unit, agency)
    # Sending in has ordered documents already; here the batch shall have all of them to make.
    session.execute(delete(Job))
    account = accounts.create_account(session, "shenhe", "沈岚", "bench")
    accounts.appoint(session, account, Role.REVIEWER, office, "bench")
    token = sessions.open_session(session, account, "127.0.0.1", "bench")
    return January(campaign, token, count, len(silent))


def _approved(session: Session, unit: Unit, agency: Agency) -> None:
    said = answers(annual(), agency, YEAR, last_year(annual(), agency, YEAR))
    report = report_for(session, unit, annual(), YEAR)
    send_in(session, report, said, "bench", recipe_for(DEFINITIONS, annual()), Lane.BATCH)
    steps.take(session, report, Move.APPROVE, "bench")

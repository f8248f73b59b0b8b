"""How many worker processes so many units take: a sheet to try numbers on."""

from flask import render_template, request
from sqlalchemy import func, select

from service import access
from service.capacity import DEFAULT_HOURS, measured, plan
from service.pages import pages
from service.resources import resources
from storage.people.policy import Act
from storage.session import reading_scope
from storage.tables import Unit

_MOST_UNITS, _MOST_HOURS = 1_000_000, 1000


@pages.get("/capacity")
@access.person
def capacity() -> str:
    access.must(Act.SYSTEM)
    with reading_scope(resources().engine) as session:
        known = session.scalars(select(func.count()).where(Unit.ended_on.is_(None))).one()
        one = measured(session)
    typed = {"units": request.args.get("units", str(known)), "hours": request.args.get("hours", f"{DEFAULT_HOURS:g}")}
    units, hours = _number(typed["units"], _MOST_UNITS), _number(typed["hours"], _MOST_HOURS)
    planned = plan(one, int(units), hours) if units and units >= 1 and hours else None
    return render_template("capacity.html", typed=typed, measured=one, plan=planned)


def _number(typed: str, most: int) -> float | None:
    """A number that can be meant; None for anything else."""
    try:
        number = float(typed)
    except ValueError:
        return None
    return number if 0 < number <= most else None

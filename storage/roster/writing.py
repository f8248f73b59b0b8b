"""Writing down what a roster's plan says: all of it in one transaction, if everything is still as it was shown."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from storage import audit
from storage.roster.importing import Line, Plan, Row, Scope, plan_of
from storage.roster.initials import initials_of
from storage.roster.units import find_unit, hold_tree, put_in_order, under
from storage.tables import Unit


class RosterMoved(Exception):
    """The units, or the file, are no longer what was shown; the plan is what they would be now."""

    code = "roster_moved"

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        super().__init__(plan.digest)


def apply(session: Session, rows: Sequence[Row], scope: Scope, digest: str, actor: str) -> Plan:
    """Do what was shown under this digest; RosterMoved when it would be anything else, and nothing is written."""
    hold_tree(session)
    plan = plan_of(session, rows, scope)
    if plan.digest != digest or plan.refused:
        raise RosterMoved(plan)
    if plan.does_nothing:
        return plan
    _make_room(session, plan.changed)
    for line in plan.changed:
        assert line.unit is not None  # noqa: S101 - it would not be a change
        _write(line.unit, line)
    session.add_all(made := [_write(Unit(), line) for line in plan.new])
    session.flush()
    _place(session, plan, dict(zip((line.row.number for line in plan.new), made, strict=True)))
    session.flush()
    audit.record(session, actor, "units.imported", f"roster:{digest[:16]}", **_told(plan))
    return plan


def _make_room(session: Session, changed: Sequence[Line]) -> None:
    # Two units may trade names or codes: for a moment neither has one.
    for line in changed:
        if line.unit and ("name" in line.changes or "code" in line.changes):
            line.unit.name, line.unit.code = f"~{line.unit.public_id}", None
    session.flush()


def _write(unit: Unit, line: Line) -> Unit:
    said = line.facts
    if "name" in line.changes or not unit.initials:
        unit.initials = initials_of(said.name)
    unit.name, unit.code, unit.kind = said.name, said.code or None, said.kind
    unit.short_name, unit.email, unit.contact = said.short_name, said.email, said.contact
    return unit


def _place(session: Session, plan: Plan, made: dict[int, Unit]) -> None:
    offices: dict[str, Unit | None] = {"": None}
    orders: dict[int | None, list[Unit]] = {}
    for line in plan.lines:
        unit = line.unit or made[line.row.number]
        if line.supervisor not in offices:
            offices[line.supervisor] = find_unit(session, line.supervisor)
        office = offices[line.supervisor]
        if line.unit is None or "supervisor" in line.changes:
            unit.supervisor_id = office.id if office else None
        orders.setdefault(unit.supervisor_id, []).append(unit)
    session.flush()
    for office_id, units in orders.items():
        put_in_order(_whole_order(under(session, office_id), units, made, follows_file=not plan.absent))


def _whole_order(there: Sequence[Unit], named: list[Unit], made: dict[int, Unit], *, follows_file: bool) -> list[Unit]:
    """A file that names everybody is the new order; one that names some adds its new units at the end."""
    new = {unit.id for unit in made.values()}
    first = named if follows_file else [unit for unit in there if unit.id not in new]
    known = {unit.id for unit in first}
    return [*first, *(unit for unit in there if unit.id not in known)]


def _told(plan: Plan) -> dict[str, Any]:
    changed = {line.facts.name: dict(line.changes) for line in plan.changed}
    return {"new": [line.facts.name for line in plan.new], "changed": changed, "reordered": plan.reorders}

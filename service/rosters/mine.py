"""Whose units somebody may change: a reviewer those of the own office, a system administrator all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from flask import request
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from service import access
from storage.people.policy import Act, can, can_anywhere, offices_of, units_of
from storage.roster.importing import Scope
from storage.tables import Unit, UnitKind

_OFFICES: Final = (UnitKind.GOVERNMENT, UnitKind.OFFICE)


@dataclass(frozen=True, slots=True)
class Branch:
    """One unit in the tree: how deep it stands, and whether it can go up or down among its like."""

    unit: Unit
    depth: int
    place: int
    many: int


def must_keep_units() -> None:
    """NotFound unless whoever is signed in keeps units: of an office, or all."""
    me = access.me()
    if not can_anywhere(me, Act.CAMPAIGN) and not keeps_all():
        raise NotFound


def keeps_all() -> bool:
    return can(access.me(), Act.SYSTEM)


def kept_units() -> Select[int]:
    """The ids of the units that whoever is signed in may change."""
    return select(Unit.id) if keeps_all() else units_of(access.me(), Act.CAMPAIGN)


def kept_unit(session: Session, public_id: str) -> Unit:
    """The unit of that id; NotFound when it is another office's."""
    must_keep_units()
    allowed = select(Unit).where(Unit.public_id == public_id, Unit.id.in_(kept_units()))
    if (found := session.scalar(allowed)) is None:
        raise NotFound
    return found


def is_own_office(unit: Unit) -> bool:
    """Whether it is the very office that whoever is signed in works for: others decide what becomes of that."""
    return not keeps_all() and unit.id in offices_of(access.me(), Act.CAMPAIGN)


def supervisors(session: Session) -> Sequence[Unit]:
    """The units under which whoever is signed in may put others."""
    wanted = select(Unit).where(Unit.ended_on.is_(None)).order_by(Unit.position, Unit.id)
    if not keeps_all():
        return session.scalars(wanted.where(Unit.id.in_(offices_of(access.me(), Act.CAMPAIGN)))).all()
    already = select(Unit.supervisor_id).where(Unit.supervisor_id.is_not(None))
    return session.scalars(wanted.where(or_(Unit.kind.in_(_OFFICES), Unit.id.in_(already)))).all()


def scope(session: Session) -> Scope:
    """What a file that whoever is signed in brings may change; new units go under the office that it is for."""
    must_keep_units()
    if keeps_all():
        return Scope(kept_units(), None)
    found = supervisors(session)
    wanted = request.form.get("office") or request.args.get("office")
    home = next((one for one in found if one.public_id == wanted), found[0] if found else None)
    return Scope(kept_units(), home, frozenset(one.id for one in found))


def tree(session: Session, *, ended: bool) -> list[Branch]:
    """The units that whoever is signed in keeps, each under its supervisor, in the order of the lists."""
    wanted = select(Unit).where(Unit.id.in_(kept_units())).order_by(Unit.position, Unit.id)
    if not ended:
        wanted = wanted.where(Unit.ended_on.is_(None))
    units = session.scalars(wanted).all()
    known = {unit.id for unit in units}
    below: dict[int | None, list[Unit]] = {}
    for unit in units:
        above = unit.supervisor_id if unit.supervisor_id in known and unit.supervisor_id != unit.id else None
        below.setdefault(above, []).append(unit)
    found: list[Branch] = []
    waiting = [Branch(one, 0, place, len(below[None])) for place, one in enumerate(below.get(None, ()), 1)][::-1]
    while waiting:
        found.append(branch := waiting.pop())
        children = below.get(branch.unit.id, [])
        waiting += [Branch(one, branch.depth + 1, at, len(children)) for at, one in enumerate(children, 1)][::-1]
    return found

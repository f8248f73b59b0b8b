"""Units: made, changed and put in order by the office that supervises them, or by whoever runs the installation."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from typing import Final

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from reports.wording import _
from storage import audit
from storage.roster.facts import Facts, facts_of, faults, plain, tidied
from storage.roster.initials import initials_of
from storage.tables import Unit

# Of the lock that lets one at a time change the tree; any number nobody else takes.
_TREE: Final = 20_240_131


class UnitNotKept(ValueError):
    """A unit's name or code is taken, cannot be one, or its supervisor is not there."""

    code = "unit_not_kept"

    def __init__(self, problems: Mapping[str, str] | str) -> None:
        self.problems = {"": problems} if isinstance(problems, str) else dict(problems)
        self.for_person = "".join(self.problems.values())
        super().__init__(self.for_person)


def find_unit(session: Session, name: str) -> Unit | None:
    """The unit of that name."""
    return session.scalar(select(Unit).where(Unit.name == plain(name)))


def add_unit(
    session: Session, name: str, actor: str, code: str = "", supervisor: Unit | None = None, contact: str = ""
) -> Unit:
    """A new unit of which little is said, or UnitNotKept."""
    return create(session, Facts(name, code, contact=contact), supervisor, actor)


def create(session: Session, said: Facts, supervisor: Unit | None, actor: str) -> Unit:
    """A new unit, the last under its supervisor; or UnitNotKept, with what is wrong field by field."""
    hold_tree(session)
    said = _checked(session, said, None)
    unit = Unit(position=_after_all(session, supervisor), supervisor_id=supervisor and supervisor.id)
    _write(unit, said)
    session.add(unit)
    session.flush()
    told = {"name": said.name, "code": unit.code, "supervisor": supervisor and supervisor.name}
    audit.record(session, actor, "unit.created", subject_of(unit), **told)
    return unit


def rewrite(session: Session, unit: Unit, said: Facts, supervisor: Unit | None, actor: str) -> dict[str, list[str]]:
    """Put other facts in force, and another supervisor (None leaves it); what changed, by field, from what to what.

    A unit keeps its reports, its people and last year's figures, whatever it is called from now on.
    """
    hold_tree(session)
    session.refresh(unit)
    said = _checked(session, said, unit)
    before, was_under = facts_of(unit), unit.supervisor_id
    if supervisor is not None and supervisor.id != was_under:
        if unit.id in above(session, supervisor):
            refused = _("“{name}”不能由自己或自己的下级主管。").format(name=unit.name)
            raise UnitNotKept({"supervisor": refused})
        unit.supervisor_id, unit.position = supervisor.id, _after_all(session, supervisor)
    _write(unit, said)
    session.flush()
    changed = differences(before, said)
    if unit.supervisor_id != was_under:
        under = session.get(Unit, was_under) if was_under else None
        changed["supervisor"] = [under.name if under else "", supervisor.name if supervisor else ""]
    if changed:
        audit.record(session, actor, "unit.changed", subject_of(unit), **changed)
    return changed


def change_unit(
    session: Session, unit: Unit, actor: str, supervisor: Unit | None = None, contact: str | None = None
) -> None:
    """Another office supervises a unit, or somebody else is to be called."""
    known = facts_of(unit)
    rewrite(session, unit, known if contact is None else replace(known, contact=contact), supervisor, actor)


def differences(before: Facts, after: Facts) -> dict[str, list[str]]:
    """What differs, by field, from what to what."""
    pairs = {one.name: [str(getattr(side, one.name)) for side in (before, after)] for one in fields(Facts)}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def under(session: Session, supervisor_id: int | None) -> Sequence[Unit]:
    """The units of one supervisor in the order of its list, those that are no more among them."""
    siblings = select(Unit).where(Unit.supervisor_id == supervisor_id, Unit.id != supervisor_id)
    if supervisor_id is None:
        siblings = select(Unit).where(Unit.supervisor_id.is_(None))
    return session.scalars(siblings.order_by(Unit.position, Unit.id)).all()


def move_to(session: Session, unit: Unit, place: int, actor: str) -> bool:
    """Make a unit the `place`-th (from 1) under its supervisor; False when it is that already."""
    hold_tree(session)
    order = list(under(session, unit.supervisor_id))
    before = [one.id for one in order]
    order.sort(key=lambda one: one.id == unit.id)
    order.insert(max(0, min(place - 1, len(order) - 1)), order.pop())
    if [one.id for one in order] == before:
        return False
    put_in_order(order)
    session.flush()
    told = {"place": order.index(unit) + 1, "of": len(order)}
    audit.record(session, actor, "unit.moved", subject_of(unit), **told)
    return True


def put_in_order(units: Iterable[Unit]) -> None:
    """Number these as they stand, from 1."""
    for place, unit in enumerate(units, 1):
        unit.position = place


def hold_tree(session: Session) -> None:
    """Nobody else changes the tree until this transaction ends: two moves that are fine alone can make a ring."""
    # SQLite has one writer anyway.
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_TREE)))


def above(session: Session, unit: Unit) -> set[int]:
    """A unit and all that supervise it."""
    found: set[int] = set()
    one: int | None = unit.id
    while one is not None and one not in found:
        found.add(one)
        one = session.scalar(select(Unit.supervisor_id).where(Unit.id == one))
    return found


def subject_of(unit: Unit) -> str:
    """What the audit trail calls a unit."""
    return f"unit:{unit.public_id}"


def _checked(session: Session, said: Facts, unit: Unit | None) -> Facts:
    said = tidied(said)
    wrong, own = faults(said), unit.id if unit else None
    if "name" not in wrong and _taken(session, select(Unit.id).where(Unit.name == said.name), own):
        wrong["name"] = _("已有名为“{name}”的单位。").format(name=said.name)
    if said.code and "code" not in wrong and _taken(session, select(Unit.id).where(Unit.code == said.code), own):
        wrong["code"] = _("统一社会信用代码“{code}”已经用于另一个单位。").format(code=said.code)
    if wrong:
        raise UnitNotKept(wrong)
    return said


def _taken(session: Session, by: Select[int], own: int | None) -> bool:
    found = session.scalar(by)
    return found is not None and found != own


def _write(unit: Unit, said: Facts) -> None:
    if unit.name != said.name or not unit.initials:
        unit.initials = initials_of(said.name)
    unit.name, unit.code, unit.kind = said.name, said.code or None, said.kind
    unit.short_name, unit.email, unit.contact = said.short_name, said.email, said.contact


def _after_all(session: Session, supervisor: Unit | None) -> int:
    last = select(func.max(Unit.position)).where(Unit.supervisor_id == (supervisor and supervisor.id))
    return (session.scalar(last) or 0) + 1

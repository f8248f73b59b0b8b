"""What becomes of units: one is made anew under another name, several are merged, one simply ends.

Last year's figures of whoever took over are found through `predecessor_id` (`storage.reports.answers_of_last_year`).
A unit that is only called differently keeps its row, and with it everything: see `storage.units.rewrite`.
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from reports.wording import _
from storage import audit
from storage.roster.facts import Facts
from storage.roster.units import UnitNotKept, create, hold_tree, move_to, subject_of
from storage.tables import Unit


def make_anew(session: Session, old: Unit, said: Facts, on: date, actor: str) -> Unit:
    """Another body takes the place of `old`, under another name and code, and goes on from its figures."""
    hold_tree(session)
    _must_be_free(session, old)
    place, supervisor = old.position, session.get(Unit, old.supervisor_id) if old.supervisor_id else None
    if said.code and said.code == old.code:
        # One body has one code: it goes along, and the old row gives it up.
        old.code = None
        session.flush()
    new = create(session, said, supervisor, actor)
    new.predecessor_id = old.id
    move_to(session, new, place, actor)
    _end(session, old, new, on, actor)
    return new


def merge(session: Session, old: Unit, into: Unit, on: date, actor: str) -> None:
    """The duties of `old` go to a unit that is there already; UnitNotKept when that is itself or ended."""
    hold_tree(session)
    _must_be_free(session, old)
    if into.id == old.id or old.id in _after(session, into):
        raise UnitNotKept({"into": _("单位不能并入自己，也不能并入由它变更来的单位。")})
    if into.ended_on is not None:
        raise UnitNotKept({"into": _("“{name}”已经撤销，不能再并入。").format(name=into.name)})
    # Its own figures come first; only a unit without any goes on from those of the first that it took in.
    if into.predecessor_id is None and into.id not in _before(session, old):
        into.predecessor_id = old.id
    _end(session, old, into, on, actor)


def end(session: Session, old: Unit, on: date, actor: str) -> None:
    """A unit is no more, and nobody took over."""
    hold_tree(session)
    _must_be_free(session, old)
    _end(session, old, None, on, actor)


def revive(session: Session, old: Unit, actor: str) -> bool:
    """Take an end back; False when there was none. Whoever took over keeps what it has, but the link."""
    hold_tree(session)
    if old.ended_on is None:
        return False
    successor = session.get(Unit, old.successor_id) if old.successor_id else None
    if successor is not None and successor.predecessor_id == old.id:
        successor.predecessor_id = None
    old.ended_on = old.successor_id = None
    session.flush()
    audit.record(session, actor, "unit.revived", subject_of(old))
    return True


def came_from(session: Session, unit: Unit) -> Sequence[Unit]:
    """The units whose duties went to this one."""
    return session.scalars(select(Unit).where(Unit.successor_id == unit.id).order_by(Unit.ended_on, Unit.id)).all()


def _must_be_free(session: Session, old: Unit) -> None:
    if old.ended_on is not None:
        raise UnitNotKept(_("“{name}”已经撤销。").format(name=old.name))
    supervised = select(func.count()).where(Unit.supervisor_id == old.id, Unit.id != old.id, Unit.ended_on.is_(None))
    if many := session.scalars(supervised.select_from(Unit)).one():
        sentence = _("“{name}”还主管 {n} 个单位，请先把它们转给别的单位。")
        raise UnitNotKept(sentence.format(name=old.name, n=many))


def _end(session: Session, old: Unit, successor: Unit | None, on: date, actor: str) -> None:
    old.ended_on, old.successor_id = on, successor.id if successor else None
    session.flush()
    told = {"on": on.isoformat(), "into": successor and successor.name}
    audit.record(session, actor, "unit.ended", subject_of(old), **told)


def _after(session: Session, unit: Unit) -> set[int]:
    """Everybody to whom the duties of a unit ever went, itself too."""
    return _walk(session, unit, "successor_id")


def _before(session: Session, unit: Unit) -> set[int]:
    return _walk(session, unit, "predecessor_id")


def _walk(session: Session, unit: Unit, link: str) -> set[int]:
    found: set[int] = set()
    one: int | None = unit.id
    while one is not None and one not in found:
        found.add(one)
        one = session.scalar(select(getattr(Unit, link)).where(Unit.id == one))
    return found

"""Units: made and moved by whoever runs the installation."""

import re
import unicodedata
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from reports.wording import _
from storage import audit
from storage.tables import Unit

_LONGEST: Final = 200
# The letters of a 统一社会信用代码, by their values; GB 32100-2015.
_CODE: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"


class UnitNotKept(ValueError):
    """A unit's name or code is taken, cannot be one, or its supervisor is not there."""

    code = "unit_not_kept"

    def __init__(self, for_person: str) -> None:
        self.for_person = for_person
        super().__init__(for_person)


def find_unit(session: Session, name: str) -> Unit | None:
    """The unit of that name."""
    return session.scalar(select(Unit).where(Unit.name == _plain(name)))


def add_unit(
    session: Session, name: str, actor: str, code: str = "", supervisor: Unit | None = None, contact: str = ""
) -> Unit:
    """A new unit, or UnitNotKept."""
    name, code = _plain(name), _plain(code).upper()
    if not name or len(name) > _LONGEST or not name.isprintable():
        raise UnitNotKept(_("单位名称应是 1 至 200 个字。"))
    if find_unit(session, name):
        raise UnitNotKept(_("已有名为“{name}”的单位。").format(name=name))
    _check_code(session, code)
    unit = Unit(name=name, code=code or None, supervisor_id=supervisor and supervisor.id, contact=contact.strip())
    session.add(unit)
    session.flush()
    told = {"name": name, "code": unit.code, "supervisor": supervisor and supervisor.name}
    audit.record(session, actor, "unit.created", f"unit:{unit.public_id}", **told)
    return unit


def change_unit(
    session: Session, unit: Unit, actor: str, supervisor: Unit | None = None, contact: str | None = None
) -> None:
    """Another office supervises a unit, or somebody else is to be called."""
    if supervisor is not None:
        if unit.id in _above(session, supervisor):
            raise UnitNotKept(_("“{name}”不能由自己或自己的下级主管。").format(name=unit.name))
        unit.supervisor_id = supervisor.id
    if contact is not None:
        unit.contact = contact.strip()
    session.flush()
    told = {"supervisor": supervisor and supervisor.name, "contact": contact}
    audit.record(session, actor, "unit.changed", f"unit:{unit.public_id}", **told)


def _above(session: Session, unit: Unit) -> set[int]:
    """A unit and all that supervise it."""
    found: set[int] = set()
    above: int | None = unit.id
    while above is not None and above not in found:
        found.add(above)
        above = session.scalar(select(Unit.supervisor_id).where(Unit.id == above))
    return found


def _check_code(session: Session, code: str) -> None:
    if not code:
        return
    if not _is_code(code):
        raise UnitNotKept(_("统一社会信用代码“{code}”不对，请核对 18 位字符。").format(code=code))
    if session.scalar(select(Unit.id).where(Unit.code == code)) is not None:
        raise UnitNotKept(_("统一社会信用代码“{code}”已经用于另一个单位。").format(code=code))


def _is_code(code: str) -> bool:
    if not re.fullmatch(f"[{_CODE}]{{18}}", code):
        return False
    weighed = sum(_CODE.index(letter) * pow(3, place, 31) for place, letter in enumerate(code[:17]))
    return (31 - weighed % 31) % 31 == _CODE.index(code[17])


def _plain(typed: str) -> str:
    return unicodedata.normalize("NFC", typed).strip()

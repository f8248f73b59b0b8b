"""A roster that somebody brings in a file: what it would change, row by row, and changing exactly that, or nothing."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from typing import Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from reports.wording import _
from storage.roster.facts import KINDS, Facts, facts_of, faults, tidied
from storage.roster.units import differences
from storage.tables import Unit, UnitKind

# The columns by the names of what they hold; the first one must be there.
COLUMNS: Final[Mapping[str, str]] = {
    "name": "单位名称",
    "code": "统一社会信用代码",
    "kind": "单位类型",
    "short_name": "简称",
    "supervisor": "主管单位",
    "email": "邮箱",
    "contact": "联系人和电话",
}
_KINDS: Final = {word: kind for kind, word in KINDS.items()}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the file: its number as the spreadsheet shows it, and its cells by the columns that are there."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Refused:
    """What cannot be: where, what is wrong, what to do."""

    number: int
    column: str
    wrong: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row that can be: what will be known of its unit, and what that changes, from what to what."""

    row: Row
    facts: Facts
    supervisor: str
    unit: Unit | None = None
    changes: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(slots=True)
class Plan:
    """Everything a file would do; `digest` names the file's rows and the units as they were then."""

    rows: Sequence[Row]
    new: list[Line] = field(default_factory=list)
    changed: list[Line] = field(default_factory=list)
    unchanged: list[Line] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    absent: list[Unit] = field(default_factory=list)
    # Whether the order of the office's list becomes that of the file.
    reorders: bool = False
    digest: str = ""

    @property
    def lines(self) -> list[Line]:
        """The rows that can be, in the order of the file."""
        return sorted([*self.new, *self.changed, *self.unchanged], key=lambda line: line.row.number)

    @property
    def does_nothing(self) -> bool:
        return not (self.new or self.changed or self.reorders)


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose units a file may change: those selected; new ones go under `home` unless it says otherwise.

    `offices` are the units that may be named as supervisors; None when any may.
    """

    units: Select[int]
    home: Unit | None
    offices: frozenset[int] | None = None


def plan_of(session: Session, rows: Sequence[Row], scope: Scope) -> Plan:
    """What these rows would do now; nothing is written."""
    plan = Plan(rows)
    here = _Here.look(session, scope)
    seen: dict[int, Row] = {}
    for row in rows:
        _judge(plan, here, row, seen)
    _refuse_what_meets(plan, here)
    plan.absent = [one for one in here.mine.values() if one.id not in seen and one.ended_on is None]
    plan.absent = [one for one in plan.absent if here.scope.home is None or one.id != here.scope.home.id]
    plan.reorders = not plan.absent and _is_reordered(plan)
    plan.refused.sort(key=lambda one: one.number)
    plan.digest = _digest(plan, here)
    return plan


@dataclass(slots=True)
class _Here:
    """The units as they are: all of them, and those that the file may change."""

    scope: Scope
    by_id: dict[int, Unit]
    by_name: dict[str, Unit]
    by_code: dict[str, Unit]
    mine: dict[int, Unit]

    @classmethod
    def look(cls, session: Session, scope: Scope) -> "_Here":
        units = session.scalars(select(Unit).order_by(Unit.position, Unit.id)).all()
        allowed = set(session.scalars(scope.units))
        return cls(
            scope,
            {one.id: one for one in units},
            {one.name: one for one in units},
            {one.code: one for one in units if one.code},
            {one.id: one for one in units if one.id in allowed},
        )

    def supervisor_of(self, unit: Unit) -> str:
        above = self.by_id.get(unit.supervisor_id) if unit.supervisor_id else None
        return above.name if above and above.id != unit.id else ""


def _judge(plan: Plan, here: _Here, row: Row, seen: dict[int, Row]) -> None:
    code, name = row.cells.get("code", ""), tidied(Facts(row.cells.get("name", ""))).name
    unit = here.by_code.get(tidied(Facts("", code)).code) or here.by_name.get(name)
    said, troubles = _read(here, row, unit)
    if unit is not None and unit.id in seen:
        wrong = _("与第 {n} 行是同一个单位。").format(n=seen[unit.id].number)
        troubles.append(Refused(row.number, COLUMNS["name"], wrong, _("只留一行。")))
    elif unit is not None and unit.id not in here.mine:
        wrong = _("“{name}”由另一个主管单位管理。").format(name=unit.name)
        troubles.append(Refused(row.number, COLUMNS["name"], wrong, _("删去这一行；要划转的，请系统管理员办理。")))
    elif unit is not None and unit.ended_on is not None:
        wrong = _("“{name}”已经撤销。").format(name=unit.name)
        troubles.append(Refused(row.number, COLUMNS["name"], wrong, _("删去这一行，或先在单位页恢复它。")))
    if unit is not None:
        seen[unit.id] = row
    if troubles or said is None:
        plan.refused += troubles
        return
    supervisor = _supervisor(here, row, unit)
    if unit is None:
        plan.new.append(Line(row, said, supervisor))
        return
    changes = dict(differences(facts_of(unit), said))
    if supervisor != (before := here.supervisor_of(unit)):
        changes["supervisor"] = [before, supervisor]
    (plan.changed if changes else plan.unchanged).append(Line(row, said, supervisor, unit, changes))


def _read(here: _Here, row: Row, unit: Unit | None) -> tuple[Facts | None, list[Refused]]:
    """The facts of a row: a column that is not there leaves what is known, an empty cell empties it."""
    known = facts_of(unit) if unit else Facts("")
    typed = row.cells
    word = typed.get("kind", "").strip()
    if word and word not in _KINDS:
        wrong = _("“{word}”不是单位类型。").format(word=word)
        remedy = _("填写其中之一：{words}。").format(words="、".join(_KINDS))
        return None, [Refused(row.number, COLUMNS["kind"], wrong, remedy)]
    said = tidied(
        Facts(
            typed.get("name", ""),
            typed.get("code", known.code),
            _KINDS[word] if word else (unit.kind if unit else UnitKind.OTHER),
            typed.get("short_name", known.short_name),
            typed.get("email", known.email),
            typed.get("contact", known.contact),
        )
    )
    remedy = _("改正这一格，再传一次。")
    return said, [Refused(row.number, COLUMNS[name], wrong, remedy) for name, wrong in faults(said).items()]


def _supervisor(here: _Here, row: Row, unit: Unit | None) -> str:
    """The name of who will supervise a row's unit; an empty cell leaves it where it is, or with the office."""
    named = tidied(Facts(row.cells.get("supervisor", ""))).name
    if named:
        return named
    if unit is not None:
        return here.supervisor_of(unit)
    return here.scope.home.name if here.scope.home else ""


def _refuse_what_meets(plan: Plan, here: _Here) -> None:
    """Names and codes that would be there twice, supervisors that are not there or may not be, rings."""
    troubles = [*_twice(plan, here), *_strange_supervisors(plan, here)]
    if not troubles:
        troubles = [*_rings(plan, here)]
    wrong = {one.number for one in troubles}
    plan.refused += troubles
    for lines in (plan.new, plan.changed, plan.unchanged):
        lines[:] = [line for line in lines if line.row.number not in wrong]


def _twice(plan: Plan, here: _Here) -> Iterator[Refused]:
    rewritten = {line.unit.id for line in plan.lines if line.unit}
    others = [one for one in here.by_id.values() if one.id not in rewritten]
    for column, taken in (("name", {one.name for one in others}), ("code", {one.code for one in others if one.code})):
        many = Counter(getattr(line.facts, column) for line in plan.lines)
        for line in plan.lines:
            value = getattr(line.facts, column)
            if value and many[value] > 1:
                wrong = _("“{value}”在表里出现了 {n} 次。").format(value=value, n=many[value])
                yield Refused(line.row.number, COLUMNS[column], wrong, _("核对后只留一处。"))
            elif value in taken:
                wrong = _("“{value}”已经用于另一个单位。").format(value=value)
                yield Refused(
                    line.row.number, COLUMNS[column], wrong, _("核对后改正；已经改名的单位，请写上它的代码。")
                )


def _strange_supervisors(plan: Plan, here: _Here) -> Iterator[Refused]:
    coming = {line.facts.name for line in plan.lines}
    allowed = here.scope.offices
    for line in plan.lines:
        unchanged = line.unit is not None and "supervisor" not in line.changes
        if unchanged or not line.supervisor or (allowed is None and line.supervisor in coming):
            continue
        above = here.by_name.get(line.supervisor)
        if above is None:
            wrong = _("没有名为“{name}”的单位。").format(name=line.supervisor)
            yield Refused(line.row.number, COLUMNS["supervisor"], wrong, _("核对名称，或空着不填。"))
        elif above.ended_on is not None or (allowed is not None and above.id not in allowed):
            wrong = _("不能把单位放到“{name}”下面。").format(name=line.supervisor)
            yield Refused(
                line.row.number, COLUMNS["supervisor"], wrong, _("只能写本办公室；要划转的，请系统管理员办理。")
            )


def _rings(plan: Plan, here: _Here) -> Iterator[Refused]:
    above = {one.name: here.supervisor_of(one) for one in here.by_id.values()}
    for line in plan.lines:
        if line.unit is not None and line.unit.name != line.facts.name:
            above.pop(line.unit.name, None)
        above[line.facts.name] = line.supervisor
    for line in plan.lines:
        if line.unit is not None and "supervisor" not in line.changes:
            continue
        seen, one = {line.facts.name}, above.get(line.facts.name, "")
        while one and one not in seen:
            seen.add(one)
            one = above.get(one, "")
        if one == line.facts.name:
            wrong = _("“{name}”会由自己或自己的下级主管。").format(name=line.facts.name)
            yield Refused(line.row.number, COLUMNS["supervisor"], wrong, _("改正主管单位，使上下级不成圈。"))


def _is_reordered(plan: Plan) -> bool:
    by_office: dict[str, list[tuple[int, int]]] = {}
    for line in plan.lines:
        if line.unit is not None:
            by_office.setdefault(line.supervisor, []).append((line.unit.position, line.unit.id))
    return any(order != sorted(order) for order in by_office.values())


def _digest(plan: Plan, here: _Here) -> str:
    units = [
        (one.id, astuple(facts_of(one)), one.supervisor_id, one.position, str(one.ended_on))
        for one in here.mine.values()
    ]
    refused = [astuple(one) for one in plan.refused]
    told = [[(row.number, dict(row.cells)) for row in plan.rows], units, refused, plan.reorders]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()

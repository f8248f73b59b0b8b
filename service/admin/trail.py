"""The audit trail for auditors: what is looked for, and each event with the names that people know."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any, Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from service.admin.audit_words import action_in_words, actions_of, detail_in_words
from service.language import _
from storage.audit_trail import Wanted
from storage.tables import Account, AuditEvent, Campaign, Report, Unit

_MOST_NAMED: Final = 300
_CHINA: Final = timezone(timedelta(hours=8))
_SORTS: Final[Mapping[str, Callable[[], str]]] = {
    "account": lambda: _("账号"),
    "batch": lambda: _("批次"),
    "campaign": lambda: _("年度填报"),
    "job": lambda: _("任务"),
    "key": lambda: _("接口密钥"),
    "operator": lambda: _("服务器操作员"),
    "report": lambda: _("报告"),
    "template": lambda: _("模板"),
    "unit": lambda: _("单位"),
    "worker": lambda: _("生成进程"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One event as people read it."""

    number: int
    at: datetime
    who: str
    act: str
    what: str
    detail: str
    event: AuditEvent


@dataclass(frozen=True, slots=True)
class Search:
    """What was typed into the filter."""

    who: str = ""
    group: str = ""
    what: str = ""
    since: str = ""
    until: str = ""

    @classmethod
    def typed(cls, said: Mapping[str, str]) -> "Search":
        return cls(*(said.get(name, "").strip()[:200] for name in ("who", "group", "what", "since", "until")))

    def asked(self) -> dict[str, str]:
        """As an address says it again."""
        told = {"who": self.who, "group": self.group, "what": self.what, "since": self.since, "until": self.until}
        return {name: value for name, value in told.items() if value}

    def wanted(self, session: Session) -> Wanted:
        """What that means in the trail."""
        return Wanted(
            actors=_actors(session, self.who) if self.who else None,
            actions=actions_of(self.group) if self.group else None,
            subjects=_subjects(session, self.what) if self.what else None,
            since=_midnight(self.since),
            until=_midnight(self.until, days=1),
        )

    @property
    def trouble(self) -> str:
        """Why what was typed cannot be looked for; "" when it can."""
        for day in (self.since, self.until):
            if day and _day(day) is None:
                return _("“{day}”不是日期，请写成 2026-01-31 这样。").format(day=day)
        return ""


def lines(session: Session, events: Sequence[AuditEvent]) -> Sequence[Line]:
    """These events with names in place of numbers."""
    names = _names(session, [*(one.actor for one in events), *(one.subject for one in events)])
    return [
        Line(
            one.number,
            one.at,
            names[one.actor],
            action_in_words(one.action),
            names[one.subject],
            detail_in_words(one.detail),
            one,
        )
        for one in events
    ]


def _actors(session: Session, typed: str) -> tuple[str, ...]:
    logins = _logins(session, typed)
    return (
        typed,
        *(f"{sort}:{typed}" for sort in ("key", "operator", "worker")),
        *(f"account:{one}" for one in logins),
    )


def _subjects(session: Session, typed: str) -> tuple[str, ...]:
    named = select(Unit.id, Unit.public_id).where(Unit.name.contains(typed, autoescape=True)).limit(_MOST_NAMED)
    units = session.execute(named).all()
    of_units = select(Report.public_id).where(Report.unit_id.in_([id for id, _ in units])).limit(_MOST_NAMED)
    campaigns = select(Campaign.public_id).where(Campaign.supervisor_id.in_([id for id, _ in units]))
    return (
        typed,
        *(f"account:{one}" for one in _logins(session, typed)),
        *(f"unit:{one}" for _, one in units),
        *(f"report:{one}" for one in session.scalars(of_units)),
        *(f"campaign:{one}" for one in session.scalars(campaigns)),
    )


def _logins(session: Session, typed: str) -> Sequence[str]:
    like = or_(Account.login.contains(typed, autoescape=True), Account.person.contains(typed, autoescape=True))
    return session.scalars(select(Account.login).where(like).limit(_MOST_NAMED)).all()


def _names(session: Session, told: Iterable[str]) -> Mapping[str, str]:
    """What stands behind `report:…`, `account:…` and their like, asked for once for all of them."""
    wanted = dict.fromkeys(told)
    by_sort: dict[str, list[str]] = {}
    for one in wanted:
        sort, _colon, name = one.partition(":")
        by_sort.setdefault(sort, []).append(name)
    known = {sort: dict(_look_up(session, sort, names)) for sort, names in by_sort.items()}
    return {one: _called(one, known) for one in wanted}


def _look_up(session: Session, sort: str, names: Sequence[str]) -> Iterable[tuple[str, str]]:
    queries: dict[str, Any] = {
        "account": select(Account.login, Account.person).where(Account.login.in_(names)),
        "unit": select(Unit.public_id, Unit.name).where(Unit.public_id.in_(names)),
        "report": _with_year(Report, Report.unit_id, names),
        "campaign": _with_year(Campaign, Campaign.supervisor_id, names),
    }
    if sort not in queries:
        return
    for id, name, *year in session.execute(queries[sort]):
        yield id, _("{unit} {year}年度").format(unit=name, year=year[0]) if year else name


def _with_year(table: Any, unit_id: Any, names: Sequence[str]) -> Any:
    found = select(table.public_id, Unit.name, table.year).join(Unit, Unit.id == unit_id)
    return found.where(table.public_id.in_(names))


def _called(told: str, known: Mapping[str, Mapping[str, str]]) -> str:
    sort, _colon, name = told.partition(":")
    if told == "unknown":
        return _("未登录")
    found = known.get(sort, {}).get(name)
    if sort == "account":
        return f"{found}（{name}）" if found else _("账号 {name}").format(name=name)
    if found:
        return found
    return f"{_SORTS[sort]()} {name}" if sort in _SORTS else told


def _day(typed: str) -> date | None:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", typed):
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _midnight(typed: str, days: int = 0) -> datetime | None:
    day = _day(typed)
    if day is None or day.year >= 9000:
        return None
    return datetime(day.year, day.month, day.day, tzinfo=_CHINA) + timedelta(days=days)

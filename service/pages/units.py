"""Units: the tree, one unit's facts, its place, and what becomes of it."""

from typing import Any, Final

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service import access
from service.deadlines import today
from service.language import _
from service.pages import pages
from service.resources import resources
from service.rosters import mine
from service.rosters.lines import like
from service.rosters.opening import day_in
from service.rosters.turning import leaf_of
from storage.roster import history, units
from storage.roster.facts import KINDS, Facts, facts_of
from storage.roster.units import UnitNotKept
from storage.session import reading_scope, session_scope
from storage.tables import Unit, UnitKind

A_PAGE: Final = 100


@pages.get("/units", endpoint="units")
@access.person
def list_units() -> str:
    mine.must_keep_units()
    typed, ended = request.args.get("like", "").strip()[:100], request.args.get("ended") == "1"
    with reading_scope(resources().engine) as session:
        found = [one for one in mine.tree(session, ended=ended) if not typed or like(one.unit, typed)]
        return render_template("roster/units.html", leaf=leaf_of(found, A_PAGE), like=typed, ended=ended, kinds=KINDS)


@pages.get("/units/new")
@access.person
def new_unit() -> str:
    mine.must_keep_units()
    with reading_scope(resources().engine) as session:
        return _page(session, None)


@pages.post("/units/new")
@access.person
def add_unit() -> Response | tuple[str, int]:
    mine.must_keep_units()
    try:
        with session_scope(resources().engine) as session:
            made = units.create(session, _said(), _supervisor(session) or _own_office(session), access.actor())
    except UnitNotKept as error:
        with reading_scope(resources().engine) as session:
            return _page(session, None, error.problems), 422
    flash(_("已新增“{name}”。").format(name=made.name))
    return redirect(url_for("pages.units"), 303)


@pages.get("/units/<unit>")
@access.person
def unit(unit: str) -> str:
    with reading_scope(resources().engine) as session:
        return _page(session, mine.kept_unit(session, unit))


@pages.post("/units/<unit>")
@access.person
def change_unit(unit: str) -> Response | tuple[str, int]:
    try:
        with session_scope(resources().engine) as session:
            found = mine.kept_unit(session, unit)
            changed = units.rewrite(session, found, _said(), _supervisor(session), access.actor())
    except UnitNotKept as error:
        return _again(unit, error.problems)
    flash(_("已保存。") if changed else _("没有改动。"))
    return redirect(url_for("pages.unit", unit=unit), 303)


@pages.post("/units/<unit>/place")
@access.person
def place_unit(unit: str) -> Response:
    with session_scope(resources().engine) as session:
        found = mine.kept_unit(session, unit)
        there = [one.id for one in units.under(session, found.supervisor_id) if one.ended_on is None]
        step = request.form.get("step", 0, type=int)
        wanted = request.form.get("place", 0, type=int)
        if found.id in there and (step or wanted):
            # Those that are no more stand between, and nobody sees them.
            goal = max(0, min(len(there) - 1, there.index(found.id) + step if step else wanted - 1))
            whole = [one.id for one in units.under(session, found.supervisor_id)]
            units.move_to(session, found, whole.index(there[goal]) + 1, access.actor())
    kept = {name: request.form.get(name) or None for name in ("like", "from")}
    return redirect(url_for("pages.units", _anchor=f"u-{unit}", **kept), 303)


@pages.post("/units/<unit>/<any(end, merge, anew, revive):how>")
@access.person
def end_unit(unit: str, how: str) -> Response | tuple[str, int]:
    try:
        with session_scope(resources().engine) as session:
            told = _ended(session, mine.kept_unit(session, unit), how)
    except UnitNotKept as error:
        return _again(unit, error.problems)
    flash(told)
    return redirect(url_for("pages.unit", unit=unit), 303)


def _ended(session: Session, old: Unit, how: str) -> str:
    actor, form, name = access.actor(), request.form, old.name
    if mine.is_own_office(old):
        raise UnitNotKept(_("本办公室的撤销、合并和变更，请系统管理员办理。"))
    if how == "revive":
        history.revive(session, old, actor)
        return _("“{name}”已恢复。").format(name=name)
    if (on := day_in(form.get("on", "")) or (None if form.get("on") else today())) is None:
        raise UnitNotKept({"on": _("请写一个日期，例如 2026-01-26。")})
    if how == "end":
        history.end(session, old, on, actor)
        return _("“{name}”已撤销。").format(name=name)
    if how == "anew":
        known = facts_of(old)
        said = Facts(form.get("name", ""), form.get("code", ""), known.kind, "", known.email, known.contact)
        new = history.make_anew(session, old, said, on, actor)
        return _("“{name}”由“{new}”接替，上年数据跟着过去。").format(name=name, new=new.name)
    into = session.scalar(select(Unit).where(Unit.name == form.get("into", "").strip(), Unit.id.in_(mine.kept_units())))
    if into is None:
        raise UnitNotKept({"into": _("没有名为“{name}”的单位。").format(name=form.get("into", "").strip())})
    history.merge(session, old, into, on, actor)
    return _("“{name}”已并入“{into}”。").format(name=name, into=into.name)


def _said() -> Facts:
    form = request.form
    kind = form.get("kind", "")
    return Facts(
        form.get("name", ""),
        form.get("code", ""),
        UnitKind(kind) if kind in list(UnitKind) else UnitKind.OTHER,
        form.get("short_name", ""),
        form.get("email", ""),
        form.get("contact", ""),
    )


def _supervisor(session: Session) -> Unit | None:
    """The supervisor that the form names, of those that may be named."""
    allowed = mine.supervisors(session)
    wanted = request.form.get("supervisor", "")
    found = next((one for one in allowed if one.public_id == wanted), None)
    if wanted and found is None:
        raise UnitNotKept({"supervisor": _("不能把单位放到那里。请选择列出的主管单位。")})
    return found


def _own_office(session: Session) -> Unit | None:
    """Where a new unit stands when nobody said so: only who keeps all units can put one above everybody."""
    return None if mine.keeps_all() else mine.supervisors(session)[0]


def _again(unit: str, problems: dict[str, str]) -> tuple[str, int]:
    with reading_scope(resources().engine) as session:
        return _page(session, mine.kept_unit(session, unit), problems), 422


def _page(session: Session, found: Unit | None, wrong: dict[str, str] | None = None) -> Any:
    there = [one.id for one in units.under(session, found.supervisor_id) if one.ended_on is None] if found else []
    is_facts = wrong and request.path.endswith(("/new", found.public_id if found else "/new"))
    return render_template(
        "roster/unit.html",
        unit=found,
        said=_said() if is_facts else facts_of(found) if found else Facts(""),
        wrong=wrong or {},
        kinds=KINDS,
        supervisors=mine.supervisors(session),
        supervisor=session.get(Unit, found.supervisor_id) if found and found.supervisor_id else None,
        successor=session.get(Unit, found.successor_id) if found and found.successor_id else None,
        own_office=found is not None and mine.is_own_office(found),
        came_from=history.came_from(session, found) if found else (),
        place=there.index(found.id) + 1 if found and found.id in there and len(there) > 1 else None,
        many=len(there),
        today=today(),
    )

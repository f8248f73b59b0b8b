"""Units from a spreadsheet: handed out, handed in, shown line by line, and written only as it was shown."""

import base64
import binascii
import io
import json
import zlib
from typing import Final

from flask import flash, redirect, render_template, request, send_file, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from service import access
from service.language import _
from service.pages import pages
from service.pages.overview import XLSX
from service.resources import resources
from service.rosters import mine
from service.rosters.package import RosterRefused
from service.rosters.reading import all_refused, read_roster
from service.rosters.writing import roster_file
from storage.roster.facts import KINDS, facts_of
from storage.roster.importing import COLUMNS, Plan, Refused, Row, plan_of
from storage.roster.writing import RosterMoved, apply
from storage.session import reading_scope, session_scope
from storage.tables import Unit

# Of each kind of line; the rest is counted.
SHOWN: Final = 500
_MOST_CARRIED: Final = 16 * 1024 * 1024


@pages.get("/units/roster.xlsx")
@access.person
def roster() -> Response:
    with reading_scope(resources().engine) as session:
        scope = mine.scope(session)
        home = scope.home.id if scope.home else None
        units = [branch.unit for branch in mine.tree(session, ended=False) if branch.unit.id != home]
        names = {one.id: one.name for one in mine.supervisors(session)}
        data = roster_file(_cells(unit, names) for unit in units)
    return send_file(io.BytesIO(data), as_attachment=True, download_name=_("单位名单.xlsx"), mimetype=XLSX)


@pages.get("/units/import")
@access.person
def import_units() -> str:
    mine.must_keep_units()
    return render_template("roster/import.html", columns=COLUMNS, refused=None)


@pages.post("/units/import")
@access.person
def try_import() -> tuple[str, int] | str:
    mine.must_keep_units()
    uploaded = request.files.get("roster")
    if uploaded is None or not uploaded.filename:
        error = RosterRefused(_("没有选择文件。"), _("请选择填好的名单（.xlsx）。"))
        return render_template("roster/import.html", columns=COLUMNS, refused=error), 422
    try:
        rows, unread = read_roster(uploaded.stream.read(), uploaded.filename)
    except RosterRefused as error:
        return render_template("roster/import.html", columns=COLUMNS, refused=error), 422
    with reading_scope(resources().engine) as session:
        return _difference(session, rows, unread, uploaded.filename)


@pages.post("/units/import/apply")
@access.person
def apply_import() -> Response | tuple[str, int]:
    mine.must_keep_units()
    rows, digest = _unpacked(request.form.get("rows", "")), request.form.get("digest", "")
    try:
        with session_scope(resources().engine) as session:
            plan = apply(session, rows, mine.scope(session), digest, access.actor())
    except RosterMoved:
        with reading_scope(resources().engine) as session:
            return _difference(session, rows, [], request.form.get("file", ""), moved=True), 409
    told = _("已导入：新增 {new} 个，更改 {changed} 个。").format(new=len(plan.new), changed=len(plan.changed))
    flash(told)
    return redirect(url_for("pages.units"), 303)


def _difference(session: Session, rows: list[Row], unread: list[Refused], file: str, *, moved: bool = False) -> str:
    plan: Plan = plan_of(session, rows, mine.scope(session))
    refused = all_refused(unread, plan.refused)
    return render_template(
        "roster/difference.html",
        plan=plan,
        refused=refused,
        columns=COLUMNS,
        kinds=KINDS,
        shown=SHOWN,
        file=file,
        moved=moved,
        packed="" if refused else _packed(rows),
    )


def _cells(unit: Unit, names: dict[int, str]) -> dict[str, str]:
    said = facts_of(unit)
    return {
        "name": said.name,
        "code": said.code,
        "kind": KINDS[said.kind],
        "short_name": said.short_name,
        "supervisor": names.get(unit.supervisor_id or 0, ""),
        "email": said.email,
        "contact": said.contact,
    }


def _packed(rows: list[Row]) -> str:
    """The rows as the page carries them until 导入 is pressed: nothing of them lies on the server."""
    told = json.dumps([[row.number, dict(row.cells)] for row in rows], ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(told.encode(), 9)).decode()


def _unpacked(packed: str) -> list[Row]:
    try:
        unzip = zlib.decompressobj()
        told = unzip.decompress(base64.b64decode(packed, validate=True), _MOST_CARRIED)
        if not unzip.eof:
            raise BadRequest
        return [
            Row(int(number), {str(name): str(cell) for name, cell in cells.items()})
            for number, cells in json.loads(told)
        ]
    except (ValueError, TypeError, AttributeError, zlib.error, binascii.Error, RecursionError) as error:
        raise BadRequest from error

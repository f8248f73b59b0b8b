"""The audit trail, for those who have that duty: looked through, taken along, proved whole. Nobody changes it."""

from typing import Any, Final

from flask import Response, current_app, render_template, request, send_file, stream_with_context
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.exceptions import BadRequest, NotFound

from service import access, limits
from service.admin import trail_export
from service.admin.audit_words import groups
from service.admin.trail import Search, lines
from service.language import _
from service.pages import pages
from service.resources import resources
from storage import audit as chain
from storage.audit import BEGINNING, Checked
from storage.audit_trail import are_more_than, head, newest
from storage.people.policy import Act
from storage.session import reading_scope, session_scope

A_PAGE: Final = 50
_SHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pages.get("/audit", endpoint="audit")
@access.person
def look() -> Any:
    access.must(Act.AUDIT)
    search = Search.typed(request.args)
    return _page(search, search.trouble), 422 if search.trouble else 200


@pages.post("/audit/export")
@access.person
@limits.at_most(10, seconds=60)
def export_audit() -> Any:
    access.must(Act.AUDIT)
    search, kind = Search.typed(request.form), request.form.get("kind", "csv")
    if kind not in ("csv", "xlsx"):
        raise BadRequest
    engine = resources().engine
    with reading_scope(engine) as session:
        wanted, (up_to, _sha) = search.wanted(session), head(session)
        too_many = kind == "xlsx" and are_more_than(session, wanted, trail_export.MOST_IN_SHEET)
    refused = search.trouble
    if too_many:
        told = _("符合的记录超过 {n} 条，一个工作簿装不下。请缩小范围，或导出 CSV。")
        refused = told.format(n=f"{trail_export.MOST_IN_SHEET:,}")
    if refused:
        return _page(search, refused), 422
    with session_scope(engine) as session:
        chain.record(session, access.actor(), "audit.exported", "audit", format=kind, number=up_to, **search.asked())
    if kind == "xlsx":
        sheet = trail_export.as_sheet(engine, wanted, up_to)
        return send_file(sheet, _SHEET, as_attachment=True, download_name=f"audit-{up_to}.xlsx")
    told_by = stream_with_context(trail_export.as_csv(engine, wanted, up_to))
    named = {"Content-Disposition": f"attachment; filename=audit-{up_to}.csv"}
    return Response(told_by, content_type="text/csv; charset=utf-8", headers=named)


@pages.post("/audit/check")
@access.person
@limits.at_most(200, seconds=60)
def check_audit() -> Any:
    access.must(Act.AUDIT)
    so_far = _read_on(request.form.get("so_far", ""))
    with reading_scope(resources().engine) as session:
        so_far = chain.verify_on(session, so_far)
    if so_far.is_over:
        _note(so_far)
    token = _serializer().dumps([so_far.number, so_far.sha256, access.me().account_id])
    if "HX-Request" in request.headers:
        return render_template("admin/_checked.html", checked=so_far, token=token)
    return _page(Search(), checked=so_far, token=token)


def _note(so_far: Checked) -> None:
    result = "whole" if so_far.breach is None else str(so_far.breach.number)
    with session_scope(resources().engine) as session:
        chain.record(session, access.actor(), "audit.checked", "audit", result=result, events=so_far.number)


def _read_on(token: str) -> Checked:
    """Where this auditor has read to; from the beginning without a word of ours about it."""
    if not token:
        return BEGINNING
    try:
        number, sha256, account = _serializer().loads(token)
    except (BadSignature, ValueError):
        raise BadRequest from None
    if account != access.me().account_id:
        raise NotFound
    return Checked(number, sha256, number + 1)


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="audit-check")


def _page(search: Search, refused: str = "", checked: Checked | None = None, token: str = "") -> str:
    before = request.args.get("before", type=int)
    with reading_scope(resources().engine) as session:
        found = [] if refused else newest(session, search.wanted(session), A_PAGE + 1, before)
        shown, (last, sha256) = lines(session, found[:A_PAGE]), head(session)
    older = found[A_PAGE - 1].number if len(found) > A_PAGE else None
    return render_template(
        "admin/audit.html",
        lines=shown,
        search=search,
        groups=groups(),
        refused=refused,
        older=older,
        before=before,
        last=last,
        sha256=sha256,
        checked=checked,
        token=token,
    )

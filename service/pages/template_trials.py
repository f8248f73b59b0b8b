"""Trials of a template: ordered, and their pages beside each other, each as a picture."""

from collections.abc import Callable
from typing import Any, BinaryIO

from flask import Response, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from service import access, limits
from service.admin import templates as told
from service.admin.trying import beside, trial_document, trying
from service.language import _
from service.page_images import NoSuchPage, Size
from service.pages import pages
from service.resources import resources
from storage.making import templates, trials
from storage.people.policy import Act
from storage.session import reading_scope, session_scope
from storage.tables import Document, Lane, TemplateVersion

_AN_HOUR = 60 * 60


@pages.post("/templates/<public_id>/trials")
@access.person
@limits.at_most(20, seconds=60)
def try_template(public_id: str) -> Any:
    access.must(Act.SYSTEM)
    office, whole = resources(), "all" in request.form
    chosen = request.form.getlist("report")
    with session_scope(office.engine) as session:
        row = told.version_of(session, public_id)
        definition = told.definition_of(told.reference_of(row))
        found = trials.candidates(session, definition)
        some = found if whole else [one for one in found if one.report_id in chosen]
        refused = _why_not(row, len(some), whole=whole)
        if not refused:
            name, lane = f"{row.definition}/{templates.name_of(row)}", Lane.BATCH if whole else Lane.PREVIEW
            ordered = [] if whole else list(trials.compare(session, told.in_force(session, definition)[0], some))
            ordered += trials.order(session, row.version, name, some, lane, access.actor())
            for job in ordered[: 2 * trials.AT_ONCE]:
                office.queue.nudge_after_commit(session, job)
    if refused:
        return template_page(public_id, refused), 422
    return redirect(url_for("pages.template", public_id=public_id, _anchor="trials"), 303)


@pages.get("/templates/<public_id>/trials/<job>")
@access.person
def template_trial(public_id: str, job: str) -> str:
    access.must(Act.SYSTEM)
    with reading_scope(resources().engine) as session:
        row = told.version_of(session, public_id)
        shown = beside(session, told.definition_of(told.reference_of(row)), row, job)
        return render_template("admin/beside.html", row=row, name=templates.name_of(row), beside=shown)


@pages.get("/templates/<public_id>/trials/<job>/<int:number>.png")
@access.person
def trial_page(public_id: str, job: str, number: int) -> Response:
    access.must(Act.SYSTEM)
    with reading_scope(resources().engine) as session:
        pdf = trial_document(session, told.version_of(session, public_id), job)
    return _picture(pdf, number, lambda: resources().files.open(pdf.storage_key, pdf.bytes, pdf.sha256))


@pages.get("/templates/<public_id>/<any(example, bundled):which>/<int:number>.png")
@access.person
def example_page(public_id: str, which: str, number: int) -> Response:
    access.must(Act.SYSTEM)
    with reading_scope(resources().engine) as session:
        drawn = templates.example_of(told.version_of(session, public_id), which)
    if drawn is None:
        raise NotFound
    pdf = Document(sha256=drawn.sha256, pages=drawn.pages)
    return _picture(pdf, number, lambda: resources().files.open(drawn.storage_key, drawn.bytes, drawn.sha256))


def _why_not(row: TemplateVersion, chosen: int, *, whole: bool) -> str:
    if not templates.is_sound(row):
        return _("这个版本没有通过检查，不能试排。")
    if not chosen:
        return _("没有选择报告。请选择 1 至 {n} 份。").format(n=trials.AT_ONCE)
    if not whole and chosen > trials.AT_ONCE:
        return _("一次最多选 {n} 份；要全部试排，请用“全部报告试排”。").format(n=trials.AT_ONCE)
    return ""


def template_page(public_id: str, refused: str = "") -> str:
    with reading_scope(resources().engine) as session:
        shown = template_shown(session, told.version_of(session, public_id))
        return render_template("admin/template.html", refused=refused, **shown)


def template_shown(session: Session, row: TemplateVersion) -> dict[str, Any]:
    definition = told.definition_of(told.reference_of(row))
    how = trying(session, definition, row)
    return {
        "row": row,
        "name": templates.name_of(row),
        "definition": definition,
        "state": told.state_in_words(row.state),
        "uploaded": told.uploaded_in_words(session, row),
        "found": told.found_in_words(row),
        "sound": templates.is_sound(row),
        "trying": how,
        "at_once": trials.AT_ONCE,
        "mark": f"{row.state}-{how.mark}",
    }


def _picture(pdf: Document, number: int, file: Callable[[], BinaryIO]) -> Response:
    try:
        png = resources().pages.png(pdf, number, Size.PAGE, file)
    except NoSuchPage:
        raise NotFound from None
    response = make_response(png)
    response.mimetype = "image/png"
    response.cache_control.private = True
    response.cache_control.max_age = _AN_HOUR
    return response

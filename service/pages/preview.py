"""The preview: the pages of what is filled in, made by the workers as the real document will be."""

from typing import Any

from flask import Response, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from service import access, limits
from service.drafts import Draft, draft_of
from service.language import _
from service.page_images import NoSuchPage, Size
from service.pages import pages
from service.previews import fonts_in_words, headings, preview_of
from service.resources import resources
from service.sections import says_only_blank
from storage.filing import sending
from storage.making.documents import find_document
from storage.making.recipes import recipe_for
from storage.making.remaking import make_again
from storage.people.policy import Act
from storage.session import reading_scope, session_scope
from storage.tables import Format, JobState

_A_YEAR = 365 * 24 * 60 * 60


@pages.get("/reports/<public_id>/preview")
@access.person
def preview(public_id: str) -> str:
    with reading_scope(resources().engine) as session:
        draft = draft_of(session, access.report(session, public_id, Act.FILL))
        return render_template("preview.html", left=_left(draft), **_shown(session, draft))


@pages.post("/reports/<public_id>/preview")
@access.person
@limits.at_most(30, seconds=60)
def make_preview(public_id: str) -> Any:
    office = resources()
    with session_scope(office.engine) as session:
        draft = draft_of(session, access.report(session, public_id, Act.FILL))
        recipe = recipe_for(office.definitions, draft.definition, session)
        job = sending.preview(session, draft.report, draft.answers, access.actor(), recipe)
        begins_again = make_again(session, office.files, job.id, access.actor())
        if begins_again or job.state is not JobState.DONE:
            office.queue.nudge_after_commit(session, job)
    if request.headers.get("HX-Request"):
        return preview_state(public_id)
    return redirect(url_for("pages.preview", public_id=public_id), 303)


@pages.get("/reports/<public_id>/preview/state")
@access.person
def preview_state(public_id: str) -> Any:
    with reading_scope(resources().engine) as session:
        draft = draft_of(session, access.report(session, public_id, Act.FILL))
        shown = _shown(session, draft)
        if request.args.get("seen") == shown["preview"].mark:
            return "", 204
        return render_template("_preview_state.html", swap=True, **shown)


@pages.get("/documents/<document>/pages/<int:number>.png")
@access.person
def page_image(document: str, number: int) -> Response:
    office = resources()
    job, _dot, extension = document.rpartition(".")
    with reading_scope(office.engine) as session:
        access.report_of_job(session, job)
        found = find_document(session, job, Format.PDF) if extension == Format.PDF else None
    if found is None:
        raise NotFound
    size = Size.SMALL if request.args.get("size") == Size.SMALL else Size.PAGE
    try:
        png = office.pages.png(
            found, number, size, lambda: office.files.open(found.storage_key, found.bytes, found.sha256)
        )
    except NoSuchPage:
        raise NotFound from None
    response = make_response(png)
    response.mimetype = "image/png"
    # A job that is done stays done, so that its pages never change.
    response.cache_control.private = response.cache_control.immutable = True
    response.cache_control.max_age = _A_YEAR
    return response


def _shown(session: Session, draft: Draft) -> dict[str, Any]:
    return {
        "draft": draft,
        "preview": preview_of(session, draft),
        "headings": headings,
        "fonts": fonts_in_words,
        "may_make": True,
    }


def _left(draft: Draft) -> str:
    """What is still to be done, in one sentence; "" when nothing is."""
    if not draft.open:
        return ""
    blank = sum(says_only_blank(finding, draft.answers) for finding in draft.findings)
    wrong = sum(finding.severity == "error" for finding in draft.findings) - blank
    if blank and wrong:
        return _("还有 {blank} 处没有填，{wrong} 处错误；文件按现在的内容生成。").format(blank=blank, wrong=wrong)
    if blank:
        return _("还有 {blank} 处没有填；文件里这些地方是空的。").format(blank=blank)
    if wrong:
        return _("还有 {wrong} 处错误；文件按现在的内容生成。").format(wrong=wrong)
    return ""

"""The list of reports, handing one in, and each as a page to read."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from reports.faces.page import page
from reports.reading import AnswersRefused, Problem
from service import access
from service.entries import Entry, answers_of, entries, entry
from service.intake import checked, take_in
from service.pages import pages
from service.pages.tables import table
from service.resources import resources
from storage.making.remaking import make_again
from storage.people.policy import Act, visible_units
from storage.session import reading_scope, session_scope

A_PAGE = 20
# Beyond the numbers that a database knows lies an error.
FARTHEST = 1_000_000_000


@pages.get("/reports")
@access.person
def reports() -> str:
    access.must_somewhere(Act.REVIEW)
    offset = min(max(0, request.args.get("from", 0, type=int)), FARTHEST)
    with reading_scope(resources().engine) as session:
        shown = entries(session, A_PAGE + 1, offset, visible_units(access.me()))
    older = offset + A_PAGE if len(shown) > A_PAGE else None
    newer = max(0, offset - A_PAGE) if offset else None
    return render_template("reports.html", entries=shown[:A_PAGE], older=older, newer=newer)


@pages.post("/reports")
@access.person
def hand_in() -> Response:
    access.must_somewhere(Act.HAND_IN)
    uploaded = request.files.get("answers")
    if uploaded is None or not uploaded.filename:
        raise AnswersRefused([Problem("文件", "没有选择文件", "请选择填报数据文件（JSON）")])
    taken = take_in(uploaded.stream.read(), access.actor(), access.me())
    return redirect(url_for("pages.report", public_id=taken.sent.report.public_id), 303)


@pages.get("/reports/<public_id>")
@access.person
def report(public_id: str) -> str:
    with reading_scope(resources().engine) as session:
        access.report(session, public_id)
        answers, one = answers_of(session, public_id), entry(session, public_id)
        findings = checked(session, answers)
    return render_template(
        "report.html", page=page(answers), entry=one, findings=findings, table=table, answers=answers
    )


@pages.get("/reports/<public_id>/row")
@access.person
def row(public_id: str) -> tuple[str, int]:
    return _news(public_id, "_row.html")


@pages.get("/reports/<public_id>/files")
@access.person
def files(public_id: str) -> tuple[str, int]:
    return _news(public_id, "_files.html")


@pages.post("/reports/<public_id>/again")
@access.person
def again(public_id: str) -> Response:
    with session_scope(resources().engine) as session:
        access.report(session, public_id)
        job = entry(session, public_id).job
        if make_again(session, resources().files, job.id, access.actor()):
            resources().queue.nudge_after_commit(session, job)
    return redirect(url_for("pages.report", public_id=public_id), 303)


def _news(public_id: str, fragment: str) -> tuple[str, int]:
    with reading_scope(resources().engine) as session:
        access.report(session, public_id)
        one: Entry = entry(session, public_id)
    # 204 leaves the page alone: what has not changed is not read out again, and keeps its focus.
    if request.args.get("seen") == one.mark:
        return "", 204
    return render_template(fragment, entry=one), 200

"""The form, section by section: shown, and kept when it is sent without a script."""

from collections.abc import Mapping

from flask import redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from reports.definition import Section
from reports.drafting import Typed
from service import access
from service.drafts import Draft, draft_of
from service.pages import pages, posted
from service.pages.form_page import FormPage, Trouble
from service.pages.posted import Wish
from service.pages.standing import notice, standing
from service.pages.unkept import not_all_kept, too_late
from service.resources import resources
from service.sections import Progress
from storage.fields import NotOpen, Outcome, save
from storage.policy import Act, can
from storage.session import reading_scope, session_scope


@pages.get("/reports/<public_id>/fill")
@access.person
def fill_on(public_id: str) -> Response:
    """To the first section that is not finished."""
    with reading_scope(resources().engine) as session:
        draft = draft_of(session, access.report(session, public_id))
        unfinished = [one.key for one in draft.sections if one.state is not Progress.DONE]
    first = unfinished[0] if unfinished else draft.definition.sections[0].key
    return redirect(url_for("pages.fill", public_id=public_id, section=first))


@pages.get("/reports/<public_id>/fill/<section>")
@access.person
def fill(public_id: str, section: str) -> str:
    with reading_scope(resources().engine) as session:
        draft = draft_of(session, access.report(session, public_id))
        form = _form(session, draft, _section(draft, section))
    return _page(form)


@pages.post("/reports/<public_id>/fill/<section>")
@access.person
def keep(public_id: str, section: str) -> Response | tuple[str, int]:
    """What was typed into a section, sent by one of its buttons."""
    wish = Wish.read(request.form.get("go", ""))
    with session_scope(resources().engine) as session:
        draft = draft_of(session, access.report(session, public_id, Act.FILL))
        here = _section(draft, section)
        typed = posted.wished(draft, here, posted.typed(draft, here, request.form), wish)
        changes = posted.changes(request.form, typed)
        try:
            outcome = save(session, draft.report, changes, access.me().actor, draft.definition)
        except NotOpen as error:
            return _page(_form(session, draft, here, trouble=too_late(draft, typed, error))), 409
    if outcome.conflicts or outcome.refused:
        return _again(public_id, section, typed, outcome)
    return redirect(_onward(draft, here, wish, len(changes)), 303)


def _again(public_id: str, section: str, typed: Mapping[str, Typed], outcome: Outcome) -> tuple[str, int]:
    """The same page, holding what was typed where it could not be kept."""
    with reading_scope(resources().engine) as session:
        draft = draft_of(session, access.report(session, public_id))
        trouble = not_all_kept(session, draft, typed, outcome)
        unkept = {name: typed[name] for name in trouble.names if name in typed}
        form = _form(session, draft, _section(draft, section), typed=unkept, trouble=trouble)
    return _page(form), 409


def _form(
    session: Session,
    draft: Draft,
    section: Section,
    typed: Mapping[str, Typed] | None = None,
    trouble: Trouble | None = None,
) -> FormPage:
    me = access.me()
    may_fill = can(me, Act.FILL, draft.unit)
    return FormPage(
        draft,
        section,
        open=draft.open and may_fill,
        show_was=request.args.get("was") == "1",
        typed=typed or {},
        standing=standing(session, draft, may_fill=may_fill),
        account=me.public_id,
        trouble=trouble,
        notice=notice(request.args),
    )


def _page(form: FormPage) -> str:
    return render_template("fill.html", form=form, draft=form.draft, section=form.section)


def _section(draft: Draft, key: str) -> Section:
    for section in draft.definition.sections:
        if section.key == key:
            return section
    raise NotFound


def _onward(draft: Draft, section: Section, wish: Wish, kept: int) -> str:
    """Where the pressed button leads to."""
    id, keys = draft.report.public_id, [one.key for one in draft.definition.sections]
    if wish.go == "preview":
        return f"/reports/{id}/preview"
    if wish.go == "next":
        following = keys[keys.index(section.key) + 1 :]
        return (
            url_for("pages.fill", public_id=id, section=following[0])
            if following
            else url_for("pages.findings", public_id=id)
        )
    zeros = kept if wish.go == "zeros" else None
    return url_for("pages.fill", public_id=id, section=section.key, zeros=zeros)

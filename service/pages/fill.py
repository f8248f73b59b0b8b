"""The form, section by section: shown, and kept when it is sent without a script."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from service import access
from service.carrying import carried_along
from service.drafts import draft_of
from service.pages import pages
from service.pages.form_page import FormPage
from service.pages.keeping import Kept, keep_sent, section_called
from service.pages.posted import Wish
from service.pages.standing import notice, standing
from service.resources import resources
from service.sections import Progress
from storage.people.policy import Act, can
from storage.session import reading_scope


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
    return _page(public_id, section, Kept(0))


@pages.post("/reports/<public_id>/fill/<section>")
@carried_along
@access.person
def keep(public_id: str, section: str) -> Response | tuple[str, int]:
    """What was typed into a section, sent by one of its buttons."""
    wish = Wish.read(request.form.get("go", ""))
    kept = keep_sent(public_id, section, wish)
    if kept.trouble:
        return _page(public_id, section, kept), 409
    return redirect(_onward(public_id, section, wish, kept), 303)


def _page(public_id: str, key: str, kept: Kept) -> str:
    me = access.me()
    with reading_scope(resources().engine) as session:
        draft = draft_of(session, access.report(session, public_id))
        may_fill = can(me, Act.FILL, draft.unit)
        form = FormPage(
            draft=draft,
            section=section_called(draft, key),
            open=draft.open and may_fill,
            typed=kept.typed,
            trouble=kept.trouble,
            show_was=request.args.get("was") == "1",
            standing=standing(session, draft, may_fill=may_fill),
            account=me.public_id,
            notice=notice(request.args),
        )
    return render_template("fill.html", form=form, draft=draft, section=form.section)


def _onward(public_id: str, key: str, wish: Wish, kept: Kept) -> str:
    """Where the pressed button leads to."""
    if wish.go == "preview":
        return url_for("pages.preview", public_id=public_id)
    if wish.go == "next":
        if not kept.following:
            return url_for("pages.findings", public_id=public_id)
        return url_for("pages.fill", public_id=public_id, section=kept.following)
    zeros = kept.count if wish.go == "zeros" else None
    return url_for("pages.fill", public_id=public_id, section=key, zeros=zeros)

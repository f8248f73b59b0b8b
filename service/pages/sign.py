"""The head of a unit looks at the finished document, and sends it on or back."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from reports.states import Move, ReportState
from service import access
from service.carrying import is_shown_again, shown_again
from service.declaring import remark_too_long, suggested, typed, wrong_with
from service.drafts import Draft, draft_of
from service.language import _
from service.moves import people
from service.pages import pages
from service.pages.send import check_of, hand_over
from service.previews import fonts_in_words, headings, preview_of
from service.resources import resources
from service.words import moment
from storage.filing import steps
from storage.filing.reports import lock
from storage.people.policy import Act
from storage.session import reading_scope, session_scope
from storage.tables import Account, Step


@pages.get("/reports/<public_id>/sign")
@access.person
def sign(public_id: str) -> Any:
    with reading_scope(resources().engine) as session:
        draft = draft_of(session, access.report(session, public_id, Act.SIGN))
        if draft.report.state is not ReportState.SIGNING:
            return redirect(url_for("pages.home", unit=draft.unit.public_id), 303)
        asked = steps.last_step(session, draft.report, Move.ASK_HEAD)
        said = suggested(_account(session, asked), access.me())
        return _page(session, draft, asked, said)


@pages.post("/reports/<public_id>/sign")
@shown_again
@access.person
def decide(public_id: str) -> Any:
    """Send it in, or give it back with a word."""
    said, back = typed(request.form), request.form.get("go") == "back"
    if is_shown_again():
        return _shown(public_id, said)
    with session_scope(resources().engine) as session:
        draft = draft_of(session, lock(session, access.report(session, public_id, Act.SIGN)))
        if draft.report.state is not ReportState.SIGNING:
            return redirect(url_for("pages.home", unit=draft.unit.public_id), 303)
        wrong = _no_word(said) if back else wrong_with(said)
        refused = bool(wrong) or not (back or check_of(session, draft).ready)
        if back and not refused:
            steps.take(session, draft.report, Move.HAND_BACK, access.actor(), remark=said["remark"])
        elif not refused:
            hand_over(session, draft, said)
    if refused:
        return _refused(public_id, said, wrong)
    if back:
        flash(_("已退回填报人。"))
        return redirect(url_for("pages.home", unit=draft.unit.public_id), 303)
    return redirect(url_for("pages.receipt", public_id=public_id), 303)


def _refused(public_id: str, said: Mapping[str, str], wrong: Mapping[str, str]) -> Any:
    shown = _shown(public_id, said, wrong)
    return (shown, 422) if isinstance(shown, str) else shown


def _shown(public_id: str, said: Mapping[str, str], wrong: Mapping[str, str] | None = None) -> Any:
    """The page once more; drawn, pages of the PDF and all, when the report is anybody's again."""
    with reading_scope(resources().engine) as session:
        draft = draft_of(session, access.report(session, public_id, Act.SIGN))
        if draft.report.state is not ReportState.SIGNING:
            return redirect(url_for("pages.home", unit=draft.unit.public_id), 303)
        asked = steps.last_step(session, draft.report, Move.ASK_HEAD)
        # The other form of the page was not sent: it shows again what the accounts say.
        sent = {name: value for name, value in said.items() if name in request.form}
        return _page(session, draft, asked, suggested(_account(session, asked), access.me()) | sent, wrong)


def _no_word(said: Mapping[str, str]) -> dict[str, str]:
    return remark_too_long(said) if said["remark"] else {"remark": _("请写明要改什么，填报人会看到")}


def _account(session: Session, asked: Step | None) -> Account | None:
    if asked is None:
        return None
    return session.scalars(select(Account).where(Account.login == asked.by.partition(":")[2])).first()


def _page(
    session: Session, draft: Draft, asked: Step | None, said: Mapping[str, str], wrong: Mapping[str, str] | None = None
) -> str:
    return render_template(
        "sign.html",
        heading=_("审签"),
        draft=draft,
        check=check_of(session, draft),
        asked=asked and _asked(session, asked),
        typed=said,
        wrong=wrong or {},
        preview=preview_of(session, draft),
        headings=headings,
        fonts=fonts_in_words,
        may_make=True,
    )


def _asked(session: Session, asked: Step) -> Mapping[str, str]:
    who = people(session, [asked.by])[asked.by]
    words = _("{who} {when} 送来，请看过数据和文件以后报送或退回。").format(who=who, when=moment(asked.at))
    return {"words": words, "remark": asked.remark}

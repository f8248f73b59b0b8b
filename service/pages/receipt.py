"""The receipt, and taking back what was sent."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from service import access
from service.drafts import draft_of
from service.language import _
from service.pages import pages
from service.receipts import receipt_of
from service.resources import resources
from storage.filing import sending
from storage.people.policy import Act
from storage.session import reading_scope, session_scope


@pages.get("/reports/<public_id>/receipt")
@access.person
def receipt(public_id: str) -> str:
    with reading_scope(resources().engine) as session:
        draft = draft_of(session, access.report(session, public_id, Act.READ))
        return render_template("receipt.html", receipt=receipt_of(session, draft))


@pages.post("/reports/<public_id>/withdraw")
@access.person
def withdraw(public_id: str) -> Response:
    with session_scope(resources().engine) as session:
        report = access.report(session, public_id, Act.WITHDRAW)
        sending.withdraw(session, report, access.actor())
        unit = draft_of(session, report).unit.public_id
    flash(_("已撤回，可以接着修改；改好以后请再报送一次。"))
    return redirect(url_for("pages.home", unit=unit), 303)

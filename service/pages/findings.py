"""Everything that does not hold in a report, section by section."""

from flask import render_template

from service import access
from service.drafts import draft_of
from service.pages import pages
from service.pages.panel import Findings
from service.resources import resources
from storage.session import reading_scope


@pages.get("/reports/<public_id>/findings")
@access.person
def findings(public_id: str) -> str:
    with reading_scope(resources().engine) as session:
        draft = draft_of(session, access.report(session, public_id))
        return render_template("findings.html", draft=draft, findings=Findings(draft))

"""Everything that does not hold in a report, section by section; reasons can be given here as well."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from reports.definition import Severity
from service import access
from service.carrying import carried_along
from service.drafts import draft_of
from service.pages import pages
from service.pages.form_page import Surroundings
from service.pages.keeping import Kept, keep_sent
from service.pages.panel import Shown
from service.pages.posted import Wish
from service.pages.standing import standing
from service.resources import resources
from service.sections import Progress, SectionState
from storage.people.policy import Act, can
from storage.session import reading_scope


@dataclass(frozen=True, slots=True)
class Part:
    """A section with its findings; `blank` is the first field that is still to be filled in."""

    state: SectionState
    link: str
    findings: tuple[Shown, ...]
    blank: str


@dataclass(frozen=True, kw_only=True)
class FindingsPage(Surroundings):
    """The findings of a whole report."""

    @property
    def parts(self) -> Iterator[Part]:
        """Every section, in order."""
        id = self.draft.report.public_id
        for section, state in zip(self.draft.definition.sections, self.draft.sections, strict=True):
            link = url_for("pages.fill", public_id=id, section=section.key)
            yield Part(state, link, self.findings.of(section), self.findings.blanks.get(section.key, ""))

    @property
    def wants_reasons(self) -> bool:
        """Whether any finding asks for one."""
        return any(one.told.finding.severity is Severity.EXPLAIN for one in self.findings.every)

    @property
    def ready(self) -> bool:
        """Whether nothing is left to be done before the report is sent."""
        return all(one.state is Progress.DONE for one in self.draft.sections)


@pages.get("/reports/<public_id>/findings")
@access.person
def findings(public_id: str) -> str:
    return _page(public_id, Kept(0))


@pages.post("/reports/<public_id>/findings")
@carried_along
@access.person
def keep_reasons(public_id: str) -> Response | tuple[str, int]:
    """Reasons typed beside the findings, or a figure mended from there."""
    kept = keep_sent(public_id, None, Wish.read(request.form.get("go", "")))
    if kept.trouble:
        return _page(public_id, kept), 409
    return redirect(url_for("pages.findings", public_id=public_id), 303)


def _page(public_id: str, kept: Kept) -> str:
    me = access.me()
    with reading_scope(resources().engine) as session:
        draft = draft_of(session, access.report(session, public_id))
        may_fill = can(me, Act.FILL, draft.unit)
        form = FindingsPage(
            draft=draft,
            open=draft.open and may_fill,
            typed=kept.typed,
            trouble=kept.trouble,
            standing=standing(session, draft, may_fill=may_fill),
            account=me.public_id,
        )
        return render_template("findings.html", form=form, draft=draft, section=None)

"""Keeping what a page of the form sends: what was typed, what its button adds, and what could not be kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import request
from werkzeug.exceptions import NotFound

from reports.definition import Section
from reports.drafting import Typed
from service import access
from service.drafts import Draft, draft_of
from service.pages import posted
from service.pages.form_page import Trouble, following
from service.pages.posted import Wish
from service.pages.unkept import not_all_kept, too_late
from service.resources import resources
from storage.filing.fields import NotOpen, save
from storage.people.policy import Act
from storage.session import session_scope


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of what was sent: how many fields changed, or why not, and what was typed there.

    `following` is the section after the one that sent it.
    """

    count: int
    trouble: Trouble | None = None
    typed: Mapping[str, Typed] = field(default_factory=dict)
    following: str = ""


def keep_sent(public_id: str, key: str | None, wish: Wish) -> Kept:
    """Keep the form of this request: a section's, or that of the list of findings."""
    with session_scope(resources().engine) as session:
        draft = draft_of(session, access.report(session, public_id, Act.FILL))
        section = section_called(draft, key) if key else None
        typed = posted.wished(draft, section, posted.typed(draft, section, request.form), wish)
        changes = posted.changes(request.form, typed, wish)
        try:
            outcome = save(session, draft.report, changes, access.me().actor, draft.definition)
        except NotOpen as error:
            return Kept(0, too_late(draft, typed, error), typed)
        if not outcome.conflicts and not outcome.refused:
            return Kept(len(changes), following=following(draft.definition, section))
        trouble = not_all_kept(session, draft, typed, outcome)
        return Kept(len(outcome.saved), trouble, {name: typed[name] for name in trouble.names})


def section_called(draft: Draft, key: str) -> Section:
    """The section of that key; NotFound when there is none."""
    for section in draft.definition.sections:
        if section.key == key:
            return section
    raise NotFound

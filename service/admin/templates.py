"""Templates as their administrators see them: versions of each edition, what was found, what trials have shown."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from reports.definition import Definition
from reports.loading import UnknownDefinition
from service.language import _
from service.moves import people
from service.resources import resources
from service.words import State, moment
from storage.making import templates
from storage.making.recipes import active_template, bundled_version
from storage.tables import TemplateState, TemplateVersion

# Asked for when they are shown: each request has a language of its own.
_STATES: Final[Mapping[TemplateState, tuple[Callable[[], str], str]]] = {
    TemplateState.UPLOADED: (lambda: _("等待检查"), "now"),
    TemplateState.REFUSED: (lambda: _("未通过检查"), "bad"),
    TemplateState.EXAMINED: (lambda: _("检查通过"), "ok"),
    TemplateState.ACTIVE: (lambda: _("启用"), "ok"),
    TemplateState.RETIRED: (lambda: _("已停用"), ""),
}


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a template as a list shows it; the one that came with the definition has no address."""

    name: str
    file: str
    state: State
    told: str
    address: str
    download: str
    can_return: bool = False


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition with its templates, the newest first; the one that came along stands last."""

    definition: Definition
    title: str
    versions: tuple[Version, ...]


def editions(session: Session) -> Sequence[Edition]:
    """Every edition there is."""
    known = resources().definitions
    return [_edition(session, known[reference]) for reference in known.references()]


def definition_of(reference: str) -> Definition:
    """The definition of that reference; NotFound when there is none."""
    try:
        return resources().definitions[reference]
    except UnknownDefinition:
        raise NotFound from None


def version_of(session: Session, public_id: str) -> TemplateVersion:
    """The version of that id; NotFound when there is none, or its definition was taken away."""
    if (row := templates.find(session, public_id)) is None:
        raise NotFound
    definition_of(reference_of(row))
    return row


def reference_of(row: TemplateVersion) -> str:
    return f"{row.definition}/{row.edition}"


def state_in_words(state: TemplateState) -> State:
    """What the state of a template is called, and the look that repeats it."""
    word, look = _STATES[state]
    return State(word(), look)


def in_force(session: Session, definition: Definition) -> tuple[str, str]:
    """The version that documents are made by now, and what it is called."""
    if active := active_template(session, definition):
        return active.version, templates.name_of(active)
    return bundled_version(resources().definitions, definition), bundled_name(definition)


def bundled_name(definition: Definition) -> str:
    """What the template is called that came with a definition."""
    return _("{edition} 随附模板").format(edition=definition.edition)


def uploaded_in_words(session: Session, row: TemplateVersion) -> str:
    """Who handed it in, and when."""
    return _("{when} 由{who}上传").format(when=moment(row.uploaded_at), who=_who(session, row.uploaded_by))


def found_in_words(row: TemplateVersion) -> Mapping[str, Any]:
    """What the examination has found, empty until there is something."""
    return {"flaws": (), "typefaces": (), "at": None, **templates.found(row)}


def _edition(session: Session, definition: Definition) -> Edition:
    rows = templates.versions(session, definition)
    is_bundled = all(row.state is not TemplateState.ACTIVE for row in rows)
    title = definition.heading("", definition.first_year).removeprefix(str(definition.first_year)).removeprefix("年")
    listed = [_version(session, row) for row in rows]
    return Edition(definition, title, (*listed, _bundled(definition, in_force=is_bundled)))


def _version(session: Session, row: TemplateVersion) -> Version:
    told = uploaded_in_words(session, row)
    if row.activated_at and row.activated_by:
        who = _who(session, row.activated_by)
        told += "；" + _("{when} 由{who}启用").format(when=moment(row.activated_at), who=who)
    return Version(
        templates.name_of(row),
        row.file_name,
        state_in_words(row.state),
        told,
        url_for("pages.template", public_id=row.public_id),
        url_for("pages.template_file", public_id=row.public_id),
    )


def _bundled(definition: Definition, *, in_force: bool) -> Version:
    state = TemplateState.ACTIVE if in_force else TemplateState.RETIRED
    download = url_for("pages.bundled_template", id=definition.id, edition=definition.edition)
    told = _("随系统提供，不能删除；可以下载下来，修改后再上传。")
    return Version(bundled_name(definition), "report.docx", state_in_words(state), told, "", download, not in_force)


def _who(session: Session, actor: str) -> str:
    return people(session, [actor])[actor]

"""Word templates, for those who have that duty: handed in, examined, tried, put in force."""

import tempfile
from pathlib import Path, PurePosixPath
from typing import Any

from flask import Response, redirect, render_template, request, send_file, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import BadRequest

from reports.definition import Definition
from service import access, limits
from service.admin import templates as told
from service.downloads import TYPES
from service.language import _
from service.pages import pages
from service.pages.template_trials import template_page, template_shown
from service.resources import resources
from storage.making import templates
from storage.making.packages import Kind, PackageRefused, admit
from storage.making.recipes import bundled_version, template_of, version_of
from storage.making.templates import TemplateKnown, TemplateNotReady
from storage.people.policy import Act
from storage.session import reading_scope, session_scope
from storage.tables import Format, TemplateVersion

_LONGEST_NAME = 100


@pages.get("/templates", endpoint="templates")
@access.person
def list_templates() -> str:
    access.must(Act.SYSTEM)
    return _list()


@pages.post("/templates")
@access.person
@limits.at_most(20, seconds=60)
def upload_template() -> Any:
    access.must(Act.SYSTEM)
    uploaded = request.files.get("file")
    definition = told.definition_of(request.form.get("definition", ""))
    if uploaded is None or not uploaded.filename:
        return _list(_("没有选择文件。请选择 .docx 文件后再上传。")), 422
    try:
        row = _taken_in(definition, uploaded, _name(uploaded.filename))
    except (PackageRefused, TemplateKnown) as error:
        return _list(error.for_person), 422
    return redirect(url_for("pages.template", public_id=row.public_id), 303)


@pages.get("/templates/<public_id>")
@access.person
def template(public_id: str) -> str:
    access.must(Act.SYSTEM)
    return template_page(public_id)


@pages.get("/templates/<public_id>/state")
@access.person
def template_state(public_id: str) -> Any:
    access.must(Act.SYSTEM)
    with reading_scope(resources().engine) as session:
        shown = template_shown(session, told.version_of(session, public_id))
        if request.args.get("seen") == shown["mark"]:
            return "", 204
        return render_template("admin/_template_state.html", **shown)


@pages.get("/templates/<public_id>/file")
@access.person
def template_file(public_id: str) -> Response:
    access.must(Act.SYSTEM)
    with reading_scope(resources().engine) as session:
        row = told.version_of(session, public_id)
    file = resources().files.open(row.storage_key, row.bytes, row.sha256)
    return send_file(file, TYPES[Format.DOCX], as_attachment=True, download_name=f"{templates.name_of(row)}.docx")


@pages.get("/templates/bundled/<id>/<edition>/file")
@access.person
def bundled_template(id: str, edition: str) -> Response:
    access.must(Act.SYSTEM)
    definition = told.definition_of(f"{id}/{edition}")
    file = template_of(resources().definitions, definition)
    return send_file(file, TYPES[Format.DOCX], as_attachment=True, download_name=f"{id}-{edition}.docx")


@pages.post("/templates/<public_id>/again")
@access.person
def examine_again(public_id: str) -> Any:
    access.must(Act.SYSTEM)
    office = resources()
    with session_scope(office.engine) as session:
        row = told.version_of(session, public_id)
        if templates.examine_again(session, office.files, row, access.actor()):
            office.queue.nudge_template_after_commit(session, row.id)
    return redirect(url_for("pages.template", public_id=public_id), 303)


@pages.post("/templates/<public_id>/activate")
@access.person
def activate_template(public_id: str) -> Any:
    access.must(Act.SYSTEM)
    try:
        with session_scope(resources().engine) as session:
            row = told.version_of(session, public_id)
            templates.activate(session, told.definition_of(told.reference_of(row)), row, access.actor())
    except TemplateNotReady as error:
        return template_page(public_id, error.for_person), 422
    return redirect(url_for("pages.templates"), 303)


@pages.post("/templates/bundled/<id>/<edition>/activate")
@access.person
def activate_bundled(id: str, edition: str) -> Any:
    access.must(Act.SYSTEM)
    definition = told.definition_of(f"{id}/{edition}")
    with session_scope(resources().engine) as session:
        templates.activate(session, definition, None, access.actor())
    return redirect(url_for("pages.templates"), 303)


def _taken_in(definition: Definition, uploaded: FileStorage, name: str) -> TemplateVersion:
    """Looked at as a package before anybody parses it; PackageRefused or TemplateKnown when it is not kept."""
    office = resources()
    with tempfile.TemporaryDirectory(prefix="template-") as folder:
        file = Path(folder) / "template.docx"
        uploaded.save(file)
        admit(file, Kind.WORD)
        if version_of(file) == bundled_version(office.definitions, definition):
            raise TemplateKnown(told.bundled_name(definition))
        with session_scope(office.engine) as session:
            row = templates.upload(session, office.files, definition, file, name, access.actor())
            office.queue.nudge_template_after_commit(session, row.id)
    return row


def _list(refused: str = "") -> str:
    with reading_scope(resources().engine) as session:
        return render_template("admin/templates.html", editions=told.editions(session), refused=refused)


def _name(given: str) -> str:
    # What people see again in a list; the file itself is kept under a name of ours.
    name = PurePosixPath(given.replace("\\", "/")).name
    readable = "".join(one for one in name if one.isprintable())
    if not readable:
        raise BadRequest
    return readable[-_LONGEST_NAME:]

"""The files of a public report: Word and PDF as they were approved, and its figures as xlsx, CSV and JSON."""

import json
from typing import Any, Final

from flask import Response, make_response, redirect, send_file
from werkzeug.exceptions import Gone, NotFound
from werkzeug.wrappers import Response as AnyResponse

from reports.faces.json_schema import json_schema
from reports.faces.open_data import as_csv, as_json
from reports.faces.workbook import workbook
from reports.loading import UnknownDefinition
from service import access
from service.downloads import TYPES, file_name
from service.language import language
from service.public import public
from service.public.addresses import Addresses, Live
from service.public.keeping import kept
from service.public.open_data import about_report, envelope_schema
from service.public.reports import find
from service.public.shown import Shown
from service.resources import resources
from storage.publishing.catalogue import Published
from storage.tables import Document, Format

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DATA: Final = {"xlsx": XLSX, "csv": "text/csv; charset=utf-8", "json": "application/json"}
ENDINGS: Final = (*(format.value for format in Format), *DATA)


@public.get("/public/reports/<public_id>/<int:number>.<any(pdf, docx, xlsx, csv, json):ending>")
@access.everybody
def file(public_id: str, number: int, ending: str) -> Response:
    published = find(public_id, number)
    if published.publication.withdrawn_at:
        raise Gone
    response = _data(published, ending) if ending in DATA else _document(published, Format(ending))
    return kept(response, published.changed_at)


@public.get("/public/reports/<public_id>.<any(pdf, docx, xlsx, csv, json):ending>")
@access.everybody
def latest_file(public_id: str, ending: str) -> AnyResponse:
    """Of the version in force: a link that always leads to the last one."""
    published = find(public_id)
    if published.publication.withdrawn_at:
        raise Gone
    return redirect(Live().file(public_id, published.publication.number, ending), 302)


@public.get("/public/schemas/<id>/<edition>.json")
@access.everybody
def schema(id: str, edition: str) -> Response:
    """What a report's JSON is like, for programs."""
    try:
        definition = resources().definitions[f"{id}/{edition}"]
    except UnknownDefinition:
        raise NotFound from None
    response = make_response(as_json(envelope_schema(json_schema(definition)), {}))
    response.mimetype = "application/schema+json"
    return kept(_open_to_programs(response))


def data_file(published: Published, ending: str, at: Addresses) -> bytes:
    """The figures of one version, each file telling what it is."""
    shown = Shown(published, at)
    answers = shown.answers
    if ending == "xlsx":
        return workbook(answers, shown.about())
    if ending == "csv":
        return as_csv(answers.definition, answers.figures)
    return as_json(about_report(shown), {"answers": json.loads(published.revision.answers)})


def _data(published: Published, ending: str) -> Response:
    response = make_response(data_file(published, ending, Live()))
    response.content_type = DATA[ending]
    title = Shown(published, Live()).answers.title
    response.headers.set("Content-Disposition", "attachment", filename=file_name(title, ending))
    response.set_etag(f"{published.revision.sha256[:16]}-{published.publication.id}-{language()}-{ending}")
    return _open_to_programs(response)


def _document(published: Published, format: Format) -> Response:
    document = published.documents.get(format)
    if document is None:
        raise NotFound
    title = Shown(published, Live()).answers.title
    response = send_file(
        open_document(document),
        mimetype=TYPES[format],
        # A PDF is for reading: it opens where it is pressed.
        as_attachment=format is not Format.PDF,
        download_name=file_name(title, format),
        etag=document.sha256,
        conditional=False,
    )
    response.content_length = document.bytes
    return response


def open_document(document: Document) -> Any:
    """A kept file, checked: what is public is never damaged."""
    return resources().files.open(document.storage_key, document.bytes, document.sha256)


def _open_to_programs(response: Response) -> Response:
    # Open data: a page of another site may read it too.
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response

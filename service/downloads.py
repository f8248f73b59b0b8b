"""A document on its way to whoever may have it: its own name, its fingerprint, and never damaged."""

import re

from flask import Response, send_file
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from service.entries import entry_of_job
from service.resources import resources
from storage.making.documents import find_document
from storage.tables import Document, Format

TYPES = {
    Format.PDF: "application/pdf",
    Format.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
# Windows takes none of these in a name; and a name has at most 255 bytes, of which a character may take three.
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|]')
_LONGEST_NAME = 80


def document_id(job_public_id: str, document: Document) -> str:
    """How addresses name a document: the job that made it, and the format."""
    return f"{job_public_id}.{document.format.value}"


def send_document(session: Session, wanted: str, *, show: bool = False) -> Response:
    """The file of a document, whole, or nothing at all; to `show` a PDF is to have the browser open and print it."""
    job_public_id, _, extension = wanted.rpartition(".")
    if extension not in list(Format):
        raise NotFound
    document = find_document(session, job_public_id, Format(extension))
    if document is None:
        raise NotFound
    title = entry_of_job(session, job_public_id).title
    response = send_file(
        resources().files.open(document.storage_key, document.bytes, document.sha256),
        mimetype=TYPES[document.format],
        as_attachment=not show or document.format is not Format.PDF,
        download_name=file_name(title, document.format),
        etag=document.sha256,
        conditional=True,
    )
    if response.status_code == 200:
        response.content_length = document.bytes
    return response


def file_name(title: str, ending: str) -> str:
    """A name that any system takes: the title of the report, and the ending."""
    name = _NOT_IN_NAMES.sub("_", title)
    return f"{name[:_LONGEST_NAME]}.{ending}"

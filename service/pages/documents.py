"""Downloads for people."""

from flask import Response, request

from service import access
from service.downloads import send_document
from service.pages import pages
from service.resources import resources
from storage.session import reading_scope


@pages.get("/documents/<document>")
@access.person
def document(document: str) -> Response:
    with reading_scope(resources().engine) as session:
        access.report_of_job(session, document.rpartition(".")[0])
        return send_document(session, document, show="show" in request.args)

"""Downloads for programs."""

from flask import Response

from service import access
from service.api import v1
from service.api.description import answers, described
from service.downloads import send_document
from service.resources import resources
from storage.session import reading_scope


@v1.get("/documents/<public_id>")
@described(resp=answers(404, 503, HTTP_200=None, HTTP_304=None), tags=["文件"])
@access.program
def document(public_id: str) -> Response:
    """下载一份 Word 或 PDF

    ETag 是文件的 SHA-256。带 If-None-Match 再来，没有变化的回答 304。
    """
    with reading_scope(resources().engine) as session:
        return send_document(session, public_id)

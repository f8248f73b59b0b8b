"""How far the making of documents has come."""

from service import access
from service.api import told, v1
from service.api.description import answers, spec
from service.api.shapes import JobShape
from service.entries import entry_of_job
from service.resources import resources
from storage.session import reading_scope


@v1.get("/jobs/<public_id>")
@spec.validate(resp=answers(404, HTTP_200=JobShape), tags=["任务"])
@access.program
def job(public_id: str) -> JobShape:
    """查看一项任务

    生成好的文件在 documents 中；没有做成的，原因在 error 中。建议每 2 秒查看一次。
    """
    with reading_scope(resources().engine) as session:
        return told.job(entry_of_job(session, public_id))

"""How far the making of documents has come."""

from service import access
from service.api import told, v1
from service.api.description import answers, spec
from service.api.shapes import JobShape
from service.entries import entry_of_job
from service.resources import resources
from storage.making import remaking
from storage.session import reading_scope, session_scope


@v1.get("/jobs/<public_id>")
@spec.validate(resp=answers(404, HTTP_200=JobShape), tags=["任务"])
@access.program
def job(public_id: str) -> JobShape:
    """查看一项任务

    生成好的文件在 documents 中；没有做成的，原因在 error 中。建议每 2 秒查看一次。
    """
    with reading_scope(resources().engine) as session:
        return told.job(entry_of_job(session, public_id))


@v1.post("/jobs/<public_id>/again")
@spec.validate(resp=answers(404, 503, HTTP_200=JobShape, HTTP_202=JobShape), tags=["任务"])
@access.program
def make_again(public_id: str) -> tuple[JobShape, int]:
    """重新制作

    没有做成的，或文件已损坏、丢失的，重新排队，回答 202；不需要重新制作的，回答 200，一切照旧。
    """
    office = resources()
    with session_scope(office.engine) as session:
        job = entry_of_job(session, public_id).job
        begins = remaking.make_again(session, office.files, job.id, access.actor())
        if begins:
            office.queue.nudge_after_commit(session, job)
    with reading_scope(office.engine) as session:
        return told.job(entry_of_job(session, public_id)), 202 if begins else 200

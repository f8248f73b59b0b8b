"""Handing in answers, and what has been handed in."""

import json

from flask import request, url_for

from service import access
from service.api import told, v1
from service.api.description import answers, spec
from service.api.shapes import AnswersShape, FullReportShape, Paging, ReportsShape, TakenInShape
from service.entries import answers_of, entries, entry, entry_of_job
from service.intake import checked, take_in
from service.resources import resources
from storage.session import reading_scope


@v1.post("/reports")
@spec.validate(
    json=AnswersShape,
    resp=answers(409, 413, 422, 503, HTTP_202=TakenInShape),
    tags=["报告"],
    # The body is read by `reports.reading`, which sees what a JSON library would let pass: two keys of one name.
    skip_validation=True,
)
@access.program
def hand_in() -> tuple[TakenInShape, int, dict[str, str]]:
    """报送

    核对后收下，并开始生成 Word 和 PDF。有错误的不收下，逐条指出。同样的数据再报送一次，得到的是原来那项任务。
    """
    taken = take_in(request.get_data(cache=False), access.actor())
    with reading_scope(resources().engine) as session:
        job = told.job(entry_of_job(session, taken.sent.job.public_id))
    answer = TakenInShape(
        report=job.report,
        revision=taken.sent.revision.number,
        is_new=taken.sent.is_new,
        job=job,
        findings=told.findings(taken.findings),
    )
    return answer, 202, {"Location": job.url}


@v1.get("/reports")
@spec.validate(resp=answers(422, HTTP_200=ReportsShape), tags=["报告"])
@access.program
def reports(query: Paging) -> ReportsShape:
    """列出报告"""
    with reading_scope(resources().engine) as session:
        found = entries(session, query.limit + 1, query.offset)
        shown = [told.report(one) for one in found[: query.limit]]
    onward = url_for("api.reports", limit=query.limit, offset=query.offset + query.limit)
    return ReportsShape(reports=shown, next=onward if len(found) > query.limit else None)


@v1.get("/reports/<public_id>")
@spec.validate(resp=answers(404, HTTP_200=FullReportShape), tags=["报告"])
@access.program
def report(public_id: str) -> FullReportShape:
    """查看一份报告"""
    with reading_scope(resources().engine) as session:
        one, of_report = entry(session, public_id), answers_of(session, public_id)
        findings = checked(session, of_report)
    return FullReportShape(
        **told.report(one).model_dump(),
        answers=json.loads(of_report.to_json()),
        findings=told.findings(findings),
    )

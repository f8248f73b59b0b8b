"""Entries, jobs and documents in the shapes of the API."""

from flask import url_for

from reports.findings import Finding
from service.api.shapes import DocumentShape, FailureShape, FindingShape, JobShape, ReportShape
from service.downloads import document_id
from service.entries import Entry
from service.words import STATES
from storage.tables import Document


def report(entry: Entry) -> ReportShape:
    line = entry.line
    return ReportShape(
        id=line.public_id,
        url=url_for("api.report", public_id=line.public_id),
        title=entry.title,
        definition=f"{line.definition}/{line.edition}",
        unit=line.unit,
        year=line.year,
        revision=line.revision,
        submitted_at=line.submitted_at,
        submitted_by=line.submitted_by,
        job=job(entry),
    )


def job(entry: Entry) -> JobShape:
    one = entry.job
    failure = FailureShape(code=one.error_code, message=one.error_for_person or "") if one.error_code else None
    return JobShape(
        id=one.public_id,
        url=url_for("api.job", public_id=one.public_id),
        report=url_for("api.report", public_id=entry.line.public_id),
        state=one.state.value,
        state_in_words=STATES[one.state].word,
        created_at=one.created_at,
        started_at=one.claimed_at,
        finished_at=one.finished_at,
        next_attempt_at=one.next_attempt_at,
        error=failure,
        documents=[_document(one.public_id, document) for document in entry.documents],
    )


def findings(found: tuple[Finding, ...] | list[Finding]) -> list[FindingShape]:
    return [FindingShape.model_validate(finding.to_json()) for finding in found]


def _document(job_public_id: str, document: Document) -> DocumentShape:
    public_id = document_id(job_public_id, document)
    return DocumentShape(
        id=public_id,
        format=document.format.value,
        sha256=document.sha256,
        bytes=document.bytes,
        pages=document.pages,
        url=url_for("api.document", public_id=public_id),
    )

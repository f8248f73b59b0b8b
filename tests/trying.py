"""Templates for the tests: changed copies of the one that comes along, handed in, examined, tried."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy.orm import Session

from storage.files import DocumentFiles
from storage.making import documents, jobs, templates
from storage.making.jobs import Recipe
from storage.making.recipes import RENDERER_VERSION, template_of
from storage.making.templates import Example
from storage.tables import TRIAL, Format, Job, Lane, Revision, TemplateVersion
from tests.people import DEFINITIONS, annual
from tests.printing import pdf_with

BUNDLED = template_of(DEFINITIONS, annual())
KEEPER = "account:xitong"
DOCUMENT, STYLES = "word/document.xml", "word/styles.xml"
WIDER = ('w:line="579"', 'w:line="600"')
PDF = pdf_with("一、总体情况", "二、主动公开政府信息情况")


def changed(
    folder: Path,
    *changes: tuple[str, str],
    part: str = STYLES,
    more: Mapping[str, bytes] | None = None,
    name: str = "changed.docx",
) -> Path:
    """A copy of the template that comes along, with something else in one of its parts, or with more parts."""
    file = folder / name
    with zipfile.ZipFile(BUNDLED) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            data = old.read(member)
            if member == part:
                for before, after in changes:
                    assert before.encode() in data, "a change that changes nothing proves nothing"
                    data = data.replace(before.encode(), after.encode())
            new.writestr(_entry(member), data)
        for member, data in (more or {}).items():
            new.writestr(_entry(member), data)
    return file


def _entry(name: str) -> zipfile.ZipInfo:
    # The same change twice is the same file, whatever the time.
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def wider(folder: Path, line: int = 600) -> Path:
    """A good template: its lines are a little further apart."""
    return changed(folder, (WIDER[0], f'w:line="{line}"'))


def handed_in(session: Session, files: DocumentFiles, folder: Path, line: int = 600) -> TemplateVersion:
    """Somebody uploads a good template."""
    return templates.upload(session, files, annual(), wider(folder, line), "新模板.docx", KEEPER)


def found_sound(session: Session, files: DocumentFiles, row: TemplateVersion, folder: Path) -> TemplateVersion:
    """A worker has examined it and found nothing."""
    pdf = folder / "example.pdf"
    pdf.write_bytes(PDF)
    kept = files.keep_as(pdf, f"templates/{row.public_id}-example.pdf")
    example = Example(kept.storage_key, kept.sha256, kept.size, 2).told()
    told = {"at": "2026-01-05T08:00:00+00:00", "flaws": [], "names": 208, "example": example, "typefaces": []}
    assert templates.begin_examination(session, row.id)
    assert templates.end_examination(session, row.id, told, sound=True, actor="worker:vm")
    return session.get_one(TemplateVersion, row.id, populate_existing=True)


def tried(
    session: Session, files: DocumentFiles, row: TemplateVersion, revision: Revision, folder: Path, pages: int = 2
) -> Job:
    """A worker has made the documents of this revision by this template, for a look."""
    job = jobs.order(session, revision, Recipe(row.version, RENDERER_VERSION, TRIAL), Lane.PREVIEW)
    session.flush()
    claim = jobs.claim(session, job.id, "worker-1")
    assert claim is not None
    pdf = folder / "trial.pdf"
    pdf.write_bytes(PDF)
    [kept] = files.keep([pdf], claim.job_id, claim.fence)
    assert jobs.finish(session, claim, [documents.document(claim, Format.PDF, kept, pages)])
    return job

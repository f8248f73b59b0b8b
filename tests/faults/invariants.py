"""What must hold whatever happens, I1 to I6, each seen from outside: tables in plain SQL, files, processes.

Each function names what is broken; nothing is returned where all is well.
"""

import hashlib
import re
import zipfile
from collections.abc import Collection, Iterator
from itertools import pairwise
from pathlib import Path

import pikepdf

from storage.files import DocumentFiles
from storage.safekeeping.scan import scan
from tests.faults.house import House

VISIBLE = """
    SELECT job.id, job.fence, unit.name, document.format, document.storage_key, document.sha256
    FROM document JOIN job ON job.id = document.job_id AND job.fence = document.fence AND job.state = 'done'
    JOIN revision ON revision.id = job.revision_id JOIN report ON report.id = revision.report_id
    JOIN unit ON unit.id = report.unit_id
"""


def broken(house: House, may_fail: Collection[str] = ()) -> list[str]:
    """Everything that does not hold; units whose report may come to nothing are named."""
    return [
        *no_loss(house),
        *one_visible_result(house),
        *no_stale_write(house),
        *honest_progress(house),
        *no_litter(house),
        *isolation(house, may_fail),
    ]


def no_loss(house: House) -> Iterator[str]:
    """I1: every accepted report is done, or has failed by name."""
    ended = {row[0]: row[1:] for row in house.ask("SELECT public_id, state, error_code FROM job")}
    for public_id in house.accepted:
        state, code = ended.get(public_id, ("gone", None))
        if state != "done" and not (state == "failed" and code):
            yield f"I1: job {public_id} was accepted and is {state}"


def one_visible_result(house: House) -> Iterator[str]:
    """I2: one result for each order; its files are there, as they were written, and open."""
    keys = "revision_id, template_version, renderer_version, format"
    for row in house.ask(f"SELECT {keys} FROM job GROUP BY {keys} HAVING count(*) > 1"):
        yield f"I2: ordered twice: {row}"
    pairs: dict[object, list[object]] = {row[0]: [] for row in house.ask("SELECT id FROM job WHERE state = 'done'")}
    for job_id, _fence, unit, format, key, sha256 in house.ask(VISIBLE):
        pairs[job_id].append(format)
        yield from _opens(house.settings.data_dir / "documents" / str(key), str(format), str(unit), str(sha256))
    for job_id, formats in pairs.items():
        if sorted(map(str, formats)) != ["docx", "pdf"]:
            yield f"I2: job {job_id} is done and shows {formats}"


def _opens(path: Path, format: str, unit: str, sha256: str) -> Iterator[str]:
    if not path.is_file():
        yield f"I2: {path.name} is not there"
    elif hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
        yield f"I2: {path.name} is not as it was written"
    elif format == "docx":
        with zipfile.ZipFile(path) as word:
            if unit not in word.read("word/document.xml").decode():
                yield f"I2: {path.name} is not the Word file of {unit}"
    else:
        with pikepdf.open(path) as pdf:
            if unit not in str(pdf.docinfo.get("/Title", "")):
                yield f"I2: {path.name} is not the PDF of {unit}"


def no_stale_write(house: House) -> Iterator[str]:
    """I3: a document has its job's fence, in its row, in its name and where it tells by whom it was made."""
    rows = house.ask("SELECT job.id, job.fence, document.fence, storage_key FROM document JOIN job ON job.id = job_id")
    for job_id, current, fence, key in rows:
        if fence != current:
            yield f"I3: job {job_id} has fence {current} and a document of fence {fence}"
        claim = f"job-{job_id}-fence-{fence}"
        path = house.settings.data_dir / "documents" / str(key)
        if path.stem != claim or (path.suffix == ".pdf" and path.is_file() and not _made_under(path, claim)):
            yield f"I3: {path.name} was not made under {claim}"


def _made_under(path: Path, claim: str) -> bool:
    with pikepdf.open(path) as pdf:
        told = str(pdf.docinfo.get("/Subject", ""))
    # Only the small converter's documents tell.
    return not re.fullmatch(r"job-\d+-fence-\d+", told) or told == claim


def honest_progress(house: House) -> Iterator[str]:
    """I4: never more than all, never fewer than before, and all only when all are final."""
    for (_, before), (ordered, final) in pairwise([(0, 0), *house.progress.seen]):
        if not before <= final <= ordered:
            yield f"I4: {final} of {ordered} after {before}"


def no_litter(house: House) -> Iterator[str]:
    """I5: nothing runs, nothing is held, and nothing lies about once everybody has gone home."""
    house.go_home()
    yield from (f"I5: still running: {' '.join(one.words)[:200]}" for one in house.converters())
    yield from (f"I5: job {row[0]} is held" for row in house.ask("SELECT id FROM job WHERE state = 'running'"))
    files = DocumentFiles(house.settings)
    yield from (f"I5: {one.trouble}: {one.storage_key}, {one.detail}" for one in scan(house.engine, files, 0))
    for pattern in ("work/*", ".office-*", "work/.office-*"):
        yield from (f"I5: left behind: {path.name}" for path in house.settings.data_dir.glob(pattern))


def isolation(house: House, may_fail: Collection[str]) -> Iterator[str]:
    """I6: a bad document spoils nobody's but its own."""
    failed = """
        SELECT unit.name, job.error_code FROM job JOIN revision ON revision.id = job.revision_id
        JOIN report ON report.id = revision.report_id JOIN unit ON unit.id = report.unit_id
        WHERE job.state = 'failed'
    """
    yield from (f"I6: {unit} has failed: {code}" for unit, code in house.ask(failed) if unit not in may_fail)

"""A document comes whole, under the name of its report, or not at all."""

import hashlib
from urllib.parse import unquote

import pytest

from service.downloads import file_name
from storage.tables import Format
from tests.people import MARKET, as_json, ordinary_report
from tests.service.conftest import PDF, WORD, Office
from tests.service.visitors import Browser, Program, told

TITLE = f"{MARKET}2024年政府信息公开工作年度报告"


@pytest.fixture
def job(office: Office, program: Program) -> str:
    """The id of a job whose documents are made."""
    taken = told(program.hand_in(as_json(ordinary_report())))
    office.make(taken["job"]["id"])
    return str(taken["job"]["id"])


@pytest.mark.parametrize(("format", "content"), [("pdf", PDF), ("docx", WORD)])
def test_a_document_comes_under_the_title_of_its_report(
    reviewer: Browser, program: Program, job: str, format: str, content: bytes
) -> None:
    for answer in (
        program.get(f"/api/v1/documents/{job}.{format}"),
        reviewer.get(f"/documents/{job}.{format}").answer,
    ):
        assert answer.status_code == 200
        assert answer.get_data() == content
        assert answer.content_length == len(content)
        kind, *names = answer.headers["Content-Disposition"].split("; ")
        assert kind == "attachment"
        assert unquote(names[-1]) == f"filename*=UTF-8''{TITLE}.{format}"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.get_etag() == (hashlib.sha256(content).hexdigest(), False)


def test_what_a_program_has_already_is_not_sent_again(program: Program, job: str) -> None:
    first = program.get(f"/api/v1/documents/{job}.pdf")
    again = program.get(f"/api/v1/documents/{job}.pdf", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")
    other = program.get(f"/api/v1/documents/{job}.pdf", **{"If-None-Match": '"something else"'})
    assert other.status_code == 200


def test_the_address_of_a_job_and_its_digests_agree_with_what_is_sent(program: Program, job: str) -> None:
    for document in told(program.get(f"/api/v1/jobs/{job}"))["documents"]:
        sent = program.get(document["url"]).get_data()
        assert hashlib.sha256(sent).hexdigest() == document["sha256"]
        assert len(sent) == document["bytes"]


@pytest.mark.parametrize("damage", [b"", PDF[:-1], PDF.replace(b"report", b"REPORT")])
def test_a_damaged_document_is_not_handed_out(
    office: Office, program: Program, reviewer: Browser, job: str, damage: bytes
) -> None:
    [kept] = (office.settings.data_dir / "documents").rglob("*.pdf")
    kept.write_bytes(damage)
    answer = program.get(f"/api/v1/documents/{job}.pdf")
    assert answer.status_code == 503
    assert told(answer)["code"] == "file_damaged"
    page = reviewer.get(f"/documents/{job}.pdf")
    assert "文件已损坏或丢失" in page.words
    assert program.get(f"/api/v1/documents/{job}.docx").status_code == 200


def test_a_lost_document_is_not_there(office: Office, program: Program, job: str) -> None:
    [kept] = (office.settings.data_dir / "documents").rglob("*.pdf")
    kept.unlink()
    assert told(program.get(f"/api/v1/documents/{job}.pdf"))["code"] == "file_damaged"


@pytest.mark.parametrize("format", ["odt", "", "PDF", "pdf/..", "exe"])
def test_a_job_has_no_documents_but_its_own(program: Program, job: str, format: str) -> None:
    assert program.get(f"/api/v1/documents/{job}.{format}").status_code == 404


def test_a_document_is_not_there_before_it_is_made(program: Program) -> None:
    taken = told(program.hand_in(as_json(ordinary_report())))
    assert program.get(f"/api/v1/documents/{taken['job']['id']}.pdf").status_code == 404


def test_a_stranger_gets_no_document(stranger: Browser, job: str) -> None:
    assert stranger.get(f"/documents/{job}.pdf").status == 302
    assert stranger.client.get(f"/api/v1/documents/{job}.pdf").status_code == 401


@pytest.mark.parametrize(
    ("title", "name"),
    [
        (TITLE, f"{TITLE}.pdf"),
        ('甲/乙\\丙:丁*戊?己"庚<辛>壬|癸', "甲_乙_丙_丁_戊_己_庚_辛_壬_癸.pdf"),
        ("局" * 200, "局" * 80 + ".pdf"),
    ],
)
def test_any_title_becomes_a_name_that_any_system_takes(title: str, name: str) -> None:
    assert file_name(title, Format.PDF) == name
    assert len(name.encode()) <= 255

"""What a good Word file and a good PDF are, and how each lie is found out."""

import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from tests.paper import Paper, a_report
from tests.printing import FAKES, an_office, text_of
from tests.tampering import CHANGES, Change
from workers.errors import DocumentFailed
from workers.fonts.chosen import Fonts, UndrawableCharacter
from workers.office.alone import to_pdf
from workers.office.installed import Office
from workers.proof.pdf_text import read_pdf
from workers.verify import PdfDiffers, PdfUnsound, WordLacksValue, WordUnsound, check_pdf, check_word
from workers.visible import CELL, visible


@pytest.fixture(scope="module")
def libreoffice(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return an_office(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def printed(libreoffice: Office, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a report as a Word file and as the PDF that LibreOffice made of it."""
    folder = tmp_path_factory.mktemp("printed")
    to_pdf(a_report().save(folder / "report.docx"), folder, office=libreoffice)
    return folder


# --- Word ------------------------------------------------------------------------------------------------


@pytest.fixture
def docx(tmp_path: Path) -> Path:
    return a_report().save(tmp_path / "report.docx")


def rewritten(docx: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """The Word file with one part changed, or added."""
    with zipfile.ZipFile(docx) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts[part] = change(parts.get(part, b""))
    with zipfile.ZipFile(docx, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return docx


def test_a_report_with_every_value_in_order_is_good(docx: Path) -> None:
    word = check_word(docx, ["安平县水务局", "1024", "0", "7", "203", "无。"])
    assert word.document.startswith("一、总体情况安平县水务局2024年")
    assert f"{CELL}一、新收{CELL}1024{CELL}0{CELL}" in word.document


@pytest.mark.parametrize(
    ("expected", "missing"),
    [
        (["安平县水务局", "1023"], "少了“1023”（应在“安平县水务局”之后）"),
        (["1024", "安平县水务局"], "少了“安平县水务局”（应在“1024”之后）"),
        (["全年主动公开信息"], "少了“全年主动公开信息”"),
        (["102"], "少了“102”"),
        (["0", "0"], "少了“0”（应在“0”之后）"),
    ],
    ids=["wrong", "out of order", "part of a paragraph", "part of a cell", "once too few"],
)
def test_a_lost_value_is_named_with_its_place(expected: list[str], missing: str, docx: Path) -> None:
    with pytest.raises(WordLacksValue) as caught:
        check_word(docx, expected)
    assert missing in caught.value.for_person


def test_lines_and_tabs_within_a_value_are_part_of_it(tmp_path: Path) -> None:
    docx = Paper().write("甲\n乙\t丙").save(tmp_path / "report.docx")
    check_word(docx, ["甲\n乙\t丙"])


def test_braces_that_a_person_typed_may_stay(tmp_path: Path) -> None:
    docx = Paper().write("按 {{ 7*7 }} 与 {% if %} 填报").save(tmp_path / "report.docx")
    check_word(docx, ["按 {{ 7*7 }} 与 {% if %} 填报"])


@pytest.mark.parametrize("tag", ["{{ overview.proactive }}", "{%p endfor %}", "{# 备注 #}"])
def test_a_tag_that_the_template_was_left_with_is_refused(tag: str, tmp_path: Path) -> None:
    docx = Paper().write("甲", tag).save(tmp_path / "report.docx")
    with pytest.raises(WordUnsound, match="was not filled"):
        check_word(docx, ["甲"])


@pytest.mark.parametrize(
    ("part", "change", "reason"),
    [
        ("word/document.xml", lambda xml: xml.replace(b"</w:p>", b"", 1), "mismatch"),
        ("word/document.xml", lambda xml: xml.replace(b"1024", b"10\x0024", 1), "PCDATA|Char"),
        ("word/document.xml", lambda xml: xml.replace(b"1024", b"10&24", 1), "EntityRef"),
        (
            "docProps/core.xml",
            lambda xml: b'<?xml version="1.0"?><!DOCTYPE x>' + xml[xml.index(b"<cp:") :],
            "document type",
        ),
        ("word/vbaProject.bin", lambda _: b"macros", "vbaProject"),
        ("word/embeddings/oleObject1.bin", lambda _: b"object", "oleObject"),
        (
            "word/_rels/document.xml.rels",
            lambda xml: xml.replace(
                b"</Relationships>",
                b'<Relationship Id="x" Type="http://x/image" Target="http://h/x.png" TargetMode="External"/>'
                b"</Relationships>",
            ),
            "leads out of the document to http://h/x.png",
        ),
    ],
    ids=[
        "unclosed",
        "control character",
        "bare ampersand",
        "document type",
        "macros",
        "object",
        "picture elsewhere",
    ],
)
def test_a_damaged_or_dangerous_word_file_is_refused(
    part: str, change: Callable[[bytes], bytes], reason: str, docx: Path
) -> None:
    with pytest.raises(WordUnsound, match=reason):
        check_word(rewritten(docx, part, change), [])


def test_a_link_to_an_address_is_no_danger(docx: Path) -> None:
    link = b'<Relationship Id="x" Type="http://x/hyperlink" Target="http://www.gov.cn" TargetMode="External"/>'
    rels = "word/_rels/document.xml.rels"
    check_word(rewritten(docx, rels, lambda xml: xml.replace(b"</Relationships>", link + b"</Relationships>")), [])


@pytest.mark.parametrize("size", [0, 100, -100])
def test_half_a_word_file_is_refused(size: int, docx: Path) -> None:
    docx.write_bytes(docx.read_bytes()[:size])
    with pytest.raises(WordUnsound):
        check_word(docx, [])


# --- PDF: a good one -------------------------------------------------------------------------------------


def test_a_good_pdf_is_proved(printed: Path, libreoffice: Office) -> None:
    proof = check_pdf(printed / "report.pdf", check_word(printed / "report.docx", []), libreoffice.fonts)
    assert proof.pages == 2
    assert proof.size == (printed / "report.pdf").stat().st_size
    assert "GBZenKai-Medium" in proof.fonts


def test_our_reading_is_that_of_two_other_readers(printed: Path) -> None:
    with pikepdf.open(printed / "report.pdf") as pdf:
        text = read_pdf(pdf, (printed / "report.pdf").read_bytes())
    drawn_again = "（勾稽关系）自然人总计"
    ours = "".join(text.document.split(CELL)).replace(drawn_again, "", 1)
    command = ["pdftotext", "-raw", printed / "report.pdf", "-"]
    poppler = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    for theirs in (text_of(printed / "report.pdf"), poppler):
        said = visible(theirs).replace(drawn_again, "")
        for number in (1, 2):
            said = said.replace(f"-{number}-", "", 1)
        assert said == ours


# --- PDF: lies -------------------------------------------------------------------------------------------


def refused(pdf: Path, docx: Path, fonts: Fonts) -> DocumentFailed:
    """The error that a PDF is refused with."""
    with pytest.raises((PdfUnsound, PdfDiffers, UndrawableCharacter)) as caught:
        check_pdf(pdf, check_word(docx, []), fonts)
    return caught.value


def altered(pdf: Path, copy: Path, change: Change, **how: Any) -> Path:
    """A copy of a PDF that somebody has been at."""
    with pikepdf.open(pdf) as opened:
        change(opened)
        opened.save(copy, **how)
    return copy


@pytest.mark.parametrize(
    ("fake", "failure", "said"),
    [
        (
            "writes_another_figure",
            PdfDiffers,
            "一、新收｜1024｜0｜三、办理结果｜…”，PDF 是“…人｜总计｜一、新收｜1042｜0｜",
        ),
        ("writes_another_document", PdfUnsound, "未通过检查，没有发布"),
        ("prints_empty_boxes", UndrawableCharacter, "印出来会是空框"),
    ],
)
def test_an_office_that_lies_is_found_out(
    fake: str, failure: type[DocumentFailed], said: str, libreoffice: Office, tmp_path: Path
) -> None:
    docx = a_report().save(tmp_path / "report.docx")
    pdf = to_pdf(docx, tmp_path, office=replace(libreoffice, program=FAKES / fake))
    error = refused(pdf, docx, libreoffice.fonts)
    assert isinstance(error, failure)
    assert said in error.for_person


def test_the_report_of_another_unit_is_refused(printed: Path, libreoffice: Office, tmp_path: Path) -> None:
    other = a_report(unit="永宁县财政局").save(tmp_path / "other.docx")
    error = refused(printed / "report.pdf", other, libreoffice.fonts)
    assert "its title is '安平县水务局2024年" in error.for_operator


def test_the_same_report_with_one_more_sentence_is_refused(printed: Path, libreoffice: Office, tmp_path: Path) -> None:
    longer = a_report().write("另有一句。").save(tmp_path / "longer.docx")
    error = refused(printed / "report.pdf", longer, libreoffice.fonts)
    assert (
        "第 2 页：Word 文件是“…、其他需要报告的事项无。另有一句。”，PDF 是“…、其他需要报告的事项无。”"
        in error.for_person
    )


@pytest.mark.parametrize("name", CHANGES)
def test_a_pdf_is_refused_that_has(name: str, printed: Path, libreoffice: Office, tmp_path: Path) -> None:
    reason, change = CHANGES[name]
    pdf = altered(printed / "report.pdf", tmp_path / "report.pdf", change)
    assert reason in refused(pdf, printed / "report.docx", libreoffice.fonts).for_operator


def test_an_encrypted_pdf_is_refused(printed: Path, libreoffice: Office, tmp_path: Path) -> None:
    lock = pikepdf.Encryption(owner="owner", user="")
    pdf = altered(printed / "report.pdf", tmp_path / "report.pdf", lambda _pdf: None, encryption=lock)
    assert "it is encrypted" in refused(pdf, printed / "report.docx", libreoffice.fonts).for_operator


@pytest.mark.parametrize("size", [0, 9, 20000, -2000, -10])
def test_half_a_pdf_is_refused(size: int, printed: Path, libreoffice: Office, tmp_path: Path) -> None:
    (tmp_path / "report.pdf").write_bytes((printed / "report.pdf").read_bytes()[:size])
    error = refused(tmp_path / "report.pdf", printed / "report.docx", libreoffice.fonts)
    assert isinstance(error, PdfUnsound)


def test_what_somebody_has_been_at_without_harm_is_still_good(
    printed: Path, libreoffice: Office, tmp_path: Path
) -> None:
    pdf = altered(printed / "report.pdf", tmp_path / "report.pdf", lambda _pdf: None)
    check_pdf(pdf, check_word(printed / "report.docx", []), libreoffice.fonts)

"""An Office file that somebody hands in is looked at byte by byte before anything in it is believed."""

import io
import re
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from storage.making.packages import Kind, Limits, PackageRefused, admit
from tests.spreadsheets import sheet
from tests.trying import BUNDLED, DOCUMENT, changed

RELATIONS = "word/_rels/document.xml.rels"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
END = "</Relationships>"


def relation(sort: str, target: str, mode: str = ' TargetMode="External"') -> tuple[str, str]:
    """One more relationship of the document."""
    return END, f'<Relationship Id="rIdX" Type="{R}/{sort}" Target="{target}"{mode}/>{END}'


def raw(folder: Path, write: Callable[[zipfile.ZipFile], object]) -> Path:
    """The template that comes along with something odd in its ZIP."""
    file = changed(folder)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as package:
        write(package)
    return file


def test_the_template_that_comes_along_is_taken(tmp_path: Path) -> None:
    admit(BUNDLED, Kind.WORD)
    admit(changed(tmp_path), Kind.WORD)


MORE = {
    "a macro": "word/vbaProject.bin",
    "a control": "word/activeX/activeX1.xml",
    "an embedded file": "word/embeddings/oleObject1.bin",
    "a program": "word/media/image1.exe",
}


@pytest.mark.parametrize("member", MORE.values(), ids=MORE)
def test_what_is_alive_in_it_is_refused(tmp_path: Path, member: str) -> None:
    with pytest.raises(PackageRefused, match=re.escape(member)) as refused:
        admit(changed(tmp_path, more={member: b"x"}), Kind.WORD)
    assert "宏、控件或嵌入的文件" in refused.value.for_person


@pytest.mark.parametrize("sort", ["image", "hyperlink", "attachedTemplate", "oleObject", "subDocument", "frame"])
def test_a_link_to_elsewhere_is_refused_and_named(tmp_path: Path, sort: str) -> None:
    file = changed(tmp_path, relation(sort, "http://evil.example/x"), part=RELATIONS)
    with pytest.raises(PackageRefused) as refused:
        admit(file, Kind.WORD)
    assert "指向外部的链接或嵌入的对象（http://evil.example/x）" in refused.value.for_person


def test_an_embedded_document_inside_is_refused_too(tmp_path: Path) -> None:
    with pytest.raises(PackageRefused, match="aFChunk"):
        admit(changed(tmp_path, relation("aFChunk", "chunk.htm", mode=""), part=RELATIONS), Kind.WORD)


@pytest.mark.parametrize(
    "beginning",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaa">]>',
        '<!DOCTYPE x [<!ENTITY a "aaaa">]>'.encode("utf-16"),
        b'<?xml version="1.0" encoding="utf-7"?>',
    ],
    ids=["entities", "entities in UTF-16", "an odd encoding"],
)
def test_xml_that_no_office_writes_is_refused(tmp_path: Path, beginning: bytes) -> None:
    file = changed(tmp_path, more={"word/comments.xml": beginning + b"<x/>"})
    with pytest.raises(PackageRefused) as refused:
        admit(file, Kind.WORD)
    assert "实体定义或少见的编码" in refused.value.for_person


def bomb(package: zipfile.ZipFile) -> None:
    package.writestr("word/media/a.bmp", bytes(12 * 1024 * 1024))


def link(package: zipfile.ZipFile) -> None:
    entry = zipfile.ZipInfo("word/passwd.xml")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    package.writestr(entry, "/etc/passwd")


def inner(package: zipfile.ZipFile) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as other:
        other.writestr("a", "b")
    package.writestr("word/media/image1.png", archive.getvalue())


ODD: dict[str, tuple[Callable[[zipfile.ZipFile], object], str]] = {
    "a bomb": (bomb, "展开后太大"),
    "a link of the file system": (link, "名称不正常"),
    "a way out": (lambda package: package.writestr("../../etc/cron.d/x", "x"), "名称不正常"),
    "an absolute name": (lambda package: package.writestr("/etc/x", "x"), "名称不正常"),
    "a drive": (lambda package: package.writestr("C:x", "x"), "名称不正常"),
    "a name twice but for its case": (lambda package: package.writestr("word/Document.xml", "x"), "名称不正常"),
    "an archive inside": (inner, "嵌入的文件"),
}


@pytest.mark.parametrize(("write", "said"), ODD.values(), ids=ODD)
def test_an_odd_package_is_refused(tmp_path: Path, write: Callable[[zipfile.ZipFile], object], said: str) -> None:
    with pytest.raises(PackageRefused) as refused:
        admit(raw(tmp_path, write), Kind.WORD)
    assert said in refused.value.for_person


def test_a_package_of_too_many_parts_is_refused_unread(tmp_path: Path) -> None:
    file = changed(tmp_path, more={f"word/{number}.xml": b"<x/>" for number in range(20)})
    with pytest.raises(PackageRefused, match="entries"):
        admit(file, Kind.WORD, Limits(parts=20))


def test_what_grows_beyond_what_its_header_says_is_stopped(tmp_path: Path) -> None:
    file = changed(tmp_path, more={"word/media/a.txt": b"0123456789" * 30_000})
    admit(file, Kind.WORD)
    with pytest.raises(PackageRefused, match="grows beyond"):
        admit(file, Kind.WORD, Limits(unpacked=200_000))


@pytest.mark.parametrize(
    "content",
    [b"", b"%PDF-1.7", b"PK\x03\x04 and then nothing", b"\xd0\xcf\x11\xe0"],
    ids=["empty", "pdf", "cut", "doc"],
)
def test_another_kind_of_file_is_refused_with_what_to_do(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "report.docx"
    file.write_bytes(content)
    with pytest.raises(PackageRefused) as refused:
        admit(file, Kind.WORD)
    assert "另存为 .docx" in refused.value.for_person


def test_a_sheet_is_no_document_and_a_document_no_sheet(tmp_path: Path) -> None:
    file = tmp_path / "list.xlsx"
    file.write_bytes(sheet(("a",)))
    admit(file, Kind.SHEET)
    for other, kind in ((file, Kind.WORD), (BUNDLED, Kind.SHEET)):
        with pytest.raises(PackageRefused, match="another sort"):
            admit(other, kind)


def test_a_file_with_a_password_says_so(tmp_path: Path) -> None:
    file = changed(tmp_path)
    data = bytearray(file.read_bytes())
    # The bit that says so, in the first entry of the central directory.
    place = data.rindex(b"PK\x01\x02", 0, data.index(b"PK\x01\x02") + 4)
    data[place + 8] |= 1
    file.write_bytes(data)
    with pytest.raises(PackageRefused) as refused:
        admit(file, Kind.WORD)
    assert "设了密码" in refused.value.for_person


def test_a_document_with_macros_in_its_type_is_refused(tmp_path: Path) -> None:
    types = ("wordprocessingml.document.main+xml", "wordprocessingml.document.main+xml macroEnabled")
    with pytest.raises(PackageRefused, match="macroEnabled"):
        admit(changed(tmp_path, types, part="[Content_Types].xml"), Kind.WORD)


def test_xml_that_is_not_whole_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackageRefused):
        admit(changed(tmp_path, (END, ""), part=RELATIONS), Kind.WORD)
    assert DOCUMENT in zipfile.ZipFile(BUNDLED).namelist()

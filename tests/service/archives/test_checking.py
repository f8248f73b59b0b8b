"""An archive is proved against its own list and against the database; whatever was done to it is named."""

import hashlib
import io
import json
import stat
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from reports.faces.manifest import Manifest, as_csv, as_workbook, from_csv
from service.archives import packing
from service.archives.checking import Fault, Verdict, check
from service.archives.naming import MANIFEST_CSV, MANIFEST_XLSX
from service.archives.opening import ArchiveRefused
from service.archives.proving import prove
from storage.session import reading_scope, session_scope
from storage.tables import AuditEvent, Document
from tests.archives import EDUCATION, TOWN, Town
from tests.service.archives.conftest import packed

Files = dict[str, bytes]
PDF = f"2-部门/{EDUCATION}2024年政府信息公开工作年度报告.pdf"


def changed(file: Path, change: Callable[[Files], None]) -> Path:
    """The archive after somebody has had it in hands."""
    with zipfile.ZipFile(file) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    with zipfile.ZipFile(file, "w") as archive:
        for name, contents in files.items():
            archive.writestr(name, contents)
    return file


def found(file: Path) -> list[tuple[Fault, str]]:
    return [(one.fault, one.name) for one in check(file).differences]


def proved(place: Town, file: Path) -> Verdict:
    verdict = check(file)
    with reading_scope(place.engine) as session:
        prove(session, verdict)
    return verdict


def test_an_archive_as_it_was_handed_out_is_in_order_and_says_that_it_is_not_complete(place: Town, file: Path) -> None:
    verdict = proved(place, file)
    assert verdict.differences == []
    assert not verdict.is_complete
    assert verdict.files == 6
    [note] = verdict.notes
    assert "account:limin" in note


def test_a_bit_that_flipped_within_a_file_is_named(file: Path) -> None:
    data = bytearray(file.read_bytes())
    at = data.index(b"%pdf of job")
    data[at] ^= 1
    file.write_bytes(data)
    [(fault, name)] = found(file)
    assert fault is Fault.UNREADABLE
    assert name.endswith(".pdf")


def test_other_contents_under_a_listed_name_are_named(file: Path) -> None:
    assert found(changed(file, lambda files: files.update({PDF: b"%PDF another"}))) == [(Fault.DIFFERENT, PDF)]


def test_a_dropped_file_is_named(file: Path) -> None:
    assert found(changed(file, lambda files: files.pop(PDF) and None)) == [(Fault.MISSING, PDF)]


def test_a_renamed_file_is_named_with_both_names(file: Path) -> None:
    [one] = check(changed(file, lambda files: files.update({"other.pdf": files.pop(PDF)}))).differences
    assert (one.fault, one.name, one.detail) == (Fault.RENAMED, PDF, "other.pdf")


def test_a_file_too_many_is_named(file: Path) -> None:
    assert found(changed(file, lambda files: files.update({"extra.pdf": b"%PDF"}))) == [(Fault.EXTRA, "extra.pdf")]


def edited(files: Files) -> Manifest:
    """The list with the missing unit declared exempt, and the whole called complete."""
    manifest = from_csv(files[MANIFEST_CSV])
    lines = [replace(one, reason="免报：已撤销") if one.unit == TOWN else one for one in manifest.lines]
    return Manifest({**manifest.head, "是否完整": "完整"}, lines)


def test_a_list_edited_in_one_place_contradicts_the_others(file: Path) -> None:
    assert found(changed(file, lambda files: files.update({MANIFEST_CSV: as_csv(edited(files))}))) == [
        (Fault.LIST, MANIFEST_XLSX),
        (Fault.LIST, MANIFEST_CSV),
    ]


def test_a_workbook_edited_alone_is_noticed_too(file: Path) -> None:
    names = found(changed(file, lambda files: files.update({MANIFEST_XLSX: as_workbook(edited(files))})))
    assert names == [(Fault.LIST, MANIFEST_XLSX), (Fault.LIST, MANIFEST_XLSX)]


def test_a_list_edited_everywhere_still_contradicts_the_database(place: Town, file: Path) -> None:
    def forge(files: Files) -> None:
        forged = edited(files)
        files.update(packing._lists(forged))

    forged = changed(file, forge)
    assert check(forged).differences == []
    assert check(forged).is_complete
    [difference] = proved(place, forged).differences
    assert (difference.fault, difference.name) == (Fault.DATABASE, MANIFEST_CSV)


def test_without_the_note_of_its_list_an_archive_is_nobodys(place: Town, file: Path) -> None:
    with session_scope(place.engine) as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == "archive.issued")).one()
    noted = json.loads(event.detail)
    assert (noted["missing"], noted["files"]) == (1, 6)
    assert noted["manifest_sha256"] == check(file).manifest_sha256


def test_what_changed_since_is_told_and_does_not_make_a_genuine_archive_false(place: Town, file: Path) -> None:
    place.hand_in(TOWN)
    with session_scope(place.engine) as session:
        session.execute(delete(Document).where(Document.storage_key.like("%job-1-%.pdf")))
    verdict = proved(place, file)
    assert verdict.differences == []
    assert len(verdict.notes) == 3
    assert f"归档以后有变化：{TOWN}：数据库里有文件，清单里没有" in verdict.notes


def test_units_and_files_that_the_database_does_not_know_are_named(place: Town, file: Path) -> None:
    def forge(files: Files) -> None:
        manifest = from_csv(files[MANIFEST_CSV])
        lines = [replace(one, unit="别处的单位") if one.unit == EDUCATION else one for one in manifest.lines]
        files[PDF] = b"%PDF another"
        digest = hashlib.sha256(files[PDF]).hexdigest()
        lines = [replace(one, pdf_sha256=digest) if one.pdf == PDF else one for one in lines]
        files.update(packing._lists(Manifest(manifest.head, lines)))

    forged = changed(file, forge)
    assert check(forged).differences == []
    told = [(one.name, one.detail) for one in proved(place, forged).differences]
    assert ("别处的单位", "不在应报单位之列") in told
    assert (EDUCATION, "应报，清单里没有") in told
    assert any("数据库里没有指纹为" in detail for _, detail in told)


def test_an_archive_that_somebody_packed_anew_is_still_in_order(file: Path) -> None:
    with zipfile.ZipFile(file) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.mkdir("1-政府")
        for name, contents in files.items():
            archive.writestr(name, contents)
    assert found(file) == []


class TestWhatIsNotOpened:
    def refused(self, file: Path, said: str) -> None:
        with pytest.raises(ArchiveRefused) as refusal:
            check(file)
        assert said in refusal.value.for_person

    def test_half_an_archive(self, file: Path) -> None:
        file.write_bytes(file.read_bytes()[:-100])
        self.refused(file, "没有下载完")

    def test_no_archive_at_all(self, file: Path) -> None:
        file.write_bytes(b"%PDF")
        self.refused(file, "不是完整的 ZIP")

    def test_a_zip_of_somebody_else(self, file: Path) -> None:
        self.refused(changed(file, lambda files: files.pop(MANIFEST_CSV) and None), "不是本系统的归档")

    def test_a_list_that_is_none(self, file: Path) -> None:
        self.refused(changed(file, lambda files: files.update({MANIFEST_CSV: b"a,b\n"})), "不是归档清单")

    def test_a_list_of_a_later_format(self, file: Path) -> None:
        def later(files: Files) -> None:
            files[MANIFEST_CSV] = files[MANIFEST_CSV].replace(b"nianbao 1", b"nianbao 2")

        self.refused(changed(file, later), "请升级")

    @pytest.mark.parametrize(
        "name", ["../escape.pdf", "a/../../escape.pdf", "/etc/passwd", "C:/windows.pdf", "a\\b.pdf", "\u202efdp.exe"]
    )
    def test_a_name_that_leads_elsewhere_or_deceives(self, file: Path, name: str) -> None:
        self.refused(changed(file, lambda files: files.update({name: b"x"})), "没有打开")

    def test_two_files_of_one_name(self, file: Path) -> None:
        with zipfile.ZipFile(file, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr(PDF, b"another")
        self.refused(file, "有两个文件")

    def test_a_link(self, file: Path) -> None:
        link = zipfile.ZipInfo("link.pdf")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        with zipfile.ZipFile(file, "a") as archive:
            archive.writestr(link, "/etc/passwd")
        self.refused(file, "不是普通文件")

    def test_a_bomb(self, file: Path) -> None:
        with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("bomb.pdf", bytes(200 * 1024 * 1024))
        self.refused(file, "压缩炸弹")

    def test_files_that_lie_over_each_other(self, file: Path) -> None:
        # Every entry of the directory points at the first file, which is large.
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("0.pdf", b"x" * 100_000)
            first = archive.filelist[0]
            for number in range(1, 50):
                other = zipfile.ZipInfo(f"{number}.pdf")
                for name in ("CRC", "compress_size", "file_size", "header_offset"):
                    setattr(other, name, getattr(first, name))
                archive.filelist.append(other)
            archive._didModify = True
        self.refused(file, "压缩炸弹")

    def test_an_encrypted_one(self, file: Path) -> None:
        data = bytearray(file.read_bytes())
        with zipfile.ZipFile(file) as archive:
            # The flag in the first entry of the directory at the end.
            data[archive.start_dir + 8] |= 1
        file.write_bytes(data)
        self.refused(file, "加了密")


def test_names_that_older_windows_programs_wrote_are_read(place: Town, file: Path) -> None:
    packed(place)
    data = file.read_bytes()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}

    class InGbk(zipfile.ZipInfo):
        def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802
            return self.filename.encode("gb18030"), self.flag_bits

    with zipfile.ZipFile(file, "w") as archive:
        for name, contents in files.items():
            archive.writestr(InGbk(name), contents)
    assert found(file) == []

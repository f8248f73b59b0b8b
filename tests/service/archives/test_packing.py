"""An archive is whole, true and readable everywhere; what is damaged is named in it, and what breaks cuts it off."""

import errno
import hashlib
import io
import json
import os
import subprocess
import zipfile
from pathlib import Path

import pytest
from stream_zip import CRC32IntegrityError

from reports.faces.manifest import COUNTS, COVERAGE, MADE_BY, as_csv, from_csv
from service.archives import packing
from service.archives.naming import MANIFEST_CSV, MANIFEST_XLSX, SUMS
from service.archives.packing import Archive
from storage.files import FileDamaged
from storage.session import session_scope
from storage.stores import Found, StoreUnavailable
from storage.stores.folder import Folder
from storage.tables import Unit
from tests.archives import EDUCATION, FINANCE, GOVERNMENT, TOWN, Town, town
from tests.service.archives.conftest import packed
from tests.shelves import Shelf

REPORT = "2024年政府信息公开工作年度报告"


def unpacked(archive: Archive, place: Town) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(archive.stream(place.files))))


def test_files_are_called_as_people_call_them_by_folders_in_the_offices_order(place: Town, archive: Archive) -> None:
    assert unpacked(archive, place).namelist() == [
        MANIFEST_CSV,
        MANIFEST_XLSX,
        SUMS,
        f"1-政府/{GOVERNMENT}{REPORT}.pdf",
        f"1-政府/{GOVERNMENT}{REPORT}.docx",
        f"2-部门/{EDUCATION}{REPORT}.pdf",
        f"2-部门/{EDUCATION}{REPORT}.docx",
        f"2-部门/{FINANCE}{REPORT}.pdf",
        f"2-部门/{FINANCE}{REPORT}.docx",
    ]


def test_the_list_has_every_expected_unit_and_the_reason_of_the_missing_one(place: Town, archive: Archive) -> None:
    manifest = from_csv(unpacked(archive, place).read(MANIFEST_CSV))
    assert [line.unit for line in manifest.lines] == [GOVERNMENT, EDUCATION, FINANCE, TOWN]
    assert manifest.lines[3].reason == "还没有开始填报。"
    first = manifest.lines[0]
    assert (first.state, first.revision, first.pages, first.reason) == ("已通过", "第1版", "8", "")
    assert first.receipt
    assert manifest.head[COVERAGE] == "不完整，缺 1"
    assert manifest.head[COUNTS] == "应报 4，已收入 3，缺 1；另有免报 0"
    assert manifest.head[MADE_BY] == "李敏（limin）"


def test_the_name_says_what_is_missing_until_nothing_is(place: Town, archive: Archive) -> None:
    office = "临溪县人民政府办公室"
    assert archive.name == f"{office}{REPORT}归档（不完整，缺 1）.zip"
    place.hand_in(TOWN)
    assert packed(place).name == f"{office}{REPORT}归档.zip"
    assert packed(place, "pdf").name == f"{office}{REPORT}归档（PDF）.zip"


@pytest.mark.parametrize(("scope", "ending"), [("pdf", ".pdf"), ("word", ".docx")])
def test_one_format_alone_can_be_had(place: Town, scope: str, ending: str) -> None:
    names = [one.name for one in packed(place, scope).checked]
    assert len(names) == 3
    assert all(name.endswith(ending) for name in names)


def test_the_length_is_known_to_the_byte_before_the_first(place: Town, archive: Archive) -> None:
    assert archive.length == len(b"".join(archive.stream(place.files)))


def test_wide_fields_are_announced_as_exactly(place: Town, archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "_LARGE_BYTES", 1)
    data = b"".join(archive.stream(place.files))
    assert archive.length == len(data)
    assert zipfile.ZipFile(io.BytesIO(data)).testzip() is None


def test_sizes_and_checksums_stand_before_the_bytes_and_names_are_marked_as_utf_8(file: Path) -> None:
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        for one in archive.infolist():
            assert one.compress_type == zipfile.ZIP_STORED
            # Explorer and older unpackers stumble over what follows the bytes; names are not guessed.
            assert not one.flag_bits & 0x08
            assert one.flag_bits & 0x800


def test_unpacked_it_is_confirmed_by_a_program_that_every_linux_has(file: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(file) as archive:
        archive.extractall(tmp_path / "out")
    told = subprocess.run(["sha256sum", "-c", SUMS], cwd=tmp_path / "out", capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr
    assert told.stdout.count(": OK") == 8


def test_a_damaged_file_becomes_a_reason_and_is_named(place: Town) -> None:
    job = place.hand_in(TOWN)
    place.place(job).write_bytes(b"#pdf of job 4")
    archive = packed(place)
    line = archive.manifest.lines[3]
    assert (line.pdf, line.pdf_sha256) == ("", "")
    assert line.docx.endswith(".docx")
    assert "pdf 文件已损坏或丢失" in line.reason
    assert "缺 1" in archive.name


def test_a_bit_that_changed_without_a_trace_is_found_before_the_first_byte(place: Town) -> None:
    packed(place)
    path = place.place(place.hand_in(TOWN))
    packed(place)
    before = path.stat()
    path.write_bytes(b"#" + path.read_bytes()[1:])
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert "已损坏" in packed(place).manifest.lines[3].reason


def test_a_file_that_breaks_under_way_ends_the_stream_before_its_end(place: Town, archive: Archive) -> None:
    files = place.files
    stream = archive.stream(files)
    key = archive.checked[-1].document.storage_key
    (files.root / key).unlink()
    with pytest.raises(FileDamaged):
        list(stream)


def test_other_bytes_under_way_end_the_stream_as_well(place: Town, archive: Archive) -> None:
    files = place.files
    one = archive.checked[-1].document
    files.open(one.storage_key, one.bytes, one.sha256).close()
    path = files.root / one.storage_key
    before = path.stat()
    path.write_bytes(b"#" + path.read_bytes()[1:])
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    with pytest.raises(CRC32IntegrityError):
        list(archive.stream(files))


def test_a_file_that_the_disk_does_not_give_back_becomes_a_reason_too(
    place: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Folder.get

    def worn_out(self: Folder, key: str) -> Found:
        if key.endswith("job-2-fence-1.pdf"):
            raise OSError(errno.EIO, "Input/output error")
        return real(self, key)

    monkeypatch.setattr(Folder, "get", worn_out)
    archive = packed(place)
    assert "Input/output error" in archive.manifest.lines[1].reason
    assert archive.missing == 2


def test_the_list_says_which_typeface_drew_which(place: Town) -> None:
    report, job = place.send(TOWN)
    place.approve(report)
    face = {"declared": "仿宋_GB2312", "drawn_with": "FandolFang R", "stand_in": True, "fallback": {"BabelStone": "䶮"}}
    own = {"declared": "黑体", "drawn_with": "黑体", "stand_in": False, "fallback": {}}
    place.make(job, typefaces=json.dumps([face, own]))
    told = "仿宋_GB2312（由 FandolFang R 代绘），缺“䶮”由 BabelStone 补绘；黑体"
    assert packed(place).manifest.lines[3].fonts == told


def test_a_store_that_is_away_ends_it_instead_of_calling_every_file_lost(
    place: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_self: Folder, _key: str) -> None:
        raise StoreUnavailable(113, "store does not answer")

    monkeypatch.setattr(Folder, "get", away)
    with pytest.raises(StoreUnavailable):
        packed(place)


def test_it_is_the_same_whatever_the_store_is_made_of(shelf: Shelf) -> None:
    for place in town(shelf.settings):
        place.hand_in(EDUCATION)
        place.hand_in(FINANCE)
        spoilt = next(key for key in shelf.listed() if key.endswith("job-2-fence-1.pdf"))
        shelf.spoil(spoilt, b"#pdf of job 2")
        archive = packed(place)
        assert [line.reason for line in archive.manifest.lines][1:3] == ["", _DAMAGED.format(spoilt)]
        assert unpacked(archive, place).testzip() is None
        assert len(archive.checked) == 3


_DAMAGED = "pdf 文件已损坏或丢失（{}：other contents than were written），请重新制作。"


def test_names_that_differ_only_in_what_windows_overlooks_are_both_kept(place: Town) -> None:
    with session_scope(place.engine) as session:
        for unit, name in ((EDUCATION, "Ａ/B局"), (FINANCE, "Ａ:b局")):
            session.get_one(Unit, place.units[unit].id).name = name
    names = [one.name for one in packed(place, "pdf").checked]
    assert names[1:] == [f"2-部门/Ａ_B局{REPORT}.pdf", f"2-部门/Ａ_b局{REPORT}（2）.pdf"]


def test_the_list_is_the_same_in_both_forms_and_its_fingerprint_is_the_noted_one(archive: Archive) -> None:
    told = dict(archive.lists)[MANIFEST_CSV]
    assert told == as_csv(archive.manifest)
    assert archive.manifest_sha256 == hashlib.sha256(told).hexdigest()

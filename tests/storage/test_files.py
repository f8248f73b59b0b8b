"""A kept file is all there or not there at all, and a damaged one is never handed out: in a folder and in a bucket."""

import errno
import hashlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.files import DocumentFiles, FileDamaged, Kept, claim_of
from storage.settings import Settings
from tests.shelves import Shelf

CONTENTS = b"%PDF-1.7 " + b"annual report " * 5000


@pytest.fixture
def files(shelf: Shelf) -> DocumentFiles:
    return DocumentFiles(shelf.settings)


@pytest.fixture
def in_folder(tmp_path: Path) -> DocumentFiles:
    return DocumentFiles(Settings(data_dir=tmp_path / "data"))


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.pdf"
    path.write_bytes(CONTENTS)
    return path


def everything_in(place: Path) -> list[Path]:
    return [path for path in place.rglob("*") if path.is_file()]


def keep(files: DocumentFiles, report: Path, job_id: int, fence: int) -> Kept:
    [kept] = files.keep([report], job_id, fence)
    return kept


def opened(files: DocumentFiles, kept: Kept) -> bytes:
    with files.open(kept.storage_key, kept.size, kept.sha256) as file:
        return file.read()


def test_what_is_kept_comes_back_byte_for_byte(files: DocumentFiles, report: Path) -> None:
    kept = keep(files, report, job_id=7, fence=2)
    assert opened(files, kept) == CONTENTS
    assert kept.sha256 == hashlib.sha256(CONTENTS).hexdigest()
    assert kept.size == len(CONTENTS)


def test_a_name_says_which_job_and_which_fence(files: DocumentFiles, report: Path) -> None:
    assert keep(files, report, job_id=7, fence=2).storage_key == "0000/job-7-fence-2.pdf"
    assert keep(files, report, job_id=12_345, fence=1).storage_key == "0012/job-12345-fence-1.pdf"


def test_two_holders_of_one_job_never_write_the_same_file(files: DocumentFiles, report: Path) -> None:
    first = keep(files, report, job_id=7, fence=1)
    report.write_bytes(b"another")
    keep(files, report, job_id=7, fence=2)
    assert opened(files, first) == CONTENTS


FAILING_CALLS = [(os, "fsync", 1), (os, "fsync", 2), (os, "fsync", 3), (Path, "rename", 1), (Path, "rename", 2)]


@pytest.mark.parametrize(("owner", "call", "fails_at"), FAILING_CALLS)
def test_a_disk_that_fails_half_way_leaves_neither_of_two_files(
    in_folder: DocumentFiles,
    report: Path,
    monkeypatch: pytest.MonkeyPatch,
    owner: object,
    call: str,
    fails_at: int,
) -> None:
    keep(in_folder, report, job_id=1, fence=1)
    report.with_suffix(".docx").write_bytes(CONTENTS)
    real, calls = getattr(owner, call), 0

    def failing(*arguments: object) -> object:
        nonlocal calls
        calls += 1
        if calls == fails_at:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(*arguments)

    monkeypatch.setattr(owner, call, failing)
    with pytest.raises(OSError, match="No space left"):
        in_folder.keep([report, report.with_suffix(".docx")], job_id=3, fence=1)
    monkeypatch.undo()
    assert [path.name for path in everything_in(in_folder.root)] == ["job-1-fence-1.pdf"]
    assert keep(in_folder, report, job_id=3, fence=2).size == len(CONTENTS)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 32 KiB."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=32k", "tmpfs", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("mounting is not allowed here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_leaves_no_file_and_is_usable_again_when_there_is_space(small_disk: Path, report: Path) -> None:
    files = DocumentFiles(Settings(data_dir=small_disk))
    with pytest.raises(OSError, match="No space left"):
        keep(files, report, job_id=1, fence=1)
    assert everything_in(files.root) == []
    report.write_bytes(CONTENTS[:8000])
    assert opened(files, keep(files, report, job_id=1, fence=2)) == CONTENTS[:8000]


def test_a_file_that_lost_its_end_is_refused_even_after_it_was_read(
    files: DocumentFiles, shelf: Shelf, report: Path
) -> None:
    kept = keep(files, report, job_id=1, fence=1)
    opened(files, kept)
    shelf.spoil(kept.storage_key, CONTENTS[:100])
    with pytest.raises(FileDamaged, match="100 bytes instead of"):
        opened(files, kept)


def test_a_file_with_one_other_byte_is_refused(files: DocumentFiles, shelf: Shelf, report: Path) -> None:
    kept = keep(files, report, job_id=1, fence=1)
    shelf.spoil(kept.storage_key, b"#" + CONTENTS[1:])
    with pytest.raises(FileDamaged, match="other contents") as refusal:
        opened(files, kept)
    assert "请与管理员联系" in refusal.value.for_person


def test_a_file_that_is_gone_is_refused(files: DocumentFiles, report: Path) -> None:
    kept = keep(files, report, job_id=1, fence=1)
    files.discard([kept])
    files.discard([kept])
    with pytest.raises(FileDamaged, match="missing"):
        opened(files, kept)


def test_who_finishes_a_job_clears_away_what_killed_holders_left(
    files: DocumentFiles, shelf: Shelf, report: Path
) -> None:
    for job_id, fence in [(7, 1), (7, 2), (7, 12), (17, 1), (77, 1)]:
        keep(files, report, job_id=job_id, fence=fence)
    files.discard_earlier(job_id=7, fence=2)
    assert shelf.listed() == ["0000/job-17-fence-1.pdf", "0000/job-7-fence-2.pdf", "0000/job-77-fence-1.pdf"]


def test_what_a_killed_holder_had_half_written_is_cleared_away_with_it(in_folder: DocumentFiles, report: Path) -> None:
    keep(in_folder, report, job_id=7, fence=2)
    (in_folder.root / "0000" / ".job-7-fence-1.pdf.half").touch()
    in_folder.discard_earlier(job_id=7, fence=2)
    assert [path.name for path in everything_in(in_folder.root)] == ["job-7-fence-2.pdf"]


def test_a_file_that_was_read_before_is_read_anew_when_asked(in_folder: DocumentFiles, report: Path) -> None:
    kept = keep(in_folder, report, job_id=1, fence=1)
    opened(in_folder, kept)
    path = in_folder.root / kept.storage_key
    before = path.stat()
    path.write_bytes(b"#" + CONTENTS[1:])
    # A disk that forgets a bit does not note the time.
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert opened(in_folder, kept) != CONTENTS
    with pytest.raises(FileDamaged, match="other contents"):
        in_folder.open(kept.storage_key, kept.size, kept.sha256, anew=True)


def test_everything_that_lies_there_is_listed_with_its_age(files: DocumentFiles, report: Path) -> None:
    for job_id in (12_345, 7):
        keep(files, report, job_id=job_id, fence=1)
    listed = list(files.listed())
    assert [one.key for one in listed] == ["0000/job-7-fence-1.pdf", "0012/job-12345-fence-1.pdf"]
    assert all(0 <= one.age_seconds < 3600 for one in listed)


def test_a_file_kept_under_a_name_of_its_own_is_no_jobs(files: DocumentFiles, report: Path) -> None:
    kept = files.keep_as(report, "templates/a-template.docx")
    assert opened(files, kept) == CONTENTS
    assert claim_of(kept.storage_key) is None
    assert claim_of(keep(files, report, job_id=7, fence=2).storage_key) == (7, 2)

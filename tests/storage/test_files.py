"""A kept file is all there or not there at all, and a damaged one is never handed out."""

import errno
import hashlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.files import DocumentFiles, FileDamaged, Kept
from storage.settings import Settings

CONTENTS = b"%PDF-1.7 " + b"annual report " * 5000


@pytest.fixture
def files(tmp_path: Path) -> DocumentFiles:
    return DocumentFiles(Settings(data_dir=tmp_path / "data"))


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.pdf"
    path.write_bytes(CONTENTS)
    return path


def everything_in(files: DocumentFiles) -> list[Path]:
    return [path for path in files.root.rglob("*") if path.is_file()]


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
    files: DocumentFiles,
    report: Path,
    monkeypatch: pytest.MonkeyPatch,
    owner: object,
    call: str,
    fails_at: int,
) -> None:
    keep(files, report, job_id=1, fence=1)
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
        files.keep([report, report.with_suffix(".docx")], job_id=3, fence=1)
    monkeypatch.undo()
    assert [path.name for path in everything_in(files)] == ["job-1-fence-1.pdf"]
    assert keep(files, report, job_id=3, fence=2).size == len(CONTENTS)


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
    assert everything_in(files) == []
    report.write_bytes(CONTENTS[:8000])
    assert opened(files, keep(files, report, job_id=1, fence=2)) == CONTENTS[:8000]


def test_a_file_that_lost_its_end_is_refused_even_after_it_was_read(files: DocumentFiles, report: Path) -> None:
    kept = keep(files, report, job_id=1, fence=1)
    opened(files, kept)
    os.truncate(files.root / kept.storage_key, 100)
    with pytest.raises(FileDamaged, match="100 bytes instead of"):
        opened(files, kept)


def test_a_file_with_one_other_byte_is_refused(files: DocumentFiles, report: Path) -> None:
    kept = keep(files, report, job_id=1, fence=1)
    (files.root / kept.storage_key).write_bytes(b"#" + CONTENTS[1:])
    with pytest.raises(FileDamaged, match="other contents") as refusal:
        opened(files, kept)
    assert "请与管理员联系" in refusal.value.for_person


def test_a_file_that_is_gone_is_refused(files: DocumentFiles, report: Path) -> None:
    kept = keep(files, report, job_id=1, fence=1)
    files.discard([kept])
    files.discard([kept])
    with pytest.raises(FileDamaged, match="missing"):
        opened(files, kept)


def test_who_finishes_a_job_clears_away_what_killed_holders_left(files: DocumentFiles, report: Path) -> None:
    for job_id, fence in [(7, 1), (7, 2), (7, 12), (17, 1), (77, 1)]:
        keep(files, report, job_id=job_id, fence=fence)
    (files.root / "0000" / ".job-7-fence-1.pdf.half").touch()
    files.discard_earlier(job_id=7, fence=2)
    left = sorted(path.name for path in everything_in(files))
    assert left == ["job-17-fence-1.pdf", "job-7-fence-2.pdf", "job-77-fence-1.pdf"]

"""The scan names what is missing, damaged, unreadable or left lying, and removes only what nobody will ever name."""

import json
import os
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, select

from service.cli import main
from storage.files import DocumentFiles
from storage.making import documents, jobs
from storage.making.jobs import Claim
from storage.safekeeping.scan import Found, Trouble, scan
from storage.session import session_scope
from storage.settings import Settings
from storage.tables import Format, Job, JobState
from tests.orders import claimed, ordered

DAY = 24 * 3600


@pytest.fixture
def either(settings: Settings) -> Settings:
    """The command below reads its settings from the environment: one engine is enough."""
    return settings


@pytest.fixture
def files(settings: Settings) -> DocumentFiles:
    return DocumentFiles(settings)


def kept(files: DocumentFiles, claim: Claim) -> Path:
    """A worker has put its file in place and not yet told the database."""
    made = files.root.parent / "report.pdf"
    made.write_bytes(b"%PDF the report")
    [one] = files.keep([made], claim.job_id, claim.fence)
    return files.root / one.storage_key


@pytest.fixture
def report(engine: Engine, files: DocumentFiles) -> Path:
    """The file of a report that is done."""
    claim = claimed(engine, ordered(engine), "worker")
    made = files.root.parent / "report.pdf"
    made.write_bytes(b"%PDF the report")
    [one] = files.keep([made], claim.job_id, claim.fence)
    with session_scope(engine) as session:
        assert jobs.finish(session, claim, [documents.document(claim, Format.PDF, one, pages=8)])
    return files.root / one.storage_key


@pytest.fixture
def orphan(files: DocumentFiles, report: Path) -> Path:
    """What a holder who was killed left behind two days ago."""
    path = report.with_name(".job-7-fence-1.pdf.0a1b2c3d")
    path.write_bytes(b"%PDF the rep")
    aged(path)
    return path


def all_jobs(engine: Engine) -> Sequence[Job]:
    with session_scope(engine) as session:
        return session.scalars(select(Job)).all()


def aged(path: Path) -> None:
    then = time.time() - 2 * DAY
    os.utime(path, (then, then))


def found(engine: Engine, files: DocumentFiles) -> list[tuple[Trouble, str]]:
    return [(one.trouble, Path(one.storage_key).name) for one in scan(engine, files, DAY)]


def test_whole_documents_are_no_trouble(engine: Engine, files: DocumentFiles, report: Path) -> None:
    assert found(engine, files) == []


def test_a_missing_file_is_named(engine: Engine, files: DocumentFiles, report: Path) -> None:
    report.unlink()
    assert found(engine, files) == [(Trouble.MISSING, report.name)]


@pytest.mark.parametrize("contents", [b"%PDF the repork", b"%PDF the rep", b""])
def test_a_damaged_file_is_named(engine: Engine, files: DocumentFiles, report: Path, contents: bytes) -> None:
    report.write_bytes(contents)
    assert found(engine, files) == [(Trouble.DAMAGED, report.name)]


def test_what_cannot_be_read_is_named(engine: Engine, files: DocumentFiles, report: Path) -> None:
    report.unlink()
    report.mkdir()
    assert [trouble for trouble, _ in found(engine, files)] == [Trouble.UNREADABLE]


def test_a_file_that_nobody_names_is_named_here(engine: Engine, files: DocumentFiles, orphan: Path) -> None:
    assert found(engine, files) == [(Trouble.ORPHAN, orphan.name)]


def test_a_file_whose_row_may_still_come_is_left_alone(engine: Engine, files: DocumentFiles) -> None:
    kept(files, claimed(engine, ordered(engine), "worker"))
    assert found(engine, files) == []


def test_however_old_a_file_is_its_holder_may_still_hand_it_in(engine: Engine, files: DocumentFiles) -> None:
    claim = claimed(engine, ordered(engine), "worker")
    aged(path := kept(files, claim))
    assert found(engine, files) == []
    with session_scope(engine) as session:
        jobs.release(session, claim)
    assert found(engine, files) == [(Trouble.ORPHAN, path.name)]


class TestTheCommand:
    @pytest.fixture(autouse=True)
    def at_home(self, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("NIANBAO_DATA_DIR", str(settings.data_dir))

    def nianbao(self, *words: str) -> Result:
        return CliRunner().invoke(main, ["scan", *words])

    def test_ends_well_when_all_is_well(self, report: Path) -> None:
        told = self.nianbao()
        assert (told.exit_code, told.output) == (0, "全部完好。\n")

    def test_names_what_it_finds_and_ends_with_one(self, report: Path, orphan: Path) -> None:
        report.unlink()
        told = self.nianbao()
        assert told.exit_code == 1
        assert f"0000/{report.name}  缺失" in told.output
        assert f"0000/{orphan.name}  无主" in told.output
        assert orphan.exists()

    def test_removes_orphans_when_asked_and_nothing_else(self, report: Path, orphan: Path) -> None:
        told = self.nianbao("--remove-orphans")
        assert told.exit_code == 0
        assert "已删除" in told.output
        assert (orphan.exists(), report.exists()) == (False, True)

    def test_does_not_forget_a_missing_file_over_removed_orphans(self, report: Path, orphan: Path) -> None:
        report.unlink()
        assert self.nianbao("--remove-orphans").exit_code == 1

    def test_tells_programs_in_json(self, report: Path) -> None:
        report.write_bytes(b"")
        [one] = json.loads(self.nianbao("--json").output)
        assert Found(**one) == Found(Trouble.DAMAGED, f"0000/{report.name}", "0 bytes instead of 15")

    def test_has_what_is_spoilt_made_again_when_asked(self, engine: Engine, report: Path) -> None:
        report.unlink()
        told = self.nianbao("--again")
        assert told.exit_code == 1
        assert "重新制作 1 份报告的文件" in told.output
        assert [job.state for job in all_jobs(engine)] == [JobState.QUEUED]
        assert self.nianbao("--again").output == "全部完好。\n重新制作 0 份报告的文件，完成后请再核对一次。\n"

    def test_says_what_to_do_without_a_database(self, settings: Settings) -> None:
        (settings.data_dir / "nianbao.sqlite3").unlink()
        told = self.nianbao()
        assert told.exit_code == 1
        assert "nianbao migrate" in told.output

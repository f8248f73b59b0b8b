"""A backup has the rows of one moment and every file they name, and comes back as it was, or is refused by name."""

import json
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Engine, select

from storage.audit import verify_chain
from storage.files import DocumentFiles
from storage.filing.submissions import submit
from storage.making import documents, jobs
from storage.making.templates import upload
from storage.migrations import _config, is_current
from storage.safekeeping import backup, restoring
from storage.safekeeping.backup import MANIFEST, BackupRunning, NothingToBackUp, copy_secret, last_backup, make_backup
from storage.safekeeping.dumps import DumpFailed
from storage.safekeeping.restoring import BackupRefused, examined, restore
from storage.safekeeping.scan import scan
from storage.session import make_engine, reading_scope, session_scope
from storage.settings import Settings
from storage.tables import AuditEvent, Document, Format, Job, JobState, Lane, LoginSession, Role
from tests.orders import CLERK, RECIPE, answers_of, claimed, job_now, ordered
from tests.people import ARCHIVES, MARKET, annual
from tests.servers import PostgresServer
from tests.storage.test_migrations import begin_anew
from tests.units import county, person_with

WHO = "operator:李明"
_numbers = count(1)


@pytest.fixture
def done(either: Settings, engine: Engine) -> str:
    """A report whose documents are made; the name of one of its files."""
    claim = claimed(engine, ordered(engine), "worker")
    made = either.data_dir / "report.pdf"
    made.write_bytes(b"%PDF the report")
    [kept] = DocumentFiles(either).keep([made], claim.job_id, claim.fence)
    with session_scope(engine) as session:
        assert jobs.finish(session, claim, [documents.document(claim, Format.PDF, kept, pages=8)])
    return kept.storage_key


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "backups"


@pytest.fixture
def elsewhere(either: Settings, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Settings]:
    """An empty place of the same kind."""
    folder = tmp_path / "elsewhere"
    if either.database_url.startswith("sqlite"):
        yield Settings(data_dir=folder)
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = f"elsewhere_{next(_numbers)}"
    yield Settings(data_dir=folder, database_url=server.create(name))
    server.drop(name)


def manifest_of(file: Path) -> dict[str, object]:
    with zipfile.ZipFile(file) as archive:
        told: dict[str, object] = json.loads(archive.read(MANIFEST))
    return told


def rewritten(file: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """The same backup, but for what somebody has done to its parts."""
    target = file.with_name("rewritten.zip")
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(target, "w") as copy:
        for name in source.namelist():
            if (changed := change(name, source.read(name))) is not None:
                copy.writestr(name, changed)
    return target


def with_manifest(file: Path, **told: object) -> Path:
    def change(name: str, contents: bytes) -> bytes:
        return json.dumps(json.loads(contents) | told).encode() if name == MANIFEST else contents

    return rewritten(file, change)


def test_what_was_backed_up_comes_back_whole(
    either: Settings, engine: Engine, done: str, out: Path, elsewhere: Settings
) -> None:
    waiting = ordered(engine, MARKET)
    file = make_backup(either, out, keep=3).file
    restore(elsewhere, file, WHO)
    there = make_engine(elsewhere)
    assert list(scan(there, DocumentFiles(elsewhere), 0)) == []
    with reading_scope(there) as session:
        assert verify_chain(session) is None
        assert session.scalars(select(Document.storage_key)).all() == [done]
        last = session.scalars(select(AuditEvent).order_by(AuditEvent.number.desc())).first()
        assert last is not None
        assert (last.actor, last.action) == (WHO, "backup.restored")
    assert job_now(there, waiting).state is JobState.QUEUED
    there.dispose()


def test_a_template_that_was_handed_in_comes_back_too(
    either: Settings, engine: Engine, out: Path, elsewhere: Settings
) -> None:
    word = either.data_dir / "template.docx"
    word.write_bytes(b"PK a template")
    with session_scope(engine) as session:
        row = upload(session, DocumentFiles(either), annual(), word, "我县的模板.docx", WHO)
    made = make_backup(either, out, keep=3)
    assert [name for name in made.manifest.files if name.startswith("templates/")] == [row.storage_key]
    restore(elsewhere, made.file, WHO)
    with DocumentFiles(elsewhere).open(row.storage_key, row.bytes, row.sha256) as back:
        assert back.read() == b"PK a template"


def test_what_is_written_while_the_files_are_copied_is_not_in_it_and_breaks_nothing(
    either: Settings, engine: Engine, done: str, out: Path, elsewhere: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    meanwhile: list[int] = []
    add = backup._add_kept

    def add_slowly(*given: object) -> None:
        meanwhile.append(ordered(engine, MARKET))
        add(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(backup, "_add_kept", add_slowly)
    restore(elsewhere, make_backup(either, out, keep=3).file, WHO)
    assert len(meanwhile) == 1
    there = make_engine(elsewhere)
    with reading_scope(there) as session:
        assert session.scalars(select(Job.id)).all() == [meanwhile[0] - 1]
    assert list(scan(there, DocumentFiles(elsewhere), 0)) == []
    there.dispose()


def test_the_rows_are_of_one_moment_while_others_write(
    either: Settings, engine: Engine, out: Path, elsewhere: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ordered(engine)
    named = backup._named_files

    def named_late(connection: object) -> object:
        # After the dump was written and before its files are looked for.
        claim = claimed(engine, 1, "worker")
        made = either.data_dir / "late.pdf"
        made.write_bytes(b"%PDF late")
        [kept] = DocumentFiles(either).keep([made], claim.job_id, claim.fence)
        with session_scope(engine) as session:
            assert jobs.finish(session, claim, [documents.document(claim, Format.PDF, kept, pages=8)])
        return named(connection)  # type: ignore[arg-type]

    monkeypatch.setattr(backup, "_named_files", named_late)
    made = make_backup(either, out, keep=3)
    assert [name for name in made.manifest.files if name.startswith("documents/")] == []
    restore(elsewhere, made.file, WHO)
    there = make_engine(elsewhere)
    assert job_now(there, 1).state is JobState.QUEUED
    there.dispose()


def test_the_manifest_says_of_when_it_is_and_how_much_was_still_to_do(
    either: Settings, engine: Engine, done: str, out: Path
) -> None:
    ordered(engine, MARKET)
    told = manifest_of(make_backup(either, out, keep=3).file)
    assert told["product"] == "nianbao"
    assert told["unfinished_jobs"] == 1
    with reading_scope(engine) as session:
        numbers = session.scalars(select(AuditEvent.number)).all()
    assert told["newest_event"]["number"] == max(numbers)  # type: ignore[index]
    assert f"documents/{done}" in told["files"]  # type: ignore[operator]


def test_a_note_says_when_the_last_backup_was_made(either: Settings, engine: Engine, done: str, out: Path) -> None:
    assert last_backup(either) is None
    made = make_backup(either, out, keep=3)
    told = last_backup(either)
    assert told == {"at": made.manifest.at, "file": str(made.file), "bytes": made.bytes, "seconds": made.seconds}


def test_only_the_newest_are_kept_and_nothing_of_somebody_else_is_touched(
    either: Settings, engine: Engine, out: Path
) -> None:
    ordered(engine)
    out.mkdir()
    (out / "nianbao-notes.zip").touch()
    made = [make_backup(either, out, keep=2).file for _ in range(4)]
    assert {one.name for one in out.glob("*.zip")} == {"nianbao-notes.zip", made[2].name, made[3].name}


def test_a_backup_can_be_read_by_its_owner_alone(either: Settings, engine: Engine, out: Path) -> None:
    file = make_backup(either, out, keep=1).file
    assert (out.stat().st_mode & 0o777, file.stat().st_mode & 0o777) == (0o700, 0o600)


def test_a_backup_that_breaks_off_leaves_nothing_and_the_earlier_ones(
    either: Settings, engine: Engine, done: str, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier = make_backup(either, out, keep=1).file

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup, "_add_kept", full)
    with pytest.raises(OSError, match="No space"):
        make_backup(either, out, keep=1)
    assert [one.name for one in out.iterdir() if one.suffix != ".lock"] == [earlier.name]


def test_what_a_killed_backup_left_is_cleared_away_by_the_next(either: Settings, engine: Engine, out: Path) -> None:
    left = out / ".nianbao-backup-killed"
    left.mkdir(parents=True)
    (left / "backup.zip").write_bytes(b"PK half")
    make_backup(either, out, keep=1)
    assert not left.exists()


def test_of_two_backups_at_once_into_one_folder_the_second_is_refused(
    either: Settings, engine: Engine, done: str, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused: list[BackupRunning] = []

    def another(*_: object) -> None:
        with pytest.raises(BackupRunning) as told:
            make_backup(either, out, keep=1)
        refused.append(told.value)

    monkeypatch.setattr(backup, "_add_kept", another)
    make_backup(either, out, keep=1)
    assert len(refused) == 1


def test_a_document_that_was_spoilt_before_is_named_and_costs_nobody_the_backup(
    either: Settings, engine: Engine, done: str, out: Path
) -> None:
    (either.data_dir / "documents" / done).write_bytes(b"%PDF another")
    made = make_backup(either, out, keep=1)
    assert list(made.manifest.troubles) == [f"documents/{done}"]
    examined(made.file)


def test_where_there_is_no_database_there_is_nothing_to_back_up(tmp_path: Path, out: Path) -> None:
    settings = Settings(data_dir=tmp_path / "empty")
    make_engine(settings).connect().close()
    with pytest.raises(NothingToBackUp):
        make_backup(settings, out, keep=1)


def test_the_key_of_the_sessions_is_kept_apart(either: Settings, engine: Engine, done: str, out: Path) -> None:
    (either.data_dir / "secret.key").write_text("the secret")
    file = make_backup(either, out, keep=1).file
    apart = out / "key"
    assert copy_secret(either, apart)
    assert (apart.read_text(), apart.stat().st_mode & 0o777) == ("the secret", 0o600)
    assert b"the secret" not in file.read_bytes()


def test_who_was_signed_in_then_has_to_sign_in_again(
    either: Settings, engine: Engine, out: Path, elsewhere: Settings
) -> None:
    with session_scope(engine) as session:
        person = person_with(session, "wangfang", (Role.CLERK, county(session).market))
        session.add(LoginSession(token_sha256="0" * 64, account_id=person.account_id, address="", browser=""))
    restore(elsewhere, make_backup(either, out, keep=1).file, WHO)
    there = make_engine(elsewhere)
    with reading_scope(there) as session:
        assert session.scalars(select(LoginSession)).all() == []
    there.dispose()


# What is refused


@pytest.fixture
def small(settings: Settings, out: Path) -> Path:
    """A backup of a small office with one document."""
    engine = make_engine(settings)
    claim = claimed(engine, ordered(engine), "worker")
    made = settings.data_dir / "report.pdf"
    made.write_bytes(b"%PDF the report" * 100)
    [kept] = DocumentFiles(settings).keep([made], claim.job_id, claim.fence)
    with session_scope(engine) as session:
        assert jobs.finish(session, claim, [documents.document(claim, Format.PDF, kept, pages=8)])
    engine.dispose()
    return make_backup(settings, out, keep=1).file


def refused(file: Path, place: Path) -> BackupRefused:
    """The refusal, after which there is still nothing."""
    with pytest.raises(BackupRefused) as told:
        restore(Settings(data_dir=place), file, WHO)
    assert not (place / "nianbao.sqlite3").exists()
    assert not (place / "documents").exists()
    return told.value


def test_half_a_backup_is_refused(small: Path, tmp_path: Path) -> None:
    half = small.with_name("half.zip")
    half.write_bytes(small.read_bytes()[: small.stat().st_size // 2])
    assert refused(half, tmp_path / "place").code == "backup_incomplete"


@pytest.mark.parametrize("contents", [b"", b"a letter to the office"])
def test_what_is_no_backup_is_refused(contents: bytes, tmp_path: Path) -> None:
    letter = tmp_path / "letter.zip"
    letter.write_bytes(contents)
    assert refused(letter, tmp_path / "place").code == "backup_foreign"


def test_the_archive_of_another_program_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.zip"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("readme.txt", "nothing for us")
    assert refused(other, tmp_path / "place").code == "backup_foreign"


def test_one_bit_that_is_not_as_it_was_is_found_and_its_file_named(small: Path, tmp_path: Path) -> None:
    contents = bytearray(small.read_bytes())
    contents[contents.index(b"%PDF the report") + 200] ^= 1
    spoilt = small.with_name("spoilt.zip")
    spoilt.write_bytes(contents)
    refusal = refused(spoilt, tmp_path / "place")
    assert refusal.code == "backup_damaged"
    assert "documents/0000/job-1-fence-1.pdf" in refusal.for_person


def test_a_file_that_another_was_put_in_the_place_of_is_named(small: Path, tmp_path: Path) -> None:
    other = rewritten(small, lambda name, contents: b"%PDF" if name.endswith(".pdf") else contents)
    assert "job-1-fence-1.pdf" in refused(other, tmp_path / "place").for_person


def test_a_file_that_is_missing_is_named(small: Path, tmp_path: Path) -> None:
    less = rewritten(small, lambda name, contents: None if name.endswith(".pdf") else contents)
    refusal = refused(less, tmp_path / "place")
    assert (refusal.code, "job-1-fence-1.pdf" in refusal.for_person) == ("backup_damaged", True)


@pytest.mark.parametrize("told", [{"format": 2}, {"schema": "9999"}])
def test_a_backup_of_tomorrow_is_refused(small: Path, tmp_path: Path, told: dict[str, object]) -> None:
    assert refused(with_manifest(small, **told), tmp_path / "place").code == "backup_newer"


@pytest.mark.parametrize("name", ["documents/../../evil", "/etc/evil", "secret.key", "documents/.ssh/key"])
def test_a_backup_that_wants_to_write_elsewhere_is_refused(small: Path, tmp_path: Path, name: str) -> None:
    files = manifest_of(small)["files"] | {name: {"bytes": 0, "sha256": ""}}  # type: ignore[operator]
    assert refused(with_manifest(small, files=files), tmp_path / "place").code == "backup_damaged"


def test_a_manifest_that_lacks_something_is_refused(small: Path, tmp_path: Path) -> None:
    assert refused(with_manifest(small, engine="oracle"), tmp_path / "place").code == "backup_damaged"


def test_a_backup_of_the_other_kind_of_database_is_refused(small: Path, province: Settings) -> None:
    with pytest.raises(BackupRefused) as told:
        restore(province, small, WHO)
    assert told.value.code == "backup_other_database"


def test_into_a_place_that_is_taken_nothing_is_restored_without_a_word(
    either: Settings, engine: Engine, done: str, out: Path
) -> None:
    file = make_backup(either, out, keep=1).file
    later = ordered(engine, MARKET)
    with pytest.raises(BackupRefused) as told:
        restore(either, file, WHO)
    assert told.value.code == "place_not_empty"
    assert job_now(engine, later).state is JobState.QUEUED


def test_with_the_word_what_was_there_is_set_aside_and_kept(
    either: Settings, engine: Engine, done: str, out: Path
) -> None:
    file = make_backup(either, out, keep=1).file
    later = ordered(engine, MARKET)
    engine.dispose()
    told = restore(either, file, WHO, make_room=True)
    assert list(scan(engine, DocumentFiles(either), 0)) == []
    with reading_scope(engine) as session:
        assert session.get(Job, later) is None
    assert len(told.aside) == 2
    [documents_aside] = either.data_dir.glob("documents.before-restore-*")
    assert (documents_aside / done).read_bytes() == b"%PDF the report"
    if either.database_url.startswith("sqlite"):
        with sqlite3.connect(told.aside[0]) as aside:
            assert aside.execute("SELECT count(*) FROM job").fetchone() == (2,)
    # What was set aside goes into no later backup, and is in nobody's way.
    again = make_backup(either, out, keep=1)
    restore(either, again.file, WHO, make_room=True)


def test_a_log_that_another_database_left_behind_is_not_taken_for_ones_own(small: Path, tmp_path: Path) -> None:
    place = tmp_path / "place"
    place.mkdir()
    (place / "nianbao.sqlite3-wal").write_bytes(b"of another")
    assert refused(small, place).code == "place_not_empty"


def test_a_restore_that_was_cut_off_can_simply_be_given_again(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Settings(data_dir=tmp_path / "place")

    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(restoring, "bring_back", cut)
        restore(place, small, WHO)
    restore(place, small, WHO)
    there = make_engine(place)
    assert list(scan(there, DocumentFiles(place), 0)) == []
    there.dispose()


def test_a_tool_that_is_not_installed_is_named(province: Settings, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(out))
    with pytest.raises(DumpFailed) as told:
        make_backup(province, out, keep=1)
    assert "postgresql-client" in told.value.for_person


def test_a_backup_from_before_an_upgrade_is_led_to_todays_tables(
    either: Settings, engine: Engine, out: Path, elsewhere: Settings
) -> None:
    begin_anew(either, engine)
    with engine.begin() as connection:
        command.upgrade(_config(connection), "0003")
    made = make_backup(either, out, keep=1)
    assert made.manifest.schema == "0003"
    restore(elsewhere, made.file, WHO)
    there = make_engine(elsewhere)
    assert is_current(there)
    there.dispose()


def test_nobody_hands_in_twice_what_was_handed_in_before_the_backup(
    either: Settings, engine: Engine, out: Path, elsewhere: Settings
) -> None:
    ordered(engine)
    restore(elsewhere, make_backup(either, out, keep=1).file, WHO)
    there = make_engine(elsewhere)
    with session_scope(there) as session:
        assert not submit(session, answers_of(ARCHIVES), CLERK, RECIPE, Lane.PREVIEW).is_new
    there.dispose()

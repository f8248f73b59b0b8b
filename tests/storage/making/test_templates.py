"""A template is kept whole, put in force only when it was examined and tried, and found again by whoever draws."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update

from storage.clock import seconds_ago
from storage.files import DocumentFiles
from storage.filing.reports import list_reports
from storage.making import templates, trials
from storage.making.jobs import order
from storage.making.recipes import bundled_version, recipe_for
from storage.making.templates import TemplateKnown, TemplateNotReady
from storage.safekeeping.scan import scan
from storage.session import reading_scope, session_scope
from storage.tables import AuditEvent, Job, Lane, Revision, TemplateState, TemplateVersion
from tests.orders import ordered
from tests.people import ARCHIVES, DEFINITIONS, LANJIANG, MARKET, annual
from tests.racing import race
from tests.trying import KEEPER, found_sound, handed_in, tried, wider

LATER = replace(annual(), edition="2099")


@pytest.fixture
def revision(engine: Engine) -> Revision:
    """What a unit has sent in."""
    ordered(engine, MARKET)
    with session_scope(engine) as session:
        return session.scalars(select(Revision)).one()


def put_in_force(engine: Engine, row: TemplateVersion | None) -> bool:
    with session_scope(engine) as session:
        again = session.get_one(TemplateVersion, row.id) if row else None
        return templates.activate(session, annual(), again, KEEPER)


def in_force(engine: Engine) -> str:
    with reading_scope(engine) as session:
        return recipe_for(DEFINITIONS, annual(), session).template_version


def test_what_is_handed_in_is_kept_and_counted(engine: Engine, files: DocumentFiles, tmp_path: Path) -> None:
    with session_scope(engine) as session:
        first = handed_in(session, files, tmp_path)
        second = handed_in(session, files, tmp_path, line=620)
    assert [templates.name_of(one) for one in (first, second)] == ["2021-1", "2021-2"]
    with files.open(second.storage_key, second.bytes, second.sha256) as kept:
        assert kept.read() == wider(tmp_path, 620).read_bytes()


def test_the_same_file_twice_is_one_version_and_leaves_nothing_behind(
    engine: Engine, files: DocumentFiles, tmp_path: Path
) -> None:
    with session_scope(engine) as session:
        handed_in(session, files, tmp_path)
    with pytest.raises(TemplateKnown, match="2021-1"), session_scope(engine) as session:
        handed_in(session, files, tmp_path)
    assert len(list(files.listed())) == 1


def test_only_what_nobody_has_looked_at_for_a_while_is_asked_for_again(
    engine: Engine, files: DocumentFiles, tmp_path: Path
) -> None:
    with session_scope(engine) as session:
        row = handed_in(session, files, tmp_path)
        assert templates.unexamined(session, 60) == []
        session.execute(update(TemplateVersion).values(uploaded_at=seconds_ago(61)))
        assert templates.unexamined(session, 60) == [row.id]
        found_sound(session, files, row, tmp_path)
        assert templates.unexamined(session, 60) == []


def test_an_examination_ends_once(engine: Engine, files: DocumentFiles, tmp_path: Path) -> None:
    with session_scope(engine) as session:
        row = handed_in(session, files, tmp_path)
    for attempt in (1, 2):
        with session_scope(engine) as session:
            begun = templates.begin_examination(session, row.id)
            assert begun
            assert templates.attempts(begun) == attempt
    with session_scope(engine) as session:
        flaws = {"flaws": [{"where": "正文", "what": "x", "remedy": ""}]}
        assert templates.end_examination(session, row.id, flaws, sound=False, actor="worker:a")
        assert not templates.end_examination(session, row.id, {"flaws": []}, sound=True, actor="worker:b")
        assert templates.begin_examination(session, row.id) is None
        assert session.get_one(TemplateVersion, row.id).state is TemplateState.REFUSED


def test_without_reports_the_example_is_trial_enough(engine: Engine, row: TemplateVersion) -> None:
    assert in_force(engine) == bundled_version(DEFINITIONS, annual())
    assert put_in_force(engine, row)
    assert in_force(engine) == row.version
    assert not put_in_force(engine, row)


def test_with_reports_one_of_them_has_to_be_tried(
    engine: Engine, files: DocumentFiles, row: TemplateVersion, revision: Revision, tmp_path: Path
) -> None:
    with pytest.raises(TemplateNotReady, match="试排"):
        put_in_force(engine, row)
    with session_scope(engine) as session:
        tried(session, files, row, revision, tmp_path)
    assert put_in_force(engine, row)


@pytest.mark.parametrize("sound", [None, False], ids=["not examined", "refused"])
def test_what_was_not_found_sound_is_never_put_in_force(
    engine: Engine, files: DocumentFiles, tmp_path: Path, sound: bool | None
) -> None:
    with session_scope(engine) as session:
        row = handed_in(session, files, tmp_path)
        if sound is False:
            templates.end_examination(session, row.id, {"flaws": [1]}, sound=False, actor="worker:a")
    with pytest.raises(TemplateNotReady, match="没有通过检查"):
        put_in_force(engine, row)


def test_earlier_versions_come_back_and_every_change_is_on_record(
    engine: Engine, files: DocumentFiles, row: TemplateVersion, tmp_path: Path
) -> None:
    with session_scope(engine) as session:
        second = found_sound(session, files, handed_in(session, files, tmp_path, line=620), tmp_path)
    for one, version in ((row, row.version), (second, second.version), (row, row.version)):
        assert put_in_force(engine, one)
        assert in_force(engine) == version
    assert put_in_force(engine, None)
    assert in_force(engine) == bundled_version(DEFINITIONS, annual())
    with reading_scope(engine) as session:
        acts = select(AuditEvent.action).where(AuditEvent.action == "template.activated")
        assert len(session.scalars(acts).all()) == 4
        states = session.scalars(select(TemplateVersion.state).order_by(TemplateVersion.number)).all()
    assert states == [TemplateState.RETIRED, TemplateState.RETIRED]


def test_of_many_who_put_one_in_force_at_once_one_does(
    engine: Engine, files: DocumentFiles, row: TemplateVersion, tmp_path: Path
) -> None:
    with session_scope(engine) as session:
        second = found_sound(session, files, handed_in(session, files, tmp_path, line=620), tmp_path)
    race(8, lambda number: put_in_force(engine, (row, second)[number % 2]))
    with reading_scope(engine) as session:
        active = select(TemplateVersion).where(TemplateVersion.state == TemplateState.ACTIVE)
        assert len(session.scalars(active).all()) == 1


def test_another_edition_keeps_its_own_template(engine: Engine, row: TemplateVersion) -> None:
    put_in_force(engine, row)
    with reading_scope(engine) as session:
        assert templates.active_template(session, LATER) is None


def test_a_trial_stands_for_no_report(
    engine: Engine, files: DocumentFiles, row: TemplateVersion, revision: Revision, tmp_path: Path
) -> None:
    with reading_scope(engine) as session:
        [before] = list_reports(session)
    with session_scope(engine) as session:
        trial = tried(session, files, row, revision, tmp_path)
    with reading_scope(engine) as session:
        [after] = list_reports(session)
    assert (after.job_public_id, after.job_public_id) == (before.job_public_id, before.job_public_id)
    assert after.job_public_id != trial.public_id


def test_a_trial_is_another_job_than_the_one_that_counts(
    engine: Engine, files: DocumentFiles, row: TemplateVersion, revision: Revision, tmp_path: Path
) -> None:
    with session_scope(engine) as session:
        trial = tried(session, files, row, revision, tmp_path)
        templates.activate(session, annual(), session.get_one(TemplateVersion, row.id), KEEPER)
        recipe = recipe_for(DEFINITIONS, annual(), session)
        assert order(session, revision, recipe, Lane.BATCH).id != trial.id


def test_a_trial_is_compared_page_by_page_with_the_template_in_force(
    engine: Engine, files: DocumentFiles, row: TemplateVersion, revision: Revision, tmp_path: Path
) -> None:
    bundled = bundled_version(DEFINITIONS, annual())
    with session_scope(engine) as session:
        chosen = trials.candidates(session, annual())
        assert [one.unit for one in chosen] == [MARKET]
        [other] = trials.compare(session, bundled, chosen)
        [mine] = trials.order(session, row.version, "2021-1", chosen, Lane.PREVIEW, KEEPER)
        assert trials.tally(session, row.version).open == 1
        tried(session, files, row, revision, tmp_path, pages=5)
        [one] = trials.trials(session, row.version, bundled, 10)
        assert (one.job.id, one.pages, one.other_pages, one.grown) == (mine.id, 5, None, None)
    with session_scope(engine) as session:
        row_of_bundled = TemplateVersion(version=bundled)
        tried(session, files, row_of_bundled, revision, tmp_path, pages=4)
        [one] = trials.trials(session, row.version, bundled, 10)
        assert (one.other_job, one.grown) == (other.public_id, 1)
        assert trials.compare(session, bundled, chosen) == []
        assert trials.find(session, row.version, other.public_id) is not None
        stranger = session.scalars(select(Job).where(Job.format != "trial")).one()
        assert trials.find(session, "0123456789abcdef", stranger.public_id) is None


def test_the_long_the_short_and_the_middle_are_suggested(engine: Engine) -> None:
    for unit in (ARCHIVES, MARKET, LANJIANG):
        ordered(engine, unit)
    with reading_scope(engine) as session:
        found = trials.candidates(session, annual())
    assert [one.size for one in found] == sorted((one.size for one in found), reverse=True)
    assert {one.unit for one in trials.suggested(found)} == {ARCHIVES, MARKET, LANJIANG}
    assert trials.suggested([]) == []
    assert len(trials.suggested(found[:1])) == 1


def test_looking_again_throws_away_what_was_found(engine: Engine, files: DocumentFiles, row: TemplateVersion) -> None:
    with session_scope(engine) as session:
        again = session.get_one(TemplateVersion, row.id)
        assert templates.examine_again(session, files, again, KEEPER)
        session.refresh(again)
        assert (again.state, again.examination) == (TemplateState.UPLOADED, None)
        assert not templates.examine_again(session, files, again, KEEPER)
    assert len(list(files.listed())) == 1


def test_the_scan_counts_templates_and_their_examples_as_named(
    engine: Engine, files: DocumentFiles, row: TemplateVersion
) -> None:
    assert list(scan(engine, files, grace_seconds=0)) == []
    files.remove(row.storage_key)
    [found] = scan(engine, files, grace_seconds=0)
    assert (found.trouble, found.storage_key) == ("missing", row.storage_key)

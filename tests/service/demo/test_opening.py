"""In the demonstration last year's reports become public, each as soon as its documents are made."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from service.demo.opening import Opening
from service.demo.start import prepare
from storage.files import Kept
from storage.making import documents, jobs
from storage.session import make_engine, reading_scope, session_scope
from storage.settings import Settings
from storage.tables import Format, Job, Publication, Report, Revision


@pytest.fixture
def district(tmp_path: Path) -> Settings:
    """The demonstration, before any worker has come."""
    settings = Settings(data_dir=tmp_path)
    prepare(settings)
    return settings


def make(settings: Settings, at_most: int) -> None:
    """Workers make the documents of so many of last year's reports."""
    engine = make_engine(settings)
    with session_scope(engine) as session:
        last = session.scalars(select(func.max(Report.year))).one() - 1
        wanted = select(Job.id).join(Revision, Revision.id == Job.revision_id).join(Report)
        for job in session.scalars(wanted.where(Report.year == last).order_by(Job.id)).all():
            if at_most and (claim := jobs.claim(session, job, "worker")):
                kept = {format: Kept(f"job-{job}.{format}", "0" * 64, 9) for format in Format}
                jobs.finish(session, claim, [documents.document(claim, *one, pages=8) for one in kept.items()])
                at_most -= 1
    engine.dispose()


def public(settings: Settings) -> int:
    engine = make_engine(settings)
    with reading_scope(engine) as session:
        found = session.scalars(select(func.count()).select_from(Publication)).one()
    engine.dispose()
    return found


def test_what_has_documents_becomes_public_until_all_is(district: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.demo.opening._AGAIN_SECONDS", 0)
    opening = Opening(district)
    assert opening() is False
    assert public(district) == 0
    make(district, 3)
    opening()
    assert (public(district), opening.done) == (3, False)
    make(district, 1000)
    opening()
    assert opening.done
    assert public(district) == 40
    opening()
    assert public(district) == 40

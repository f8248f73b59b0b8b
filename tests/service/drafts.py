"""Reports on their way, as tests want them: called for, filled in, sent, returned."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update

from reports.admitting import Change
from reports.answers import Answers
from reports.states import Move
from storage.filing import comments, fields, steps
from storage.filing.starts import open_report, start
from storage.session import reading_scope, session_scope
from storage.tables import Campaign, Job, Report, ReportState, Revision, RosterEntry, Start, Unit
from tests.people import annual, ordinary_report, read
from tests.service.conftest import Office
from tests.service.visitors import Browser, Page
from tests.units import collect

TYPIST = "account:wangfang"
REVIEWER = "account:limin"
DECLARED = {
    "filler": "王芳",
    "filler_phone": "0571-8801",
    "checker": "周平",
    "checker_phone": "0571-8802",
    "declared": "yes",
}


def this_year(unit: str) -> dict[str, Any]:
    """The report of 2025: like the year before, with every figure that goes on from it."""
    document = ordinary_report(unit, 2025)
    # 9 in force last year, 3 more, 1 less.
    return {**document, "cells": {**document["cells"], "article_20_1.normative_documents.in_force": 11}}


def call_for(office: Office, *units: Unit, days: int = 10) -> Campaign:
    """The supervising office collects the reports of 2025 from these units."""
    with session_scope(office.engine) as session:
        return collect(session, office.units.office, *units, days=days)


def typed(office: Office, campaign: Campaign, unit: Unit, answers: Answers) -> str:
    """A report that somebody has typed in; its id."""
    with session_scope(office.engine) as session:
        report = open_report(session, campaign, unit, TYPIST)
        start(session, report, Start.BLANK, TYPIST, {})
        fields.replace(session, report, answers, TYPIST)
        return report.public_id


def ready(office: Office, unit: Unit | None = None, **changes: Mapping[str, Any]) -> str:
    """A report of 2025 that could be sent at once, or with something changed; its id."""
    unit = unit or office.units.market
    document = this_year(unit.name)
    for part, changed in changes.items():
        document = {**document, part: {**document[part], **changed}}
    return typed(office, call_for(office, unit), unit, read(document))


def retype(office: Office, public_id: str, name: str, value: str) -> None:
    """Somebody types something into a field: a figure, a text, or the reason for a finding."""
    with session_scope(office.engine) as session:
        report = session.scalars(select(Report).where(Report.public_id == public_id)).one()
        assert fields.save(session, report, [Change(name, value)], TYPIST, annual()).saved


def state_of(office: Office, public_id: str) -> ReportState:
    """Where a report stands."""
    with reading_scope(office.engine) as session:
        return session.scalars(select(Report.state).where(Report.public_id == public_id)).one()


def take(office: Office, public_id: str, *moves: Move, **told: Any) -> None:
    """The reviewer, or whoever it is, takes these steps; `told` comes with the last."""
    with session_scope(office.engine) as session:
        report = session.scalars(select(Report).where(Report.public_id == public_id)).one()
        for move in moves:
            steps.take(session, report, move, REVIEWER, **(told if move is moves[-1] else {}))


def send_back(office: Office, public_id: str, said: Mapping[str, str], **told: Any) -> None:
    """The reviewer returns a report with words on single places."""
    with session_scope(office.engine) as session:
        report = session.scalars(select(Report).where(Report.public_id == public_id)).one()
        for name, text in said.items():
            comments.add_comment(session, report, name, text, REVIEWER)
        comments.hand_over(session, report, steps.take(session, report, Move.RETURN, REVIEWER, **told))


def exempt(office: Office, campaign: Campaign, unit: Unit, because: str) -> None:
    """A unit need not report."""
    entry = update(RosterEntry).where(RosterEntry.campaign_id == campaign.id, RosterEntry.unit_id == unit.id)
    with session_scope(office.engine) as session:
        session.execute(entry.values(exempt_because=because))


def job_of(office: Office, public_id: str) -> str:
    """The newest job of a report; its id."""
    with reading_scope(office.engine) as session:
        of_report = select(Job.public_id).join(Job.revision).join(Report, Report.id == Revision.report_id)
        of_report = of_report.where(Report.public_id == public_id)
        return session.scalars(of_report.order_by(Job.id.desc()).limit(1)).one()


def send(browser: Browser, public_id: str, **said: str) -> Page:
    """Check a report and send it in, with whatever is written into the declaration."""
    path = f"/reports/{public_id}/send"
    return browser.send(browser.get(path), path, **{**DECLARED, **said})

"""Whether an archive is what the database says: issued here, of these units, with these files."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from reports.faces.manifest import CAMPAIGN, Line
from reports.wording import spoken
from service.archives.checking import Difference, Fault, Verdict
from service.words import moment
from storage.publishing.archives import Holding, contents
from storage.roster.campaigns import find_campaign
from storage.tables import AuditEvent, Campaign, Document, Job, JobState

# What the audit trail says of each archive that left the house.
ISSUED: Final = "archive.issued"
_AT_ONCE: Final = 5000


def prove(session: Session, verdict: Verdict) -> None:
    """Add to the verdict what the database knows."""
    campaign = find_campaign(session, verdict.manifest.head[CAMPAIGN])
    if campaign is None:
        verdict.notes.append("数据库里没有这次填报，只与归档自己的清单作了核对。")
        return
    issued = _issued(session, campaign, verdict.manifest_sha256)
    if issued is None:
        verdict.differences.append(Difference(Fault.DATABASE, "manifest.csv", "操作记录里没有发出过这份清单"))
    else:
        told = f"这份清单由 {issued.actor} 于 {moment(issued.at)} 取得，见第 {issued.number} 条操作记录。"
        verdict.notes.append(told)
    with spoken(str):
        now = {one.standing.unit.name: one for one in contents(session, campaign)}
    known = _known(session, list(verdict.manifest.files.values()))
    found = list(_units(verdict.manifest.lines, now, known))
    if issued is None:
        verdict.differences += found
    else:
        # The list is genuine: what differs has happened since.
        verdict.notes += [f"归档以后有变化：{one.name}：{one.detail}" for one in found]


def _issued(session: Session, campaign: Campaign, sha256: str) -> AuditEvent | None:
    wanted = select(AuditEvent).where(
        AuditEvent.action == ISSUED, AuditEvent.subject == f"campaign:{campaign.public_id}"
    )
    events = session.scalars(wanted.order_by(AuditEvent.number))
    return next((one for one in events if json.loads(one.detail).get("manifest_sha256") == sha256), None)


def _known(session: Session, fingerprints: Sequence[str]) -> set[str]:
    """Those among these fingerprints that a document of a finished job has."""
    here = select(Document.sha256).join(Job, Job.id == Document.job_id).where(Job.state == JobState.DONE)
    # A few thousand at a time: databases take only so many values in one question.
    parts = (fingerprints[at : at + _AT_ONCE] for at in range(0, len(fingerprints), _AT_ONCE))
    return {sha256 for part in parts for sha256 in session.scalars(here.where(Document.sha256.in_(part)))}


def _units(lines: Sequence[Line], now: Mapping[str, Holding], known: set[str]) -> Iterator[Difference]:
    listed = {line.unit for line in lines}
    for line in lines:
        if line.unit not in now:
            yield Difference(Fault.DATABASE, line.unit, "不在应报单位之列")
        for name, sha256 in ((line.pdf, line.pdf_sha256), (line.docx, line.docx_sha256)):
            if name and sha256 not in known:
                yield Difference(Fault.DATABASE, line.unit, f"数据库里没有指纹为 {sha256[:12]}… 的文件（{name}）")
        held = now.get(line.unit)
        if held and held.documents and not (line.pdf or line.docx):
            yield Difference(Fault.DATABASE, line.unit, "数据库里有文件，清单里没有")
    yield from (Difference(Fault.DATABASE, unit, "应报，清单里没有") for unit in now if unit not in listed)

"""A county whose reports are sent, approved and made, as far as a test says: what archives are packed from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine

from reports.states import Move
from storage.files import DocumentFiles
from storage.filing.steps import take
from storage.filing.submissions import submit
from storage.making import documents, jobs
from storage.session import make_engine, session_scope
from storage.settings import Settings
from storage.tables import Campaign, Format, Job, Report, Unit, UnitKind
from tests.orders import RECIPE, claimed
from tests.people import but, ordinary_report, read
from tests.units import collect, county

CLERK, REVIEWER = "account:wangfang", "account:limin"


@dataclass
class Town:
    """An office that collects, with the database and the files behind it."""

    settings: Settings
    engine: Engine
    office: Unit
    campaign: Campaign
    units: Mapping[str, Unit]
    made: dict[str, list[str]] = field(default_factory=dict)

    @property
    def files(self) -> DocumentFiles:
        return DocumentFiles(self.settings)

    def send(self, unit: str, **texts: str) -> tuple[Report, Job]:
        """A clerk sends a report in."""
        with session_scope(self.engine) as session:
            sent = submit(session, read(but(ordinary_report(unit), texts=texts)), CLERK, RECIPE)
            return sent.report, sent.job

    def approve(self, report: Report, move: Move = Move.APPROVE) -> None:
        """A reviewer approves, or opens again what was approved."""
        with session_scope(self.engine) as session:
            take(session, session.get_one(Report, report.id), move, REVIEWER)

    def make(self, job: Job, pdf: bytes = b"", typefaces: str | None = None) -> None:
        """A worker makes the documents of a job."""
        claim = claimed(self.engine, job.id, "worker")
        files = {format: self.settings.data_dir / f"made.{format.value}" for format in (Format.DOCX, Format.PDF)}
        for format, path in files.items():
            path.write_bytes(pdf or f"%{format.value} of job {job.id}".encode())
        kept = self.files.keep(list(files.values()), claim.job_id, claim.fence)
        rows = [
            documents.document(claim, format, one, pages=8, typefaces=typefaces)
            for format, one in zip(files, kept, strict=True)
        ]
        with session_scope(self.engine) as session:
            assert jobs.finish(session, claim, rows)

    def hand_in(self, unit: str) -> Job:
        """A report goes the whole way."""
        report, job = self.send(unit)
        self.approve(report)
        self.make(job)
        return job

    def place(self, job: Job, format: Format = Format.PDF) -> Path:
        """Where the file of a job lies; only where it is a folder."""
        with session_scope(self.engine) as session:
            [one] = [one for one in documents.of_job(session, session.get_one(Job, job.id)) if one.format is format]
        return self.settings.documents_dir / one.storage_key


KINDS = {
    "临溪县人民政府": UnitKind.GOVERNMENT,
    "临溪县教育局": UnitKind.DEPARTMENT,
    "临溪县财政局": UnitKind.DEPARTMENT,
    "白鹭镇人民政府": UnitKind.TOWNSHIP,
}
GOVERNMENT, EDUCATION, FINANCE, TOWN = KINDS


def town(settings: Settings) -> Iterator[Town]:
    """临溪县 with four units that are expected, in an order that is not the alphabet's."""
    engine = make_engine(settings)
    with session_scope(engine) as session:
        office = county(session).office
        units = {
            name: Unit(name=name, kind=kind, position=at, supervisor_id=office.id)
            for at, (name, kind) in enumerate(KINDS.items(), 1)
        }
        session.add_all(units.values())
        session.flush()
        campaign = collect(session, office, *units.values(), year=2024)
    yield Town(settings, engine, office, campaign, units)
    engine.dispose()

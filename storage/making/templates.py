"""Word templates beside the one that comes with a definition: handed in, examined, put in force, found by workers."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from reports.definition import Definition
from reports.wording import _
from storage import audit
from storage.clock import now, seconds_ago
from storage.files import DocumentFiles, Kept
from storage.making.recipes import VERSION_LENGTH, active_template
from storage.session import rows_changed
from storage.tables import TRIAL, Job, JobState, Report, Submission, TemplateState, TemplateVersion
from storage.tables.root import public_id

# A template that ends the process that looks at it is refused in the end.
MOST_ATTEMPTS: Final = 3
ATTEMPTS: Final = "attempts"


class TemplateKnown(ValueError):
    """The very same file is a version already."""

    code = "template_known"

    def __init__(self, name: str) -> None:
        self.for_person = _("这个文件与{name}完全相同，没有另存一个版本。").format(name=name)
        self.for_operator = f"the same bytes as {name}"
        super().__init__(self.for_operator)


class TemplateNotReady(ValueError):
    """A template is to be put in force that was not examined, or not tried."""

    code = "template_not_ready"

    def __init__(self, for_person: str) -> None:
        self.for_person = for_person
        self.for_operator = "a template is put in force once it was examined and a trial has succeeded"
        super().__init__(for_person)


def upload(
    session: Session, files: DocumentFiles, definition: Definition, file: Path, file_name: str, actor: str
) -> TemplateVersion:
    """Keep a file as the next version of an edition's template; TemplateKnown when it is one already."""
    kept = files.keep_as(file, f"templates/{public_id()}.docx")
    try:
        return _add(session, definition, kept, file_name, actor)
    except BaseException:
        files.discard([kept])
        raise


def _add(session: Session, definition: Definition, kept: Kept, file_name: str, actor: str) -> TemplateVersion:
    if (known := session.scalar(of_edition(definition).where(TemplateVersion.sha256 == kept.sha256))) is not None:
        raise TemplateKnown(name_of(known))
    last = select(func.max(TemplateVersion.number)).filter_by(**_edition(definition))
    row = TemplateVersion(
        **_edition(definition),
        number=(session.scalar(last) or 0) + 1,
        version=kept.sha256[:VERSION_LENGTH],
        sha256=kept.sha256,
        bytes=kept.size,
        storage_key=kept.storage_key,
        file_name=file_name,
        uploaded_by=actor,
    )
    session.add(row)
    session.flush()
    _record(session, actor, "uploaded", row, file=file_name, sha256=kept.sha256)
    return row


def name_of(row: TemplateVersion) -> str:
    """What people call a version: 2021-3."""
    return f"{row.edition}-{row.number}"


def of_edition(definition: Definition) -> Select[TemplateVersion]:
    """The versions that were handed in for an edition."""
    return select(TemplateVersion).filter_by(**_edition(definition))


def versions(session: Session, definition: Definition) -> Sequence[TemplateVersion]:
    """The versions that were handed in for an edition, the newest first."""
    return session.scalars(of_edition(definition).order_by(TemplateVersion.number.desc())).all()


def find(session: Session, public_id: str) -> TemplateVersion | None:
    """The version of that public id."""
    return session.scalar(select(TemplateVersion).where(TemplateVersion.public_id == public_id))


def unexamined(session: Session, seconds: float) -> Sequence[int]:
    """What was handed in so long ago, and nobody has looked at."""
    waiting = select(TemplateVersion.id).where(TemplateVersion.state == TemplateState.UPLOADED)
    return session.scalars(waiting.where(TemplateVersion.uploaded_at < seconds_ago(seconds))).all()


def begin_examination(session: Session, id: int) -> TemplateVersion | None:
    """Somebody looks at it now; None when that was done."""
    waiting = select(TemplateVersion).where(TemplateVersion.id == id, TemplateVersion.state == TemplateState.UPLOADED)
    if (row := session.scalar(waiting.with_for_update())) is None:
        return None
    row.examination = json.dumps({ATTEMPTS: attempts(row) + 1})
    return row


def attempts(row: TemplateVersion) -> int:
    """How often somebody has begun to look at it."""
    return int(found(row).get(ATTEMPTS, 0))


def found(row: TemplateVersion) -> Mapping[str, Any]:
    """What the examination has found so far."""
    told: Mapping[str, Any] = json.loads(row.examination or "{}")
    return told


@dataclass(frozen=True, slots=True)
class Example:
    """The pages of the definition's example, drawn when a template was examined."""

    storage_key: str
    sha256: str
    bytes: int
    pages: int

    def told(self) -> dict[str, Any]:
        return asdict(self)


def example_of(row: TemplateVersion, which: str = "example") -> Example | None:
    """The example by this template, or, as `bundled`, by the one that came with the definition."""
    told = found(row).get(which)
    return Example(**told) if told else None


def examples(session: Session) -> Sequence[Example]:
    """Every example that is kept."""
    rows = session.scalars(select(TemplateVersion)).all()
    drawn = (example_of(row, which) for row in rows for which in ("example", "bundled"))
    return [one for one in drawn if one]


def examine_again(session: Session, files: DocumentFiles, row: TemplateVersion, actor: str) -> bool:
    """Have a template looked at anew that was examined; False while somebody is to look at it, or it is in force."""
    looked_at = (TemplateState.EXAMINED, TemplateState.REFUSED)
    mine = update(TemplateVersion).where(TemplateVersion.id == row.id, TemplateVersion.state.in_(looked_at))
    if rows_changed(session, mine.values(state=TemplateState.UPLOADED, examination=None)) != 1:
        return False
    for which in ("example", "bundled"):
        if example := example_of(row, which):
            files.remove(example.storage_key)
    _record(session, actor, "again", row)
    return True


def end_examination(session: Session, id: int, examination: Mapping[str, Any], *, sound: bool, actor: str) -> bool:
    """Note what was found; False when somebody else was faster."""
    state = TemplateState.EXAMINED if sound else TemplateState.REFUSED
    mine = update(TemplateVersion).where(TemplateVersion.id == id, TemplateVersion.state == TemplateState.UPLOADED)
    told = json.dumps(dict(examination), ensure_ascii=False)
    if rows_changed(session, mine.values(state=state, examination=told)) != 1:
        return False
    row = session.get_one(TemplateVersion, id, populate_existing=True)
    _record(session, actor, "examined", row, state=state.value, flaws=len(examination.get("flaws", ())))
    return True


def is_sound(row: TemplateVersion) -> bool:
    """Whether documents can be made by it, for a trial or for good."""
    return row.state in (TemplateState.EXAMINED, TemplateState.ACTIVE, TemplateState.RETIRED)


def was_tried(session: Session, definition: Definition, row: TemplateVersion) -> bool:
    """Whether a trial on a report has succeeded; before anybody has sent one in, the example counts."""
    tried = select(Job.id).where(Job.template_version == row.version, Job.format == TRIAL, Job.state == JobState.DONE)
    if session.scalar(tried.limit(1)) is not None:
        return True
    sent = select(Submission.id).join(Report, Report.id == Submission.report_id).where(*_reports_of(definition))
    nothing_sent = session.scalar(sent.where(Submission.withdrawn_at.is_(None)).limit(1)) is None
    return nothing_sent and bool(found(row).get("example"))


def activate(session: Session, definition: Definition, row: TemplateVersion | None, actor: str) -> bool:
    """Put a version in force, or, with None, the one that came with the definition; False when it is already.

    Documents and batches that are there keep the template that they were ordered with.
    """
    # All rows of the edition: of two who do this at once, the second sees what the first has done.
    session.scalars(of_edition(definition).order_by(TemplateVersion.id).with_for_update()).all()
    session.expire_all()
    earlier = active_template(session, definition)
    if (earlier.id if earlier else None) == (row.id if row else None):
        return False
    if row is not None:
        _must_be_ready(session, definition, row)
    if earlier is not None:
        earlier.state = TemplateState.RETIRED
    if row is not None:
        row.state, row.activated_by = TemplateState.ACTIVE, actor
        row.activated_at = session.scalars(select(now())).one()
    session.flush()
    audit.record(
        session,
        actor,
        "template.activated",
        f"template:{definition.reference}",
        version=row.version if row else None,
        name=name_of(row) if row else "",
        before=name_of(earlier) if earlier else "",
    )
    return True


def _must_be_ready(session: Session, definition: Definition, row: TemplateVersion) -> None:
    if row.state not in (TemplateState.EXAMINED, TemplateState.RETIRED):
        raise TemplateNotReady(_("这个版本没有通过检查，不能启用。"))
    if not was_tried(session, definition, row):
        raise TemplateNotReady(_("这个版本还没有试排成功过，不能启用。请先用已报送的报告试排。"))


def _edition(definition: Definition) -> dict[str, str]:
    return {"definition": definition.id, "edition": definition.edition}


def _reports_of(definition: Definition) -> Collection[Any]:
    return (Report.definition == definition.id, Report.edition == definition.edition)


def _record(session: Session, actor: str, act: str, row: TemplateVersion, **detail: Any) -> None:
    audit.record(session, actor, f"template.{act}", f"template:{row.definition}/{name_of(row)}", **detail)

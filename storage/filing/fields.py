"""Fields: what is typed into a report's form, saved one by one, so that nobody overwrites what he has not seen."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from reports.admitting import Change, admit
from reports.answers import Answers
from reports.definition import Definition
from reports.drafting import Typed, inputs
from reports.kinds import plain
from reports.reading import Problem
from reports.states import OPEN, ReportState
from reports.wording import N_
from storage import audit
from storage.clock import now
from storage.tables import Field, Report


class NotOpen(Exception):
    """The report stands where its fields cannot be changed: it was sent, is being reviewed, or is approved."""

    code = "report_not_open"

    def __init__(self, state: ReportState) -> None:
        self.state = state
        self.for_person = N_(
            "报告已经报送，不能再改；这次填写的没有保存。需要修改的，请先撤回；已在审核的，请联系审核人退回。"
        )
        self.for_operator = f"the report is {state.value}"
        super().__init__(self.for_operator)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of changes. `conflicts` are the fields as somebody else left them, `refused` cannot be kept at all.

    `cleaned` counts, by name, the characters that were taken out of what was saved.
    """

    saved: tuple[Field, ...]
    conflicts: tuple[Field, ...]
    refused: tuple[Problem, ...]
    cleaned: Mapping[str, int]


def fields_of(session: Session, report: Report) -> dict[str, Field]:
    """Everything typed into a report so far, by name."""
    return {one.name: one for one in _read(session, Field.report_id == report.id)}


def typed_in(fields: Mapping[str, Field]) -> dict[str, Typed]:
    """Values and notes by name, as `reports.drafting` takes them."""
    return {name: (one.value, one.note) for name, one in fields.items()}


def save(session: Session, report: Report, changes: Iterable[Change], actor: str, definition: Definition) -> Outcome:
    """Keep what was typed, each field by one conditional statement whose row says who won; NotOpen when it is too late.

    Writes the audit event, so let it be the last thing before the commit.
    """
    _hold_open(session, report)
    admitted = admit(definition, changes)
    saved: list[Field] = []
    conflicts: list[Field] = []
    written = _keep(session, report, admitted.changes, actor, saved, conflicts)
    if written:
        # Which fields, not what stands in them: the trail is read by other people than the report.
        audit.record(session, actor, "report.filled", f"report:{report.public_id}", fields=written)
    return Outcome(tuple(saved), tuple(conflicts), tuple(admitted.refused), admitted.cleaned)


def fill_blanks(
    session: Session, report: Report, values: Mapping[str, str], actor: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Write into fields that are blank; the names written, and those left because they hold something else."""
    _hold_open(session, report)
    stored = _named(session, report, list(values))
    blank = [
        Change(name, value, one.note, one.version)
        for name, value in values.items()
        if not (one := stored.get(name, _nothing(report, name))).value.strip()
    ]
    conflicts: list[Field] = []
    written = _keep(session, report, blank, actor, [], conflicts)
    held = {name: one.value for name, one in stored.items()} | {one.name: one.value for one in conflicts}
    left = tuple(name for name in values if name not in written and held[name].strip() != values[name])
    return tuple(name for name in values if name in written), left


def replace(session: Session, report: Report, answers: Answers, actor: str) -> None:
    """The draft becomes these answers, whatever was typed; of a report whose row is locked."""
    stored = fields_of(session, report)
    wanted = _typed_from(answers)
    # Reasons are not part of the answers.
    changes = [Change(name, *wanted.get(name, ("", ""))) for name in sorted({*stored, *wanted}) if "@" not in name]
    differing = [one for one in changes if not _same(one, stored.get(one.name, _nothing(report, one.name)))]
    if differing:
        _overwrite(session, report, differing, actor)


def _overwrite(session: Session, report: Report, changes: Sequence[Change], actor: str) -> None:
    """In one statement: one for each of two hundred fields would be felt wherever the database is not next door."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    rows = [
        {"report_id": report.id, "name": one.name, "value": one.value, "note": one.note, "version": 1}
        | {"changed_at": now(), "changed_by": actor}
        for one in changes
    ]
    new = dialect.insert(Field).values(rows)
    taken = ("value", "note", "changed_at", "changed_by")
    over = {name: new.excluded[name] for name in taken} | {"version": Field.version + 1}
    session.execute(new.on_conflict_do_update(index_elements=["report_id", "name"], set_=over))


def _typed_from(answers: Answers) -> dict[str, Typed]:
    typed = {name: (plain(figure.value), figure.note) for name, figure in answers.figures.items()}
    of_inputs = set(inputs(answers.definition))
    figures = {name: one if name in of_inputs else ("", one[1]) for name, one in typed.items()}
    return figures | {name: (text, "") for name, text in answers.texts.items()}


def _keep(
    session: Session,
    report: Report,
    changes: Iterable[Change],
    actor: str,
    saved: list[Field],
    conflicts: list[Field],
) -> list[str]:
    """Sort fields into saved and conflicts, and say which were written."""
    changes = sorted(changes, key=lambda change: change.name)
    stored = _named(session, report, [change.name for change in changes])
    written = []
    # In one order for everybody: two who save the same fields then cannot wait for each other.
    for sent in changes:
        # Over what there never was nobody's words can be overwritten, and nobody's can be shown beside.
        over_nothing = sent.version and sent.name not in stored
        change = Change(sent.name, sent.value, sent.note, 0) if over_nothing else sent
        standing = stored.get(change.name, _nothing(report, change.name))
        if not _same(change, standing):
            if field := _write(session, report, change, actor):
                saved.append(field)
                written.append(change.name)
                continue
            standing = _named(session, report, [change.name]).get(change.name, standing)
        (saved if _same(change, standing) else conflicts).append(standing)
    return written


def _hold_open(session: Session, report: Report) -> None:
    """Make sure that nobody sends the report before this transaction ends: what was saved must be in it."""
    state = select(Report.state).where(Report.id == report.id).with_for_update(read=True)
    stands = session.scalars(state).one()
    if stands not in OPEN:
        raise NotOpen(stands)


def _write(session: Session, report: Report, change: Change, actor: str) -> Field | None:
    """The field as it is now; None when it was not at the version that the change was made over."""
    if change.version == 0:
        return _insert(session, report, change, actor)
    field = _update(session, report, change, actor)
    if field is None and change.version is None:
        field = _insert(session, report, change, actor) or _update(session, report, change, actor)
    return field


def _update(session: Session, report: Report, change: Change, actor: str) -> Field | None:
    statement = update(Field).where(Field.report_id == report.id, Field.name == change.name, _unchanged(change))
    values = {"value": change.value, "note": change.note, "version": Field.version + 1}
    changed = statement.values(**values, changed_at=now(), changed_by=actor).returning(Field)
    options = {"synchronize_session": False, "populate_existing": True}
    return session.scalars(changed, execution_options=options).one_or_none()


def _unchanged(change: Change) -> ColumnElement[bool]:
    return Field.version == (Field.version if change.version is None else change.version)


def _insert(session: Session, report: Report, change: Change, actor: str) -> Field | None:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(Field).values(
        report_id=report.id,
        name=change.name,
        value=change.value,
        note=change.note,
        version=1,
        changed_at=now(),
        changed_by=actor,
    )
    return session.scalars(statement.on_conflict_do_nothing().returning(Field)).one_or_none()


def _read(session: Session, *where: ColumnElement[bool]) -> Sequence[Field]:
    # Never as this session remembers it: somebody else may have been here.
    return session.scalars(select(Field).where(*where), execution_options={"populate_existing": True}).all()


def _named(session: Session, report: Report, names: Sequence[str]) -> dict[str, Field]:
    return {one.name: one for one in _read(session, Field.report_id == report.id, Field.name.in_(names))}


def _nothing(report: Report, name: str) -> Field:
    """A field that nobody has touched, as it looks to whoever saves it."""
    return Field(report_id=report.id, name=name, value="", note="", version=0)


def _same(change: Change, field: Field) -> bool:
    return (change.value, change.note) == (field.value, field.note)

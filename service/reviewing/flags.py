"""What keeps a report from being approved together with others: each sign that somebody should look, in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from reports.answers import Answers
from reports.checks import check
from reports.definition import Severity
from reports.headline import Change, biggest_changes
from reports.kinds import plain
from reports.reasons import wanted
from service.language import _
from service.reviewing.queue import Line
from service.reviewing.reading import answers_in, last_years
from storage.filing.comments import collected
from storage.tables import Revision

# From tenfold on a percentage says less than both figures.
_TENFOLD = 10


@dataclass(frozen=True, slots=True)
class Biggest:
    """Where a report differs most from last year's, in words; `hot` when people will ask."""

    label: str
    words: str
    hot: bool


def biggest(session: Session, line: Line) -> Biggest | None:
    """The biggest change of a line; None when there is no report, none of last year, or nothing differs."""
    submission, report = line.standing.submission, line.report
    if submission is None or report is None:
        return None
    previous = last_years(session, report)
    if previous is None:
        return None
    found = _changes(answers_in(session.get_one(Revision, submission.revision_id)), previous)
    return biggest_in_words(found[0]) if found else None


def biggest_in_words(change: Change) -> Biggest:
    """行政许可 +12%; where that says little, 行政处罚 0 → 1472."""
    line = change.cell.row.lines[-1] if change.cell.row.label else change.cell.column.lines[-1]
    return Biggest(line.short or line.label, by_in_words(change), change.striking)


def by_in_words(change: Change) -> str:
    """How much a figure changed: +12%, or both figures."""
    few = not change.before or not change.now
    if few or max(change.now / change.before, change.before / change.now) >= _TENFOLD:
        return f"{plain(change.before)} → {plain(change.now)}"
    return f"{'+' if change.by > 0 else '−'}{abs(round(100 * change.by / change.before))}%"


def signs(session: Session, line: Line) -> Sequence[str]:
    """Why a report is not approved unseen; empty when nothing speaks against it."""
    return tuple(_signs(session, line))


def _signs(session: Session, line: Line) -> Iterator[str]:
    submission, report = line.standing.submission, line.report
    if submission is None or report is None or not line.pending:
        yield _("现在不是待审")
        return
    if line.again:
        yield _("退回后重新报送，要看改了什么")
    answers, previous = answers_in(session.get_one(Revision, submission.revision_id)), last_years(session, report)
    found = check(answers, previous)
    if errors := sum(one.severity is Severity.ERROR for one in found):
        yield _("有 {n} 处错误").format(n=errors)
    if to_read := max(line.reasons, len(wanted(found))):
        yield _("有 {n} 处说明要看").format(n=to_read)
    if line.alike:
        yield _("与“{unit}”疑似雷同 {n}%").format(unit=line.alike.unit, n=line.alike.percent)
    changes = _changes(answers, previous) if previous else ()
    if changes and (most := biggest_in_words(changes[0])).hot:
        yield _("变化大：{label} {words}").format(label=most.label, words=most.words)
    if noted := len(collected(session, report)):
        yield _("有 {n} 条批注还没有发出").format(n=noted)


def _changes(answers: Answers, previous: Answers) -> Sequence[Change]:
    """Every change, those that people will ask about in front."""
    return sorted(biggest_changes(answers, previous, at_most=len(answers.figures)), key=lambda one: not one.striking)

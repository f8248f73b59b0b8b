"""The first page of a supervising office: how far its campaign has come, who is missing, and what to do next."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from flask import current_app, url_for

from reports.states import ReportState
from service.deadlines import Deadline, deadline, today
from service.language import _
from service.rosters.lines import Line, Part, counts
from storage.tables import Campaign

# The picture of the whole is so many units wide.
_WIDTH = 1000


@dataclass(frozen=True, slots=True)
class Piece:
    """One stretch of the bar: how many stand there, and from where to where it is drawn."""

    word: str
    look: str
    many: int
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Next:
    """Something to do: why, and the way there."""

    sentence: str
    word: str
    address: str


@dataclass(frozen=True)
class Overview:
    """Everything the page shows above its list."""

    campaign: Campaign
    lines: Sequence[Line]

    @property
    def deadline(self) -> Deadline:
        return deadline(today(), self.campaign.due_on, self.campaign.publish_by)

    @cached_property
    def counts(self) -> dict[Part, int]:
        return counts(self.lines)

    @cached_property
    def expected(self) -> int:
        return sum(not line.standing.is_exempt for line in self.lines)

    @property
    def filed(self) -> int:
        return sum(line.standing.has_filed for line in self.lines if not line.standing.is_exempt)

    @cached_property
    def bar(self) -> list[Piece]:
        """How many stand where; together everybody who is expected."""
        places = Counter(_place(line) for line in self.lines)
        tally = [(word, look, places[key]) for key, word, look in _places()]
        pieces, start = [], 0.0
        for word, look, many in tally:
            width = _WIDTH * many / self.expected if self.expected else 0.0
            pieces.append(Piece(word, look, many, start, width))
            start += width
        return pieces

    @property
    def first_part(self) -> Part:
        """What is looked at unless somebody asks for more: who is missing, as long as anybody is."""
        return Part.MISSING if self.counts[Part.MISSING] else Part.ALL

    @property
    def next(self) -> list[Next]:
        """What to do, the most pressing first; the first has the main button."""
        many, at = self.counts, {"campaign": self.campaign.public_id}
        steps = []
        if many[Part.LATE] and not self.campaign.closed_at:
            told = _("{n} 个单位逾期没有报送。").format(n=many[Part.LATE])
            steps.append(Next(told, _("催报"), url_for("pages.reminders", part=Part.LATE, **at)))
        elif many[Part.MISSING] and not self.campaign.closed_at:
            told = _("还有 {n} 个单位没有报送。").format(n=many[Part.MISSING])
            steps.append(Next(told, _("催报"), url_for("pages.reminders", **at)))
        if many[Part.WAITING]:
            told = _("{n} 份报告等待审核。").format(n=many[Part.WAITING])
            steps += _to("pages.review", told, _("去审核"), at)
        if self.expected and many[Part.APPROVED] == self.expected:
            steps += _to("pages.batches", _("报告已全部通过，可以生成文件。"), _("生成文件"), at)
        if many[Part.APPROVED]:
            told = _("{n} 份报告已经通过，可以向社会公布。").format(n=many[Part.APPROVED])
            steps += _to("pages.publishing", told, _("去公布"), at)
        return steps


def _to(endpoint: str, told: str, word: str, at: dict[str, str]) -> list[Next]:
    return [Next(told, word, url_for(endpoint, **at))] if endpoint in current_app.view_functions else []


def _places() -> list[tuple[str, str, str]]:
    return [
        ("approved", _("已通过"), "ok"),
        ("waiting", _("待审核"), "now"),
        ("returned", _("退回待改"), "ask"),
        ("begun", _("填报中"), "begun"),
        ("none", _("未填报"), "none"),
    ]


def _place(line: Line) -> str:
    if line.standing.is_exempt:
        return ""
    state = line.standing.report.state if line.standing.report else None
    if state is ReportState.APPROVED:
        return "approved"
    if state in (ReportState.SUBMITTED, ReportState.REVIEWING):
        return "waiting"
    if state is ReportState.RETURNED:
        return "returned"
    return "begun" if line.has_begun else "none"

"""One batch at this moment, as its page shows it, and what of the page is news to a browser that looked before."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from service.batches.words import (
    marks,
    seconds_in_words,
    stage_in_words,
    starters,
    state_in_words,
    template_in_words,
    took,
    why_left_out,
)
from service.language import _
from service.resources import resources
from storage.batches.batches import LEFT_OUT
from storage.batches.items import Line, Outcome, crew, left_out, lines, outcomes
from storage.batches.progress import Progress, progress, stage_seconds
from storage.tables import Batch, BatchState, Campaign, Stage

# More failures than these are on the page of all units.
FIRST_FAILED = 30


@dataclass(frozen=True, slots=True)
class StageLine:
    """One stage: how long it takes on the average, its share of the whole, and how many are in it."""

    word: str
    seconds: float
    begins: float
    share: float
    at_work: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A batch at this moment."""

    campaign: Campaign
    batch: Batch
    progress: Progress
    outcomes: Sequence[Outcome]
    failed: Sequence[Line]
    left_out: Mapping[str, int]
    stages: Sequence[StageLine]
    workers: int
    template: str
    starter: str

    @property
    def is_open(self) -> bool:
        """Whether it runs or pauses."""
        return self.batch.state in (BatchState.RUNNING, BatchState.PAUSED)

    @property
    def is_still(self) -> bool:
        """Whether nothing will change any more by itself."""
        return not self.is_open and not self.progress.running

    @property
    def state(self) -> tuple[str, str]:
        """Where it stands in words, and the look that repeats them."""
        return state_in_words(self.batch.state)

    @property
    def heading(self) -> str:
        """What the page is called."""
        n = f"{self.progress.total:,}"
        if self.batch.state is BatchState.RUNNING:
            return _("正在生成 {n} 份报告").format(n=n)
        if self.batch.state is BatchState.PAUSED:
            return _("已暂停：{n} 份报告").format(n=n)
        if self.batch.state is BatchState.CANCELLED:
            return _("已取消：{n} 份报告").format(n=n)
        if self.progress.failed:
            return _("已结束，{failed} 份没有生成").format(failed=self.progress.failed)
        return _("{n} 份报告全部生成").format(n=n) if self.progress.total else _("没有可以生成的报告")

    @property
    def pace(self) -> str:
        """How fast it goes."""
        if self.batch.state is not BatchState.RUNNING:
            return "—"
        a_minute = self.progress.a_minute
        return _("{n} 份/分").format(n=f"{a_minute:.0f}" if a_minute >= 10 else f"{a_minute:.1f}") if a_minute else "—"

    @property
    def estimate(self) -> str:
        """When it will be through, as far as anybody can say."""
        if not self.is_open:
            return _("共用 {time}").format(time=self.took)
        if self.batch.state is BatchState.PAUSED:
            return _("暂停中")
        left = self.progress.seconds_left
        return _("约 {time}后完成").format(time=seconds_in_words(left)) if left else _("还需多久，还说不准")

    @property
    def took(self) -> str:
        """How long it was from the start to the end."""
        ended = self.batch.finished_at or self.batch.started_at
        return took((ended - self.batch.started_at).total_seconds())

    @property
    def said(self) -> str:
        """What is said aloud to whoever listens: only now and then."""
        done = self.progress
        if not self.is_open:
            return _("{heading}。").format(heading=self.heading)
        if self.batch.state is BatchState.PAUSED:
            return _("已暂停。")
        tenths = (done.done + done.failed) * 10 // max(1, done.total)
        told = _("已完成约 {percent}%，失败 {failed} 份。")
        return told.format(percent=tenths * 10, failed=done.failed)

    @property
    def letters(self) -> str:
        """What became of every unit, a letter for each."""
        known = marks()
        return "".join(known[one].letter for one in self.outcomes)

    @property
    def reasons(self) -> list[tuple[str, str, int]]:
        """Why units have no documents in this batch: code, words, how many."""
        return [(one, why_left_out(one), self.left_out[one]) for one in LEFT_OUT if one in self.left_out]

    @property
    def marks(self) -> tuple[str, str, str]:
        """Change with the head of the page, with what is said aloud, and with anything at all."""
        head = (self.batch.state, self.progress.failed, self.progress.total, self.is_still)
        counted = replace(self.progress, lately=0, seconds=0)
        everything = (counted, self.pace, self.estimate, self.workers, self.stages, self.letters, head)
        return _mark(head), _mark(self.said), _mark(everything)


def shown(session: Session, campaign: Campaign, batch: Batch) -> Shown:
    """A batch as it is at this moment."""
    at_work = crew(session, resources().settings.stale_seconds)
    return Shown(
        campaign,
        batch,
        progress(session, batch),
        outcomes(session, batch),
        lines(session, batch, FIRST_FAILED, outcome=Outcome.FAILED),
        left_out(session, batch),
        _stages(stage_seconds(session, batch), Counter(one for one in at_work if one)),
        len(at_work),
        template_in_words(session, batch.template_version),
        starters(session, [batch.started_by])[batch.started_by],
    )


def _stages(seconds: Mapping[Stage, float], at_work: Mapping[Stage, int]) -> list[StageLine]:
    whole, begins, told = sum(seconds.values()) or 1.0, 0.0, []
    for stage, took_seconds in seconds.items():
        share = 100 * took_seconds / whole
        told.append(StageLine(stage_in_words(stage), round(took_seconds, 2), begins, share, at_work.get(stage, 0)))
        begins += share
    return told


def _mark(of: object) -> str:
    return hashlib.sha256(repr(of).encode()).hexdigest()[:10]

"""Who makes documents at this moment, and what waits for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.admin.installation import Part, about
from service.language import _
from service.resources import resources
from storage.clock import now
from storage.making.losses import current_lane
from storage.tables import Job, JobState, Lane, Stage, Worker
from workers.queue import STAFFED

# A person has been waiting for longer than that; a batch may.
_PATIENCE: Final = {Lane.PREVIEW: 60, Lane.BATCH: 6 * 3600, Lane.QUARANTINE: 6 * 3600}
_A_DAY: Final = 24 * 3600


@dataclass(frozen=True, slots=True)
class Hand:
    """One worker process."""

    host: str
    pid: int
    lane: str
    doing: str
    started_at: datetime
    seconds_silent: int
    alive: bool
    about: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits in one lane."""

    word: str
    waiting: int
    held: int
    running: int
    failed: int
    oldest: str
    late: bool
    staffed: bool
    hands: int


def hands(session: Session) -> Sequence[Hand]:
    """Every worker that was heard of lately."""
    moment = session.scalars(select(now())).one()
    stale = resources().settings.stale_seconds
    found = session.scalars(select(Worker).order_by(Worker.host, Worker.lane, Worker.pid))
    return [_hand(one, (moment - one.heartbeat_at).total_seconds(), stale) for one in found]


def queues(session: Session, crew: Sequence[Hand]) -> Sequence[Queue]:
    """How many documents wait in each lane, how long the oldest has, and how many workers serve it."""
    moment = session.scalars(select(now())).one()
    lane = current_lane()
    wanted = select(lane, Job.state, Job.on_hold, func.count(), func.min(Job.created_at))
    rows = session.execute(wanted.where(Job.state != JobState.DONE).group_by(lane, Job.state, Job.on_hold)).all()
    return [_queue(one, [row for row in rows if row[0] == one.value], moment, crew) for one in Lane]


def troubles(found: Sequence[Queue]) -> Sequence[Part]:
    """What is not well about them, with what to do."""
    told = []
    for one in found:
        if one.staffed and not one.hands:
            remedy = _("请启动：nianbao worker --lane {lane}（用 nianbao up 启动的，请看日志）。")
            lane = "preview" if one.word == lane_word(Lane.PREVIEW) else "batch"
            told.append(Part(one.word, "bad", _("没有生成进程在工作"), remedy.format(lane=lane)))
        elif one.late:
            remedy = _("请看生成进程是否太忙或停住；可以在别的机器上多开几个。")
            told.append(Part(one.word, "ask", _("最早的已等了{time}").format(time=one.oldest), remedy))
    return told


def lane_word(lane: Lane) -> str:
    """What a lane is called."""
    return {Lane.PREVIEW: _("有人等着的"), Lane.BATCH: _("批次"), Lane.QUARANTINE: _("隔离")}[lane]


def _hand(one: Worker, silent: float, stale: float) -> Hand:
    lane, alive = lane_word(one.lane), silent <= stale
    return Hand(one.host, one.pid, lane, _doing(one.stage), one.started_at, int(silent), alive, about(one.about))


def _doing(stage: Stage | None) -> str:
    return {
        None: _("空闲"),
        Stage.FILL: _("填 Word"),
        Stage.PROVE_WORD: _("核对 Word"),
        Stage.CONVERT: _("转 PDF"),
        Stage.PROVE_PDF: _("核对 PDF"),
        Stage.STORE: _("存放"),
    }[stage]


def _queue(lane: Lane, rows: Sequence[Any], moment: datetime, crew: Sequence[Hand]) -> Queue:
    def count(state: JobState, *, held: bool = False) -> int:
        return sum(row[3] for row in rows if row[1] is state and bool(row[2]) is held)

    waiting = [row[4] for row in rows if row[1] is JobState.QUEUED and not row[2]]
    seconds = int((moment - min(waiting)).total_seconds()) if waiting else 0
    word = lane_word(lane)
    return Queue(
        word,
        count(JobState.QUEUED),
        count(JobState.QUEUED, held=True),
        count(JobState.RUNNING),
        count(JobState.FAILED),
        duration(seconds) if waiting else "",
        seconds > _PATIENCE[lane],
        lane in STAFFED,
        sum(hand.alive and hand.lane == word for hand in crew),
    )


def duration(seconds: int) -> str:
    """5 秒, 3 分钟, 2 小时."""
    if seconds < 60:
        return _("{n} 秒").format(n=seconds)
    if seconds < 3600:
        return _("{n} 分钟").format(n=seconds // 60)
    if seconds < 2 * _A_DAY:
        return _("{n} 小时").format(n=seconds // 3600)
    return _("{n} 天").format(n=seconds // _A_DAY)

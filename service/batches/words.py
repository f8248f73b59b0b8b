"""How the page of a batch says things: outcomes, reasons, stages, times, and what to do about a failure."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.language import _
from service.moves import people
from storage.batches import timetable
from storage.batches.items import Outcome
from storage.making.losses import POISON
from storage.tables import BatchState, Job, Scope, Stage, TemplateVersion


@dataclass(frozen=True, slots=True)
class Mark:
    """An outcome on a tile and in a list: one letter for the wire, a sign, a word, and the look that repeats it."""

    letter: str
    sign: str
    word: str
    look: str


# Asked for when they are shown: each request has a language of its own.
_MARKS: Final[Mapping[Outcome, tuple[str, str, Callable[[], str], str]]] = {
    Outcome.DONE: ("d", "✓", lambda: _("已生成"), "ok"),
    Outcome.REUSED: ("u", "＝", lambda: _("沿用"), "ok"),
    Outcome.FAILED: ("f", "✕", lambda: _("未生成"), "bad"),
    Outcome.RUNNING: ("r", "▸", lambda: _("生成中"), "now"),
    Outcome.WAITING: ("w", "·", lambda: _("等待"), ""),
    Outcome.CANCELLED: ("c", "—", lambda: _("已取消"), "off"),
    Outcome.LEFT_OUT: ("o", "○", lambda: _("不在本批"), "off"),
}
_LEFT_OUT: Final[Mapping[str, Callable[[], str]]] = {
    "not_approved": lambda: _("已报送，尚未审核通过"),
    "returned": lambda: _("已退回，还没有重新报送"),
    "not_sent": lambda: _("正在填报，还没有报送"),
    "not_begun": lambda: _("还没有开始填报"),
    "exempt": lambda: _("本年免报"),
}
_STAGES: Final[Mapping[Stage, Callable[[], str]]] = {
    Stage.FILL: lambda: _("填入模板"),
    Stage.PROVE_WORD: lambda: _("核对 Word"),
    Stage.CONVERT: lambda: _("转换 PDF"),
    Stage.PROVE_PDF: lambda: _("检查 PDF"),
    Stage.STORE: lambda: _("入库"),
}
_SCOPES: Final[Mapping[Scope, Callable[[], str]]] = {
    Scope.APPROVED: lambda: _("审核通过的报告"),
    Scope.SENT: lambda: _("已报送的报告（含尚未审核的）"),
}
_STATES: Final[Mapping[BatchState, tuple[Callable[[], str], str]]] = {
    BatchState.RUNNING: (lambda: _("正在生成"), "now"),
    BatchState.PAUSED: (lambda: _("已暂停"), "ask"),
    BatchState.CANCELLED: (lambda: _("已取消"), ""),
    BatchState.FINISHED: (lambda: _("已完成"), "ok"),
}
_OF_TEMPLATE: Final = frozenset({"template_broken", "template_missing", "word_unsound", "word_lacks_value"})
_OF_MACHINE: Final = frozenset({"office_missing", "font_missing", "fonts_unknown", "disk_full"})
_OF_REPORT: Final = frozenset({"undrawable_character", "answers_unreadable"})


def marks() -> dict[Outcome, Mark]:
    """How each outcome is shown."""
    return {one: Mark(letter, sign, word(), look) for one, (letter, sign, word, look) in _MARKS.items()}


def why_left_out(reason: str) -> str:
    """Why a unit has no documents in a batch."""
    return _LEFT_OUT[reason]() if reason in _LEFT_OUT else reason


def stage_in_words(stage: Stage) -> str:
    """What is being done with a document."""
    return _STAGES[stage]()


def stages_in_words(job: Job) -> list[tuple[str, float]]:
    """How long each stage of a job that is done took."""
    seconds = json.loads(job.seconds or "{}")
    return [(word(), seconds[stage.value]) for stage, word in _STAGES.items() if stage.value in seconds]


def scope_in_words(scope: Scope) -> str:
    """Of which reports documents are made."""
    return _SCOPES[scope]()


def state_in_words(state: BatchState) -> tuple[str, str]:
    """Where a batch stands, and the look that repeats the word."""
    word, look = _STATES[state]
    return word(), look


def seconds_in_words(seconds: float) -> str:
    """About how long: 45 秒, 3 分钟, 1 小时 20 分."""
    if seconds < 58:
        return _("{n} 秒").format(n=max(5, round(seconds / 5) * 5))
    minutes = round(seconds / 60)
    if minutes < 60:
        return _("{n} 分钟").format(n=minutes)
    return _("{hours} 小时 {minutes} 分").format(hours=minutes // 60, minutes=minutes % 60)


def template_in_words(session: Session, version: str) -> str:
    """Which template a batch is made with: the number of one that was handed in, or the one that came with the form."""
    handed_in = select(TemplateVersion.number).where(TemplateVersion.version == version)
    number = session.scalars(handed_in.order_by(TemplateVersion.id.desc()).limit(1)).first()
    return _("模板第 {n} 版").format(n=number) if number else _("模板 {version}").format(version=version[:8])


def starters(session: Session, actors: Iterable[str]) -> dict[str, str]:
    """Who started batches, by the names of the audit trail."""
    known = people(session, actors)
    return {actor: _("按设定自动开始") if actor == timetable.ACTOR else name for actor, name in known.items()}


def took(seconds: float) -> str:
    """How long it was, to the second as long as that matters."""
    if seconds < 60:
        return _("{n} 秒").format(n=round(seconds))
    if seconds < 3600:
        minutes, rest = divmod(round(seconds), 60)
        return _("{minutes} 分 {seconds} 秒").format(minutes=minutes, seconds=rest)
    return seconds_in_words(seconds)


def tried(job: Job) -> str:
    """What was tried before a job was given up."""
    if job.lost_count and job.error_code == POISON:
        return _("制作程序因它中断 {n} 次，最后一次是单独制作的。").format(n=job.lost_count)
    if job.fail_count > 1:
        return _("已自动重试 {n} 次，都没有成功。").format(n=job.fail_count - 1)
    return _("没有自动重试：再试一次结果也一样。")


def to_do(job: Job) -> str:
    """What somebody can do about a failure."""
    if job.error_code in _OF_TEMPLATE:
        return _("请系统管理员改好模板，再另开一批。")
    if job.error_code in _OF_MACHINE:
        return _("请系统管理员处理好服务器，再点“重试”。")
    if job.error_code in _OF_REPORT:
        return _("请退回报告，改好重新报送并审核后再生成。")
    if job.fail_count > 1 or job.error_code == POISON:
        return _("可以再重试一次；仍不成功的，请把任务编号告诉系统管理员。")
    return _("请把任务编号告诉系统管理员，处理好再点“重试”。")


def words() -> dict[str, Any]:
    """What the templates of batches say things with."""
    return {
        "marks": marks(),
        "BatchState": BatchState,
        "Scope": Scope,
        "scope_in_words": scope_in_words,
        "stages_in_words": stages_in_words,
        "state_in_words": state_in_words,
        "why_left_out": why_left_out,
        "tried": tried,
        "to_do": to_do,
    }

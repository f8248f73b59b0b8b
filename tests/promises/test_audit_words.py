"""Every act that the source writes into the audit trail has a word for the auditor who reads it."""

import ast
from collections.abc import Iterator
from pathlib import Path

from reports.states import Move
from service.admin.audit_words import ACTIONS

PROJECT = Path(__file__).resolve().parents[2]
# Written by helpers that put the act together: each with all that it is called with.
PUT_TOGETHER = {
    "report": [move.value for move in Move],
    "template": ["activated", "again", "examined", "tried", "uploaded"],
    "batch": ["started", "paused", "resumed", "cancelled", "retried", "finished"],
}


def written() -> Iterator[str]:
    """The acts that stand in the source as they are."""
    for room in ("storage", "workers", "service"):
        for file in (PROJECT / room).rglob("*.py"):
            for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(call, ast.Call) and ast.unparse(call.func).endswith("record"):
                    yield from (_act(one) for one in call.args if _act(one))


def _act(argument: ast.expr) -> str:
    said = argument.value if isinstance(argument, ast.Constant) else ""
    is_act = isinstance(said, str) and said.count(".") == 1 and said.replace(".", "").replace("_", "").isalpha()
    return said if is_act else ""


def test_every_act_has_a_word() -> None:
    acts = {*written(), *(f"{group}.{act}" for group, named in PUT_TOGETHER.items() for act in named)}
    assert len(acts) > 30
    assert sorted(acts - ACTIONS.keys()) == []

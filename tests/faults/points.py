"""Every step of a process that a crash may come before or after: commit, write, sync, rename, removal, publish."""

import functools
import os
import shutil
import stat
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from storage.files import DocumentFiles
from storage.filing import submissions
from storage.making import dispatch, jobs, losses, presence
from tests.faults.guards import replace
from workers.queue import JobQueue

# Who writes in a transaction gives its name to the commit.
ACTS = (
    (jobs, "claim"),
    (jobs, "finish"),
    (jobs, "fail"),
    (presence, "arrive"),
    (presence, "leave"),
    (losses, "take_back_stale"),
    (dispatch, "mark_published"),
    (submissions, "submit"),
)


class Points:
    """The points that this process passes; at the chosen one, something happens."""

    def __init__(self, at: str, happens: Callable[[], None]) -> None:
        self.passed: list[str] = []
        self._at, self._happens = at, happens
        self._counted = Counter[str]()

    def reach(self, step: str) -> None:
        self._counted[step] += 1
        label = step if self._counted[step] == 1 else f"{step} ({self._counted[step]})"
        self.passed.append(label)
        if label == self._at:
            self._happens()

    def install(self) -> None:
        """Stand at every step from now on."""
        for module, name in ACTS:
            replace(module, name, _named(getattr(module, name), name))
        event.listen(Session, "before_commit", functools.partial(self._commit, "before"))
        event.listen(Session, "after_commit", functools.partial(self._commit, "after"))
        self._around(shutil, "copyfileobj", lambda *_: "write")
        self._around(os, "fsync", lambda handle: f"fsync of a {_kind(handle)}")
        self._around(Path, "rename", lambda *_: "rename")
        self._around(DocumentFiles, "discard_earlier", lambda *_: "removal of earlier files")
        self._around(JobQueue, "tell", lambda *_: "publish")

    def _commit(self, when: str, session: Session) -> None:
        # Also sent for a savepoint, when nothing is committed yet; and for transactions that only read.
        if "act" in session.info and not session.in_nested_transaction():
            self.reach(f"{when} commit of {session.info['act']}")

    def _around(self, owner: Any, name: str, step: Callable[..., str]) -> None:
        real = getattr(owner, name)

        @functools.wraps(real)
        def wrapped(*given: Any, **named: Any) -> Any:
            called = step(*given)
            self.reach(f"before {called}")
            result = real(*given, **named)
            self.reach(f"after {called}")
            return result

        replace(owner, name, wrapped)


def _named(real: Callable[..., Any], name: str) -> Callable[..., Any]:
    @functools.wraps(real)
    def wrapped(session: Session, *given: Any, **named: Any) -> Any:
        session.info["act"] = name
        return real(session, *given, **named)

    return wrapped


def _kind(handle: int) -> str:
    return "folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file"

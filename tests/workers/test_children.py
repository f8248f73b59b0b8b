"""The only place that starts processes: a child has limits, and nothing of it outlives its parent."""

import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from workers import children
from workers.children import MEBIBYTE, Limits

PROJECT = Path(__file__).parents[2]
ENV = {"PATH": "/usr/bin:/bin"}
PATIENT = Limits(seconds=60)


def run(script: str, folder: Path, limits: Limits = PATIENT, env: dict[str, str] = ENV) -> children.Finished:
    return children.run(["sh", "-c", script], cwd=folder, env=env, limits=limits)


def alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        # Gone before it was looked up, or while it was.
        return False


def wait_until(ready: Callable[[], bool]) -> None:
    patience = time.monotonic() + 120
    while not ready():
        if time.monotonic() > patience:
            pytest.fail("it never came to pass")
        time.sleep(0.05)


def test_what_a_child_said_and_how_it_ended_is_known(tmp_path: Path) -> None:
    finished = run("echo 你好; echo 不行 >&2; exit 3", tmp_path)
    assert (finished.out, finished.err, finished.code, finished.timed_out) == ("你好\n", "不行\n", 3, False)
    assert str(finished) == "ended with 3, saying 不行"


def test_a_child_knows_nothing_that_it_was_not_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIANBAO_SECRET_KEY", "canary")
    finished = run("env; pwd; cat", tmp_path, env={**ENV, "TZ": "Asia/Shanghai"})
    said = set(finished.out.splitlines())
    assert {"TZ=Asia/Shanghai", str(tmp_path)} <= said
    assert "canary" not in finished.out


def test_a_child_that_hangs_is_killed_with_its_own_children(tmp_path: Path) -> None:
    # On a busy machine it needs longer to come to the point where it hangs.
    for seconds in (0.3, 3, 30):
        finished = run("sleep 1000 & echo $!; sleep 1000", tmp_path, Limits(seconds))
        assert finished.timed_out
        if finished.out:
            break
    wait_until(lambda: not alive(int(finished.out)))


def test_what_a_child_leaves_running_is_killed_when_it_ends(tmp_path: Path) -> None:
    finished = run("sleep 1000 & echo $!", tmp_path)
    assert finished.code == 0
    wait_until(lambda: not alive(int(finished.out)))


def test_a_child_that_wants_too_much_memory_fails_alone(tmp_path: Path) -> None:
    greedy = ["/usr/bin/python3", "-c", "bytearray(1 << 30)"]
    limits = Limits(seconds=60, memory=512 * MEBIBYTE)
    finished = children.run(greedy, cwd=tmp_path, env=ENV, limits=limits)
    assert "MemoryError" in finished.err
    assert children.run(greedy, cwd=tmp_path, env=ENV, limits=PATIENT).code == 0


def test_a_child_cannot_fill_the_disk_with_one_file(tmp_path: Path) -> None:
    finished = run("head -c 3000000 /dev/zero > big", tmp_path, Limits(seconds=60, file_size=MEBIBYTE))
    assert finished.code != 0
    assert (tmp_path / "big").stat().st_size == MEBIBYTE


def test_an_interruption_leaves_no_child_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_seconds: float) -> None:
        if (tmp_path / "pid").exists():
            raise KeyboardInterrupt

    monkeypatch.setattr(children.time, "sleep", interrupt)
    with pytest.raises(KeyboardInterrupt):
        run("echo $$ > pid.new; mv pid.new pid; sleep 1000", tmp_path)
    assert not alive(int((tmp_path / "pid").read_text()))


@pytest.mark.parametrize(("guard", "dies"), [("setpriv --pdeathsig KILL --", True), ("", False)])
def test_a_child_dies_with_a_parent_that_is_killed_and_only_because_of_the_guard(
    guard: str, dies: bool, tmp_path: Path
) -> None:
    assert children.DIES_WITH_PARENT == ("setpriv", "--pdeathsig", "KILL", "--")
    program = f"""
from pathlib import Path
from workers import children
children.DIES_WITH_PARENT = tuple({guard!r}.split())
script = "echo $$ > pid.new; mv pid.new pid; exec sleep 1000"
children.run(["sh", "-c", script], cwd=Path({str(tmp_path)!r}), env={ENV!r}, limits=children.Limits(1000))
"""
    parent = subprocess.Popen([sys.executable, "-c", program], cwd=PROJECT)
    wait_until((tmp_path / "pid").exists)
    child = int((tmp_path / "pid").read_text())
    parent.kill()
    parent.wait()
    if dies:
        wait_until(lambda: not alive(child))
    else:
        assert alive(child)
        os.kill(child, signal.SIGKILL)


# --- A child that is spoken to ---------------------------------------------------------------------------

LASTING = Limits(seconds=math.inf)


def spoken_to(script: str, folder: Path) -> children.Conversation:
    return children.Conversation(["sh", "-c", script], cwd=folder, env=ENV, limits=LASTING)


def soon(seconds: float = 60) -> float:
    return time.monotonic() + seconds


def test_a_child_that_is_spoken_to_answers_line_by_line_and_byte_by_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(children, "_LAST_WORDS", 60)
    child = spoken_to("while read word; do echo 听到 $word; printf 12345678; done; echo 完 >&2; exit 3", tmp_path)
    for word in ("一", "二"):
        child.say(f"{word}\n".encode(), soon())
        assert child.hear_line(soon()).decode() == f"听到 {word}"
        assert (child.hear(3, soon()), child.hear(5, soon())) == (b"123", b"45678")
    assert not child.is_over
    assert str(child.end()) == "ended with 3, saying 完"


def test_a_long_speech_arrives_whole(tmp_path: Path) -> None:
    child = spoken_to("head -c 3000000 | wc -c; cat >/dev/null", tmp_path)
    child.say(b"x" * 3000000, soon())
    assert child.hear_line(soon()).strip() == b"3000000"
    child.end()


@pytest.mark.parametrize("words", [b"", b"x" * 1000000], ids=["silent", "deaf"])
def test_a_child_that_does_not_listen_or_answer_is_given_up_when_its_time_is_up(words: bytes, tmp_path: Path) -> None:
    child = spoken_to("sleep 1000 & echo $!; exec sleep 1000", tmp_path)
    started = int(child.hear_line(soon()))
    with pytest.raises(children.Unanswered) as caught:
        child.say(words, soon(0.3))
        child.hear_line(soon(0.3))
    assert caught.value.timed_out
    assert child.end(timed_out=True).timed_out
    wait_until(lambda: not alive(started))


def test_a_child_that_is_gone_is_said_to_be(tmp_path: Path) -> None:
    child = spoken_to("exit 7", tmp_path)
    wait_until(lambda: child.is_over)
    for attempt in (lambda: child.say(b"x", soon()), lambda: child.hear_line(soon())):
        with pytest.raises(children.Unanswered) as caught:
            attempt()
        assert not caught.value.timed_out
    assert child.end().code == 7


def test_a_line_without_an_end_is_not_listened_to_for_ever(tmp_path: Path) -> None:
    child = spoken_to("exec tr '\\0' x </dev/zero", tmp_path)
    assert len(child.hear_line(soon())) < 4 * MEBIBYTE
    child.end(timed_out=True)

"""Seconds of processor are counted for a process with all that it started, the buried included."""

from tests.bench.spent import family, ticks_below

# /proc/PID/stat: pid (name) state parent … utime stime, and both again of the children that were waited for.
LINE = "{pid} ({name}) S {parent} 1 1 0 -1 4194560 1 0 0 0 {utime} {stime} {cutime} {cstime} 20 0 1 0 100 0 0"


def stat(pid: int, parent: int, *ticks: int, name: str = "python") -> str:
    utime, stime, cutime, cstime = ticks
    return LINE.format(pid=pid, name=name, parent=parent, utime=utime, stime=stime, cutime=cutime, cstime=cstime)


def test_a_process_counts_with_its_descendants_and_without_others() -> None:
    stats = {
        10: stat(10, 1, 1, 2, 3, 4),
        11: stat(11, 10, 10, 0, 0, 0),
        12: stat(12, 11, 100, 0, 0, 0),
        13: stat(13, 1, 1000, 0, 0, 0),
    }
    assert ticks_below(10, stats) == 120


def test_a_name_with_blanks_and_brackets_is_no_obstacle() -> None:
    assert ticks_below(10, {10: stat(10, 1, 1, 2, 3, 4, name="a (b) c")}) == 10


def test_a_family_is_everybody_below_in_any_order() -> None:
    assert family(1, {1: 0, 4: 3, 3: 2, 2: 1, 9: 8}) == {1, 2, 3, 4}


def test_who_is_gone_has_no_family() -> None:
    assert family(7, {1: 0, 2: 1}) == set()

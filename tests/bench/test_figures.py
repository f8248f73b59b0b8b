"""How figures come from what was measured: by blocks, so that one disturbed block does not decide."""

import pytest

from tests.bench.figures import Row, compared, costs, growth, table, whole
from tests.bench.spent import Spent


def block(wall: float, cpu: float = 1.0, documents: int = 10) -> Spent:
    return Spent(documents, wall, cpu, machine=cpu)


def test_a_ratio_is_the_median_of_the_blocks_with_the_slowest_and_the_fastest_beside_it() -> None:
    ours, theirs = [block(1), block(1), block(10)], [block(2), block(3), block(4)]
    figures = compared("ours_vs_theirs", ours, theirs)
    assert figures["ours_vs_theirs"] == 2
    assert (figures["ours_vs_theirs_least"], figures["ours_vs_theirs_most"]) == (0.4, 3)
    assert figures["ours_vs_theirs_whole"] == pytest.approx(9 / 12)


def test_a_ratio_is_of_documents_however_many_each_has_made() -> None:
    assert compared("ratio", [block(4, documents=40)], [block(1, documents=5)])["ratio"] == 2


def test_processor_seconds_are_compared_as_well() -> None:
    assert compared("ratio", [block(1, cpu=4)], [block(1, cpu=3)])["ratio_cpu"] == 0.75


def test_costs_are_milliseconds_a_document() -> None:
    assert costs("fill", [block(2, cpu=1)]) == {"fill_ms": 200, "fill_cpu_ms": 100}


def test_many_blocks_are_added_up_as_one() -> None:
    total = whole([block(1, cpu=2), block(3, cpu=4, documents=30)])
    assert (total.documents, total.wall, total.cpu) == (40, 4, 6)


def test_what_others_used_is_what_the_machine_did_without_us() -> None:
    assert Spent(1, wall=2, cpu=1, machine=4).others == 1.5


def test_a_saw_that_goes_up_and_down_does_not_grow() -> None:
    saw = [(done, float(done % 100)) for done in range(1000)]
    assert growth(saw, 200) == pytest.approx(0)


def test_a_saw_that_climbs_grows() -> None:
    saw = [(done, done % 100 + done / 10) for done in range(1000)]
    assert growth(saw, 200) == pytest.approx(40, abs=1)


ROWS = (Row("pace_ms", "Pace", "ms", at_most=20), Row("ratio", "Ratio", "×", at_least=0.8), Row("absent", "Absent"))


def test_the_table_has_ratios_first_and_leaves_out_what_was_not_measured() -> None:
    first, second = list(table(ROWS, {"pace_ms": 3.0, "ratio": 0.9}))[2:]
    assert first == "| Ratio | 0.90 × | ≥ 0.8 | reached |"
    assert second == "| Pace | 3.00 ms | ≤ 20 | reached |"


def test_the_table_says_what_was_missed() -> None:
    assert list(table(ROWS, {"ratio": 0.79}))[2] == "| Ratio | 0.79 × | ≥ 0.8 | **missed** |"


def test_the_table_shows_how_far_the_blocks_lie_apart() -> None:
    figures = compared("ratio", [block(1), block(1)], [block(1), block(2)])
    assert "(blocks 1.00 to 2.00; all as one 1.50; by processor 1.00)" in list(table(ROWS, figures))[2]

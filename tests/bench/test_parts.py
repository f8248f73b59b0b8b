"""What the bench promises to tell."""

from tests.bench.parts import PARTS

PROMISED = {
    "batch_vs_limit",
    "batch_vs_oneshot",
    "batch_vs_unoserver",
    "fill_ms",
    "fill_plain_ms",
    "scaling_2",
    "check_ms",
    "rss_growth_mb",
    "office_rss_mb",
}


def keys() -> list[str]:
    return [row.key for part in PARTS.values() for row in part.rows]


def test_every_figure_that_was_promised_has_its_line() -> None:
    assert set(keys()) >= PROMISED


def test_no_two_parts_use_the_same_key() -> None:
    assert len(keys()) == len(set(keys()))

"""What is typed becomes a plain number where that is certain, and stays as it is where it is not."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.typed import SPACES, plain_number

# The browser's own numbers.js is tested with the same cases.
CASES = json.loads((Path(__file__).parents[1] / "cases/typed.json").read_text(encoding="utf-8"))
FULL_WIDTH = str.maketrans("0123456789.,", "０１２３４５６７８９．，")


@pytest.mark.parametrize(("typed", "plain"), [(case["typed"], case["plain"]) for case in CASES], ids=ascii)
def test_what_is_typed_becomes_plain(typed: str, plain: str) -> None:
    assert plain_number(typed) == plain


@given(st.text())
def test_what_is_plain_already_stays(raw: str) -> None:
    assert plain_number(plain_number(raw)) == plain_number(raw)


@given(st.integers(0, 10**12 - 1), st.sampled_from(["", "件", " 个", "条", "万元"]), st.text(SPACES), st.booleans())
def test_a_number_keeps_its_value_however_it_is_dressed(number: int, measure: str, around: str, wide: bool) -> None:
    written = f"{number:,}".translate(FULL_WIDTH) if wide else f"{number:,}"
    assert plain_number(f"{around}{written}{measure}{around}") == str(number)


@given(st.text("0123456789,. ０９件元-", max_size=8))
def test_no_digit_is_added_lost_or_moved(raw: str) -> None:
    plain = plain_number(raw)
    if plain != raw:
        digits = raw.translate(str.maketrans("０９", "09"))
        assert [one for one in plain if one.isdigit()] == [one for one in digits if one.isdigit()]

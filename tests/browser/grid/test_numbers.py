"""What is typed is read in the browser as on the server, and added up digit for digit."""

import json
from decimal import Decimal
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.kinds import KINDS, NotAFigure
from reports.typed import plain_number

CASES = json.loads((Path(__file__).parents[2] / "cases" / "typed.json").read_text(encoding="utf-8"))

CALL = """async ([module, name, lists]) => {
  const found = await import(`/static/form/${module}`);
  return lists.map((given) => found[name](...given));
}"""


def called(page, name, lists, module="numbers.js"):
    """What a function of a module answers to each list of arguments."""
    return page.evaluate(CALL, [module, name, lists])


def test_what_is_typed_becomes_plain(new_page, static_site):
    page = new_page(static_site.origin, "/empty")
    read = called(page, "plainNumber", [[case["typed"]] for case in CASES])
    assert read == [case["plain"] for case in CASES]


def test_browser_and_server_read_alike_whatever_is_typed(new_page, static_site):
    page = new_page(static_site.origin, "/empty")
    letters = st.text("0123456789０９,，. 　．件元万个条-—无（）\u00a0\u200b\t", max_size=12)

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(letters, min_size=50, max_size=50))
    def same(typed):
        assert called(page, "plainNumber", [[one] for one in typed]) == [plain_number(one) for one in typed]

    same()


def test_an_amount_is_what_a_cell_of_money_takes(new_page, static_site):
    page = new_page(static_site.origin, "/empty")
    literals = [
        "0",
        "12",
        "0.5",
        "59237.2449",
        "999999999999.123456",
        "1234567890123",
        "1.1234567",
        "007",
        "",
        "-1",
        "1.",
    ]
    assert called(page, "isAmount", [[one] for one in literals]) == [money(one) for one in literals]


def money(literal):
    try:
        KINDS["ten_thousand_yuan"].read(literal)
    except NotAFigure:
        return False
    return True


def test_money_is_added_up_digit_for_digit(new_page, static_site):
    page = new_page(static_site.origin, "/empty")
    lists = [["0.1", "0.2"], ["12.50", "1"], ["999999999999.999999", "0.000001"], ["3", "4"], []]
    sums = called(page, "sum", [[one] for one in lists])
    assert sums == [format(sum((Decimal(part) for part in one), Decimal(0)), "f") for one in lists]


def test_the_same_amount_may_be_written_with_more_decimals(new_page, static_site):
    page = new_page(static_site.origin, "/empty")
    pairs = [["12.5", "12.50"], ["12", "12.000"], ["12", "12.000001"], ["12", "无"], ["", ""]]
    assert called(page, "sameAmount", pairs) == [True, True, False, False, False]


def test_a_note_in_brackets_is_told_from_its_figure(new_page, static_site):
    page = new_page(static_site.origin, "/empty")
    typed = ["22（其中修订16件）", "2,200 件(含 3 件)", "22", "（其中修订16件）", "二十二（略）", "22（）"]
    assert [(one["value"], one["note"]) for one in called(page, "apart", [[one] for one in typed])] == [
        ("22", "其中修订16件"),
        ("2200", "含 3 件"),
        ("22", ""),
        ("（其中修订16件）", ""),
        ("二十二（略）", ""),
        ("22（）", ""),
    ]

"""Rows of texts from what programs put on the clipboard, and back."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.browser.grid.test_numbers import called


@pytest.fixture
def page(new_page, static_site):
    return new_page(static_site.origin, "/empty")


def parsed(page, text):
    return called(page, "parseTsv", [[text]], "clipboard.js")[0]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("1\t2\r\n3\t4\r\n", [["1", "2"], ["3", "4"]]),
        ("1\n2\n", [["1"], ["2"]]),
        ("1\r2", [["1"], ["2"]]),
        ("1\t\t3", [["1", "", "3"]]),
        ('"商业\n企业"\t2\r\n', [["商业\n企业", "2"]]),
        ('"他说""好"""\t2', [['他说"好"', "2"]]),
        ('"未完\t2', [['"未完', "2"]]),
        ('5" 管\t2', [['5" 管', "2"]]),
        ("\n\n7", [[""], [""], ["7"]]),
        ("", [[]]),
    ],
)
def test_tab_separated_values_are_read_as_excel_writes_them(page, text, rows):
    assert parsed(page, text) == rows


def test_what_is_printed_is_read_again(page):
    cells = st.text('ab1\t\n" ，（', max_size=5)
    tables = st.integers(1, 4).flatmap(
        lambda width: st.lists(st.lists(cells, min_size=width, max_size=width), min_size=1)
    )

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(tables, min_size=20, max_size=20))
    def same(several):
        # A cell beyond the last may be blank, and then nobody can see it.
        several = [[[*row, "."] for row in rows] for rows in several]
        printed = called(page, "printTsv", [[rows] for rows in several], "clipboard.js")
        assert called(page, "parseTsv", [[text] for text in printed], "clipboard.js") == several

    same()


@pytest.mark.parametrize(
    ("html", "rows"),
    [
        ("<table><tr><td rowspan=2>甲</td><td>1</td></tr><tr><td>2</td></tr></table>", [["甲", "1"], ["", "2"]]),
        ("<table><tr><td colspan=2>甲</td><td>1</td></tr></table>", [["甲", "", "1"]]),
        ("<table><tr><td>12<br>13</td></tr></table>", [["12\n13"]]),
        ("<table><tr><td><p>12</p><p>13</p></td></tr></table>", [["12\n13"]]),
        ("<table><tr><td>\n  1&nbsp;234\n </td></tr></table>", [["1\u00a0234"]]),
        ("<table><tr><td>1</td></tr></table><p>另</p><table><tr><td>2</td></tr></table>", [["1"], ["2"]]),
        ("<table><tr><td><table><tr><td>1</td></tr></table></td></tr></table>", [["1"]]),
        ("<table><tr><td rowspan=9>甲</td></tr></table>", [["甲"]]),
        ("<p>1</p>", []),
    ],
)
def test_tables_are_read_with_every_merged_cell_in_its_place(page, html, rows):
    assert called(page, "tableRows", [[html]], "clipboard.js") == [rows]


def test_a_table_that_claims_to_be_endless_is_cut(page):
    [[row]] = called(page, "tableRows", [["<table><tr><td colspan=999999999>1</td></tr></table>"]], "clipboard.js")
    assert len(row) <= 1000


def test_looks_and_scripts_of_what_was_copied_do_nothing(page):
    html = (
        "<style>td { color: red }</style><script>window.ran = 1</script>"
        "<table><tr><td style='color: red' onclick='window.ran = 1'>1<img src=x onerror='window.ran = 1'></table>"
    )
    assert called(page, "tableRows", [[html]], "clipboard.js") == [[["1"]]]
    assert page.evaluate("window.ran") is None

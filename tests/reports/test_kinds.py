"""A figure is read digit for digit, or refused with a reason and a remedy."""

from decimal import Decimal

import pytest

from reports.kinds import KINDS, NotAFigure, plain
from tests.people import shown

COUNT, MONEY = KINDS["count"], KINDS["ten_thousand_yuan"]

READ = [
    (COUNT, 0, 0),
    (COUNT, "0", 0),
    (COUNT, 12, 12),
    (COUNT, "12", 12),
    (COUNT, Decimal(12), 12),
    (COUNT, 11_398_889, 11_398_889),
    (COUNT, "999999999999", 999_999_999_999),
    (MONEY, 0, Decimal(0)),
    (MONEY, "59237.2449", Decimal("59237.2449")),
    (MONEY, Decimal("59237.2449"), Decimal("59237.2449")),
    (MONEY, "2.50", Decimal("2.50")),
    (MONEY, "0.000001", Decimal("0.000001")),
    (MONEY, 316441, Decimal(316441)),
]

EMPTY = "没有填写"
NOT_A_NUMBER = "不是数"
NEGATIVE = "是负数"
UNUSUAL = "不是普通写法的数"
REFUSED = [
    (COUNT, None, EMPTY),
    (COUNT, "", EMPTY),
    (COUNT, "  ", EMPTY),
    (COUNT, True, NOT_A_NUMBER),
    (COUNT, [], NOT_A_NUMBER),
    (COUNT, {}, NOT_A_NUMBER),
    (COUNT, 3.0, NOT_A_NUMBER),
    (COUNT, "—", NOT_A_NUMBER),
    (COUNT, "/", NOT_A_NUMBER),
    (COUNT, "无", NOT_A_NUMBER),
    (COUNT, "没有", NOT_A_NUMBER),
    (COUNT, "N/A", NOT_A_NUMBER),
    (COUNT, "一百", NOT_A_NUMBER),
    (COUNT, "12件", NOT_A_NUMBER),
    (COUNT, "NaN", NOT_A_NUMBER),
    (COUNT, Decimal("NaN"), NOT_A_NUMBER),
    (COUNT, Decimal("Infinity"), NOT_A_NUMBER),
    (COUNT, "٣", NOT_A_NUMBER),
    (COUNT, "0x10", NOT_A_NUMBER),
    (COUNT, -3, NEGATIVE),
    (COUNT, "-3", NEGATIVE),
    (COUNT, "－３", NEGATIVE),
    (COUNT, "−3", NEGATIVE),
    (COUNT, "-0", NEGATIVE),
    (MONEY, "-0.5", NEGATIVE),
    (COUNT, "007", UNUSUAL),
    (COUNT, "1,234", UNUSUAL),
    (COUNT, "1，234", UNUSUAL),
    (COUNT, "１２", UNUSUAL),
    (COUNT, "1 234", UNUSUAL),
    (COUNT, "+5", UNUSUAL),
    (COUNT, "1e9999", UNUSUAL),
    (COUNT, "1E-7", UNUSUAL),
    (COUNT, Decimal("1e3"), UNUSUAL),
    (MONEY, ".5", UNUSUAL),
    (MONEY, "5.", UNUSUAL),
    (MONEY, "1.2.3", UNUSUAL),
    (COUNT, "12 ", "前后有空格"),
    (COUNT, "12\n", "前后有空格"),
    (COUNT, "\u300012", "前后有空格"),
    (COUNT, "22（其中修订16件）", "不只是数"),
    (COUNT, "22(16)", "不只是数"),
    (COUNT, 3.5, NOT_A_NUMBER),
    (COUNT, "3.5", "不是整数"),
    (COUNT, "3.0", "不是整数"),
    (COUNT, Decimal("3.5"), "不是整数"),
    (COUNT, "1" + "0" * 12, "数过大"),
    (COUNT, "9" * 300, "数过大"),
    (COUNT, 10**300, "数过大"),
    (MONEY, "1" + "0" * 12 + ".5", "数过大"),
    (MONEY, "0.0000001", "小数有 7 位"),
]


@pytest.mark.parametrize(("kind", "typed", "figure"), READ, ids=shown)
def test_a_figure_written_as_it_is_printed_is_read(kind, typed, figure):
    assert kind.read(typed) == figure


@pytest.mark.parametrize(("kind", "typed", "figure"), READ, ids=shown)
def test_a_figure_is_printed_as_it_was_written(kind, typed, figure):
    assert plain(kind.read(typed)) == str(typed)


@pytest.mark.parametrize("typed", [0, "7", "59237.2449"])
def test_money_is_never_a_binary_fraction(typed):
    assert type(MONEY.read(typed)) is Decimal


def test_a_count_is_an_int():
    assert type(COUNT.read("7")) is int


@pytest.mark.parametrize(("kind", "typed", "reason"), REFUSED, ids=shown)
def test_anything_else_is_refused_with_a_reason_and_a_remedy(kind, typed, reason):
    with pytest.raises(NotAFigure) as refused:
        kind.read(typed)
    assert reason in refused.value.refusal.reason
    assert refused.value.refusal.remedy


def test_an_int_too_long_to_be_written_out_is_refused_like_any_other():
    with pytest.raises(NotAFigure, match="数过大"):
        COUNT.read(10**5000)


def test_what_is_not_typed_is_answered_with_zero_as_the_remedy():
    for typed in (None, "", "/", "-", "—", "无", "〇"):
        with pytest.raises(NotAFigure) as refused:
            COUNT.read(typed)
        assert refused.value.refusal.remedy == "没有发生的填 0"


@pytest.mark.parametrize(("number", "printed"), [("1E+3", "1000"), ("0E-7", "0.0000000"), ("2.50", "2.50")])
def test_a_sum_of_money_is_printed_without_an_exponent(number, printed):
    assert plain(Decimal(number)) == printed


def test_a_figure_with_a_remark_is_told_where_remarks_go():
    with pytest.raises(NotAFigure, match="格内只填 22，括号里的话写成格内说明"):
        COUNT.read("22（其中修订16件）")


@pytest.mark.parametrize("typed", ["9" * 100_000, "话" * 100_000, "\u202e\ud800\x00", "12\u202e件"], ids=shown)
def test_a_refusal_quotes_little_and_nothing_that_harms(typed):
    with pytest.raises(NotAFigure) as refused:
        COUNT.read(typed)
    said = str(refused.value)
    assert len(said) < 120
    assert said.isprintable()

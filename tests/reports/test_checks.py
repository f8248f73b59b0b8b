"""Every rule: a good report gives nothing, one planted fault gives exactly that rule, on the right cell."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.checks import NotComparable, check
from reports.definition import Severity
from reports.findings import blocks
from tests.people import COLUMNS, LANJIANG, annual, but, nil_return, ordinary_report, read

DOCUMENTS = "article_20_1.normative_documents"
REGULATIONS = "article_20_1.regulations"
GOOD, LAST_YEAR = ordinary_report(), but(ordinary_report(year=2023), cells={f"{DOCUMENTS}.in_force": 7})


def found(document, previous=None):
    """What is found in a report: (rule, the cell to look at first, left, right)."""
    findings = check(read(document), read(previous) if previous else None)
    return [(one.rule, one.cells[0], one.left, one.right) for one in findings]


# --- good reports ---


@pytest.mark.parametrize("document", [GOOD, nil_return(), nil_return(LANJIANG)])
def test_a_good_report_gives_nothing(document):
    assert found(document) == []


def test_a_good_report_that_goes_on_from_last_years_gives_nothing():
    assert found(GOOD, LAST_YEAR) == []


# --- one fault, one rule ---

# What is typed wrong → what is found: rule, the cell to look at first, both sides.
FAULTS = {
    "H1: one request counted under another result moves two rows": (
        {"requests.results.granted.natural_person": 8, "requests.results.partial.natural_person": 0},
        [("H1", "requests.results.granted.total", 9, 10), ("H1", "requests.results.partial.total", 2, 1)],
    ),
    "H1: one request counted for another applicant moves no row": (
        {"requests.received.natural_person": 11, "requests.received.legal_person.company": 4}
        | {"requests.results.granted.natural_person": 6, "requests.results.granted.legal_person.company": 3}
        | {"requests.results.total.natural_person": 11, "requests.results.total.legal_person.company": 4},
        [],
    ),
    "H2: the totals of the results are one too high, and one more was received": (
        {"requests.received.natural_person": 13, "requests.received.total": 17}
        | {"requests.results.total.natural_person": 13, "requests.results.total.total": 17},
        [
            ("H2", "requests.results.total.natural_person", 13, 12),
            ("H2", "requests.results.total.total", 17, 16),
        ],
    ),
    "H3: one request was received and never seen again": (
        {"requests.received.natural_person": 13, "requests.received.total": 17},
        [("H3", "requests.received.natural_person", 14, 13), ("H3", "requests.received.total", 18, 17)],
    ),
    "H4: a review too many in the total": (
        {"disputes.cases.review.total": 2},
        [("H4", "disputes.cases.review.total", 2, 1)],
    ),
    "H4: a case in court without a total": (
        {"disputes.cases.litigation.direct.upheld": 5},
        [("H4", "disputes.cases.litigation.direct.total", 0, 5)],
    ),
    "H4: a pending case counted twice": (
        {"disputes.cases.litigation.after_review.pending": 2},
        [("H4", "disputes.cases.litigation.after_review.total", 1, 2)],
    ),
    "H5: a blank": ({"article_20_5.licences.handled": None}, [("H5", "article_20_5.licences.handled", None, None)]),
    "H5: a stroke": ({"article_20_6.penalties.handled": "/"}, [("H5", "article_20_6.penalties.handled", None, None)]),
    "H5: less than nothing": ({"article_20_8.fees.charged": -1}, [("H5", "article_20_8.fees.charged", None, None)]),
    "H5: half a document": ({f"{DOCUMENTS}.issued": 3.5}, [("H5", f"{DOCUMENTS}.issued", None, None)]),
    "H5: a blank total makes no sum wrong": (
        {"disputes.cases.review.total": ""},
        [("H5", "disputes.cases.review.total", None, None)],
    ),
    "X3: more issued this year than are in force": (
        {f"{DOCUMENTS}.in_force": 1},
        [("X3", f"{DOCUMENTS}.in_force", 1, 2)],
    ),
    "N5: a county bureau with a regulation": (
        {f"{REGULATIONS}.in_force": 1},
        [("N5", f"{REGULATIONS}.in_force", 1, 0)],
    ),
}


@pytest.mark.parametrize(("cells", "findings"), FAULTS.values(), ids=list(FAULTS))
def test_a_planted_fault_gives_exactly_its_rule(cells, findings):
    assert found(but(GOOD, cells=cells)) == findings


@pytest.mark.parametrize("name", annual().texts)
@pytest.mark.parametrize("typed", ["", "  \n\u3000", "\u200b", None])
def test_an_empty_text_gives_h6(name, typed):
    assert found(but(GOOD, texts={name: typed})) == [("H6", name, None, None)]


@pytest.mark.parametrize("name", annual().texts)
def test_a_missing_text_gives_h6(name):
    texts = {one: text for one, text in GOOD["texts"].items() if one != name}
    assert found(GOOD | {"texts": texts}) == [("H6", name, None, None)]


@pytest.mark.parametrize("name", annual().cells)
def test_a_missing_figure_gives_h5_and_nothing_else(name):
    cells = {one: figure for one, figure in GOOD["cells"].items() if one != name}
    assert found(GOOD | {"cells": cells}) == [("H5", name, None, None)]


def test_a_long_overview_gives_n9():
    # The other four texts of the overview have 98 characters.
    assert found(but(GOOD, texts={"overview.proactive": "长" * 907})) == []
    [(rule, name, long, at_most)] = found(but(GOOD, texts={"overview.proactive": "长" * 908}))
    assert (rule, name, long, at_most) == ("N9", "overview.proactive", 1001, 1000)


def test_last_years_open_requests_must_come_in_again():
    last = but(
        LAST_YEAR, cells={"requests.carried_out.legal_person.company": 2, "requests.received.legal_person.company": 5}
    )
    [finding] = found(GOOD, last)
    assert finding == ("X1", "requests.carried_in.legal_person.company", 0, 2)


def test_what_is_in_force_must_follow_from_last_year():
    last = but(LAST_YEAR, cells={f"{DOCUMENTS}.in_force": 8})
    assert found(GOOD, last) == [("X2", f"{DOCUMENTS}.in_force", 9, 10)]


def test_a_figure_that_last_year_left_blank_is_compared_with_nothing():
    last = but(LAST_YEAR, cells={f"{DOCUMENTS}.in_force": None, "requests.carried_out.natural_person": "/"})
    assert found(GOOD, last) == []


def test_without_last_years_report_nothing_is_compared_with_it():
    rules = {rule for rule, *_ in found(but(GOOD, cells={"requests.carried_in.natural_person": 500}))}
    assert rules == {"H1", "H3"}


# --- who must do what ---

SEVERITIES = {
    Severity.ERROR: {"H1", "H2", "H3", "H4", "H5", "H6"},
    Severity.EXPLAIN: {"X1", "X2", "X3"},
    Severity.HINT: {"N5", "N9"},
}


def test_only_errors_block():
    spoilt = but(
        GOOD,
        cells={"requests.received.total": 99, "requests.results.total.total": 0, "disputes.cases.review.total": 9}
        | {f"{DOCUMENTS}.in_force": 1, f"{REGULATIONS}.issued": 1, f"{REGULATIONS}.in_force": 1}
        | {"article_20_5.licences.handled": None, "requests.carried_in.natural_person": 7},
        texts={"problems.found": "", "overview.proactive": "长" * 2000},
    )
    findings = check(read(spoilt), read(LAST_YEAR))
    for severity, rules in SEVERITIES.items():
        of_kind = [one for one in findings if one.severity is severity]
        assert {one.rule for one in of_kind} == rules
        assert blocks(of_kind) == (severity is Severity.ERROR)


# --- who is concerned ---

MAKE_REGULATIONS = [
    "澜江市",
    "澜江市人民政府",
    "江苏省",
    "江苏省人民政府",
    "上海市人民政府",
    "广西壮族自治区",
    "新疆维吾尔自治区人民政府",
    "延边朝鲜族自治州人民政府",
    "恩施州政府",
    "宿迁市政府",
    "教育部",
    "中华人民共和国交通运输部",
    "国务院国有资产监督管理委员会",
    "国家发展和改革委员会",
    "国家税务总局",
    "国家统计局",
    "国家市场监督管理总局",
    "中国人民银行",
    "中国证券监督管理委员会",
    "海关总署",
    "审计署",
]
MAKE_NONE = [
    "临溪县人民政府",
    "临溪县市场监督管理局",
    "临溪县青石镇人民政府",
    "澜江市云台区人民政府",
    "澜江市司法局",
    "澜江市人民政府办公室",
    "江苏省财政厅",
    "大兴安岭地区行政公署",
    "国家税务总局澜江市税务局",
    "国家统计局澜江调查队",
    "中国人民银行澜江市分行",
    "澜江市云台街道办事处",
]


@pytest.mark.parametrize("unit", MAKE_REGULATIONS)
def test_a_body_that_makes_regulations_may_report_them(unit):
    cells = {f"{REGULATIONS}.issued": 2, f"{REGULATIONS}.in_force": 11}
    assert found(but(nil_return(unit), cells=cells)) == []


@pytest.mark.parametrize("unit", MAKE_NONE)
def test_a_body_that_makes_none_is_asked_to_look_again(unit):
    cells = {f"{REGULATIONS}.issued": 2, f"{REGULATIONS}.in_force": 11}
    findings = check(read(but(nil_return(unit), cells=cells)))
    assert {(one.rule, one.severity) for one in findings} == {("N5", Severity.HINT)}
    assert len(findings) == 2


# --- last year's report ---


@pytest.mark.parametrize(("year", "given"), [(2025, 2025), (2022, 2022), (2024, 2024)])
def test_only_the_report_of_the_year_before_is_last_years(year, given):
    with pytest.raises(NotComparable, match=f"上年报告应是 2023 年度的，给的是 {given} 年度的"):
        check(read(GOOD), read(ordinary_report(year=year)))


def test_last_years_report_may_bear_the_units_former_name():
    assert found(GOOD, LAST_YEAR | {"unit": {"name": "临溪县工商行政管理局"}}) == []


def test_last_years_report_of_another_kind_is_refused(define):
    other = define('[[section]]\nkey = "words"\nheading = "一"\ntexts = [{ key = "all" }]')
    last = read(LAST_YEAR)
    stranger = type(last)(other, last.unit, 2023, {}, {})
    with pytest.raises(NotComparable, match="另一种报告（small/1）"):
        check(read(GOOD), stranger)


# --- against an independent computation ---

RESULTS = [
    "granted",
    "partial",
    *(f"refused.{key}" for key in ["state_secret", "prohibited", "public_safety", "third_party", "internal"]),
    *(f"refused.{key}" for key in ["in_progress", "case_files", "enquiry"]),
    *(f"unavailable.{key}" for key in ["not_held", "must_be_made", "still_unclear"]),
    *(f"not_processed.{key}" for key in ["petition", "repeated", "publications", "excessive", "reconfirmation"]),
    *(f"otherwise.{key}" for key in ["not_amended", "fee_unpaid", "other"]),
]
ROWS = ["received", "carried_in", *(f"results.{key}" for key in RESULTS), "results.total", "carried_out"]
BLOCKS = ["review", "litigation.direct", "litigation.after_review"]
OUTCOMES = ["upheld", "corrected", "other", "pending"]


def balanced(dice, most):
    """Figures of a report in which everything adds up, thrown with the dice."""
    cells = dict.fromkeys(annual().cells, 0)
    for column in COLUMNS[:-1]:
        for row in ("carried_in", *(f"results.{key}" for key in RESULTS)):
            cells[f"requests.{row}.{column}"] = dice.randint(0, most)
        closed = sum(cells[f"requests.results.{key}.{column}"] for key in RESULTS)
        cells[f"requests.results.total.{column}"] = closed
        # Whatever was not received this year was carried in; what is not closed is carried out.
        spare = max(0, cells[f"requests.carried_in.{column}"] - closed) + dice.randint(0, most)
        cells[f"requests.carried_out.{column}"] = spare
        cells[f"requests.received.{column}"] = closed + spare - cells[f"requests.carried_in.{column}"]
    for row in ROWS:
        cells[f"requests.{row}.total"] = sum(cells[f"requests.{row}.{column}"] for column in COLUMNS[:-1])
    for block in BLOCKS:
        thrown = {f"disputes.cases.{block}.{outcome}": dice.randint(0, most) for outcome in OUTCOMES}
        cells |= thrown | {f"disputes.cases.{block}.total": sum(thrown.values())}
    for row in ("regulations", "normative_documents"):
        issued, repealed, before = (dice.randint(0, most) for _ in range(3))
        cells[f"article_20_1.{row}.issued"] = issued
        cells[f"article_20_1.{row}.repealed"] = min(repealed, before + issued)
        cells[f"article_20_1.{row}.in_force"] = before + issued - min(repealed, before + issued)
    return cells


def by_hand(now, before=None):
    """What does not hold, worked out from the wording of the form, cell by cell."""
    wrong = set()

    def must(holds, rule, first, left, right):
        if not holds:
            wrong.add((rule, first, left, right))

    for row in ROWS:
        total, parts = now[f"requests.{row}.total"], sum(now[f"requests.{row}.{one}"] for one in COLUMNS[:-1])
        must(total == parts, "H1", f"requests.{row}.total", total, parts)
    for column in COLUMNS:
        closed = now[f"requests.results.total.{column}"]
        parts = sum(now[f"requests.results.{key}.{column}"] for key in RESULTS)
        must(closed == parts, "H2", f"requests.results.total.{column}", closed, parts)
        came = now[f"requests.received.{column}"] + now[f"requests.carried_in.{column}"]
        went = closed + now[f"requests.carried_out.{column}"]
        must(came == went, "H3", f"requests.received.{column}", came, went)
        if before:
            brought, left = now[f"requests.carried_in.{column}"], before[f"requests.carried_out.{column}"]
            must(brought == left, "X1", f"requests.carried_in.{column}", brought, left)
    for block in BLOCKS:
        total = now[f"disputes.cases.{block}.total"]
        parts = sum(now[f"disputes.cases.{block}.{outcome}"] for outcome in OUTCOMES)
        must(total == parts, "H4", f"disputes.cases.{block}.total", total, parts)
    for row in ("regulations", "normative_documents"):
        in_force = now[f"article_20_1.{row}.in_force"]
        more = now[f"article_20_1.{row}.issued"] - now[f"article_20_1.{row}.repealed"]
        must(in_force >= more, "X3", f"article_20_1.{row}.in_force", in_force, more)
        if before:
            due = before[f"article_20_1.{row}.in_force"] + more
            must(in_force == due, "X2", f"article_20_1.{row}.in_force", in_force, due)
    return wrong


MOST = st.sampled_from([0, 1, 9, 99, 10**6])


@given(st.randoms(use_true_random=False), MOST)
def test_figures_that_add_up_give_no_error(dice, most):
    cells = balanced(dice, most)
    assert by_hand(cells) == set()
    assert found(but(nil_return(LANJIANG), cells=cells)) == []


@given(st.randoms(use_true_random=False), MOST, st.sampled_from(list(annual().cells)), st.integers(1, 50))
def test_one_figure_changed_gives_what_hand_calculation_gives(dice, most, name, more):
    cells = balanced(dice, most)
    cells[name] += more
    assert set(found(but(nil_return(LANJIANG), cells=cells))) == by_hand(cells)


@given(st.randoms(use_true_random=False), st.randoms(use_true_random=False), MOST)
def test_two_unrelated_years_give_what_hand_calculation_gives(dice, other_dice, most):
    now, before = balanced(dice, most), balanced(other_dice, most)
    findings = found(but(nil_return(LANJIANG), cells=now), but(nil_return(LANJIANG, 2023), cells=before))
    assert len(findings) == len(set(findings))
    assert set(findings) == by_hand(now, before)


@given(st.randoms(use_true_random=False))
def test_any_figures_at_all_give_what_hand_calculation_gives(dice):
    cells = {name: dice.choice([0, 0, 1, 2, 10**11]) for name in annual().cells}
    assert set(found(but(nil_return(LANJIANG), cells=cells))) == by_hand(cells)


def test_the_hand_calculation_names_the_cells_of_the_form():
    assert {f"requests.{row}.{column}" for row in ROWS for column in COLUMNS} == {
        name for name in annual().cells if name.startswith("requests.")
    }


def test_findings_come_in_reading_order():
    spoilt = but(
        GOOD, cells={"requests.received.total": 0, "disputes.cases.review.total": 9}, texts={"problems.found": ""}
    )
    assert [rule for rule, *_ in found(spoilt)] == ["H6", "H1", "H3", "H4"]


def test_the_same_report_is_found_the_same_however_often_it_is_checked():
    order = list(GOOD["cells"].items())
    random.Random(7).shuffle(order)
    spoilt = {"requests.received.total": 0}
    assert found(but(GOOD, cells=spoilt)) == found(but(GOOD | {"cells": dict(order)}, cells=spoilt))

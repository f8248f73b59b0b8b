"""The browser's copy of a definition is enough to find what the server finds, and to say it in the same words."""

import json
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.checks import check
from reports.drafting import check_draft, draft_answers, inputs
from reports.faces.form import rules_of
from reports.kinds import NotAFigure, plain
from tests.people import LANJIANG, MARKET, annual, ordinary_report, read

RULES = json.loads(json.dumps(rules_of(annual())))
WORDS = RULES["words"]
INPUTS = inputs(annual())
COMPARE = {"==": lambda a, b: a == b, "<=": lambda a, b: a <= b, ">=": lambda a, b: a >= b}


# --- a reader of the rules that knows nothing but them, as the browser's script does ---


def findings_by(rules, figures, previous, unit):
    """(rule, cell, sentence) of every relation that does not hold between figures by name."""
    for relation in rules["relations"]:
        if relation["unless_unit"] and re.search(relation["unless_unit"], unit):
            continue
        left, right = (value(relation[side], figures, previous) for side in ("left", "right"))
        if left is None or right is None or COMPARE[relation["operator"]](left, right):
            continue
        apart = relation["left"]["terms"] and relation["right"]["terms"]
        sentence = WORDS["not_held"].format(
            place=relation["place"],
            says=relation["says"],
            left=said(relation["left"], left, figures, previous),
            should=WORDS["should"][relation["operator"]],
            right=said(relation["right"], right, figures, previous),
            difference=WORDS["difference"].format(value=plain(abs(left - right))) if apart else "",
        )
        yield relation["rule"], relation["cells"][0], sentence


def value(side, figures, previous):
    numbers = [(term["sign"], (previous if term["previous"] else figures).get(term["name"])) for term in side["terms"]]
    if any(number is None for _, number in numbers):
        return None
    return sum((sign * number for sign, number in numbers), side["constant"])


def said(side, comes_to, figures, previous):
    terms = side["terms"]
    if not terms:
        return f" {plain(comes_to)}"
    if len(terms) > WORDS["named_one_by_one"]:
        return WORDS["together"].format(count=len(terms), value=plain(comes_to))
    words = ""
    for term in terms:
        sign = " − " if term["sign"] < 0 else " + " if words else ""
        words += f"{sign}{term['called']} {plain((previous if term['previous'] else figures)[term['name']])}"
    if side["constant"]:
        words += f" {'+' if side['constant'] > 0 else '−'} {abs(side['constant'])}"
    return words if len(terms) == 1 and not side["constant"] else f"{words} ＝ {plain(comes_to)}"


def why_not(rules, kind, literal):
    """Why a plain literal is no figure, in words; None when it is one."""
    known = rules["kinds"][kind]
    number = re.fullmatch(r"(0|[1-9][0-9]*)(?:\.([0-9]+))?", literal)
    if number is None:
        for excuse in WORDS["excuses"]:
            found = re.fullmatch(excuse["pattern"].replace("(?<number>", "(?P<number>"), literal)
            if found:
                return excuse["what"].format(shown=literal, **found.groupdict())
        return WORDS["no_number"].format(shown=literal)
    whole, decimals = number.groups()
    if len(whole) > known["digits"]:
        return WORDS["too_large"].format(**known)
    if decimals and not known["places"]:
        return WORDS["not_whole"].format(shown=literal, **known)
    if decimals and len(decimals) > known["places"]:
        return WORDS["too_fine"].format(count=len(decimals), **known)
    return None


# --- it finds the same ---

SMALL = st.integers(0, 3)
FIGURES = st.fixed_dictionaries(dict.fromkeys(INPUTS, SMALL))
SOME = st.dictionaries(st.sampled_from(INPUTS), SMALL)


def drafted(figures, year=2024, unit=MARKET):
    return draft_answers(annual(), unit, year, {name: (str(figure), "") for name, figure in figures.items()})


def values(answers):
    return {name: figure.value for name, figure in answers.figures.items()}


@given(FIGURES, SOME, st.sampled_from([MARKET, LANJIANG]))
def test_every_sentence_about_a_relation_is_the_servers_word_for_word(figures, last, unit):
    answers, previous = drafted(figures, unit=unit), drafted(last, 2023, unit)
    of_server = [
        (one.rule, one.cells[0], one.message) for one in check(answers, previous) if one.cells[0] in RULES["cells"]
    ]
    assert list(findings_by(RULES, values(answers), values(previous), unit)) == of_server


@given(SOME)
def test_totals_are_the_servers(figures):
    answers = drafted(figures)
    for name, parts in RULES["totals"].items():
        known = [figures.get(part) for part in parts]
        assert answers.value(name) == (None if None in known else sum(known))


LITERALS = [
    "—",
    "无",
    "没有",
    "n/a",
    "NA",
    "〇",
    "-3",
    "－３",
    "1e3",
    "1,23",
    "007",
    "十二",
    "22（其中修订16件）",
    "3.5",
]
LITERALS += ["3.5", "9" * 13, "1.1234567", "12元", "12", "0", "0.5"]


@pytest.mark.parametrize("literal", LITERALS, ids=ascii)
@pytest.mark.parametrize("kind", ["count", "ten_thousand_yuan"])
def test_what_is_no_figure_is_refused_in_the_servers_words(kind, literal):
    of_server = None
    try:
        next(table.kind for table in annual().tables if table.kind.name == kind).read(literal)
    except NotAFigure as error:
        of_server = str(error.refusal)
    assert why_not(RULES, kind, literal) == of_server


def test_a_blank_cell_is_called_blank_in_the_servers_words():
    law = RULES["laws"]["figures"]
    [finding] = [one for one in check_draft(drafted({})) if one.cells == (INPUTS[0],)]
    table = RULES["tables"][INPUTS[0].split(".")[0]]
    label = f"{table['title']}，{RULES['cells'][INPUTS[0]]}"
    assert WORDS["about"].format(label=label, what=WORDS["blank"], says=law["says"]) == finding.message
    assert finding.rule == law["rule"]


def test_an_empty_and_a_long_text_are_told_in_the_servers_words():
    values = {"overview.proactive": ("长" * 1001, "")}
    found = check_draft(draft_answers(annual(), MARKET, 2024, values))
    [long] = [one for one in found if one.rule == "N9"]
    [length] = RULES["lengths"]
    assert WORDS["too_long"].format(count=1001, **length) == long.message
    empty = next(one for one in found if one.cells == ("overview.platform",))
    label = RULES["texts"]["overview.platform"]["label"]
    says = RULES["laws"]["texts"]["says"]
    assert WORDS["about"].format(label=label, what=WORDS["blank"], says=says) == empty.message


# --- what else the form needs ---


def test_the_names_are_those_of_the_definition():
    assert set(RULES["cells"]) == set(annual().cells)
    assert set(RULES["texts"]) == set(annual().texts)
    assert {name.split(".")[0] for name in RULES["cells"]} == set(RULES["tables"])


def test_money_stays_digit_for_digit():
    answers = draft_answers(annual(), MARKET, 2024, {"article_20_8.fees.charged": ("12.50", "")})
    assert answers.value("article_20_8.fees.charged") == Decimal("12.50")
    assert RULES["kinds"]["ten_thousand_yuan"] == {"measure": "万元", "digits": 12, "places": 6}


def test_sections_say_which_of_their_cells_a_nil_return_fills():
    sections = {section["key"]: section for section in RULES["sections"]}
    nil = {key: len(section["nil_cells"]) for key, section in sections.items() if section["nil"]}
    assert nil == {"requests": 24 * 6, "disputes": 12}


def test_the_cells_that_go_on_from_last_year_say_from_which():
    assert RULES["carry"]["requests.carried_in.natural_person"] == "requests.carried_out.natural_person"
    assert "requests.carried_in.total" not in RULES["carry"]


def test_patterns_are_written_as_javascript_reads_them():
    assert not [one for one in WORDS["excuses"] if "(?P" in one["pattern"]]


def test_an_ordinary_report_has_nothing_to_say():
    assert list(findings_by(RULES, values(read(ordinary_report())), {}, MARKET)) == []

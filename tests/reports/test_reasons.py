"""What needs a reason waits for one; a blank is none, and a reason for nothing stays behind."""

from reports.checks import check
from reports.definition import Severity
from reports.findings import Finding
from reports.reasons import given, missing, ready, reason_name, wanted
from tests.people import but, ordinary_report, read

CELL = "article_20_1.normative_documents.in_force"
ERROR = Finding("H3", Severity.ERROR, ("requests.received.total",), "不平")
ASKED = Finding("X2", Severity.EXPLAIN, (CELL, "article_20_1.normative_documents.issued"), "多 2 件")
HINT = Finding("N5", Severity.HINT, (CELL,), "一般为 0")
NAME = f"X2@{CELL}"


def test_a_reason_is_named_after_its_rule_and_the_cell_to_look_at_first() -> None:
    assert reason_name(ASKED) == NAME


def test_only_what_is_to_be_explained_wants_a_reason() -> None:
    assert wanted([ERROR, ASKED, HINT]) == (ASKED,)


def test_a_blank_is_no_reason() -> None:
    assert missing([ASKED], {}) == missing([ASKED], {NAME: " \n\u3000"}) == (ASKED,)
    assert missing([ASKED], {NAME: "上年漏计 2 件"}) == ()


def test_a_report_is_ready_when_nothing_is_wrong_and_everything_explained() -> None:
    assert ready([], {})
    assert ready([HINT, ASKED], {NAME: "上年漏计 2 件"})
    assert not ready([HINT, ASKED], {})
    assert not ready([ERROR, ASKED], {NAME: "上年漏计 2 件"})


def test_a_reason_for_what_is_mended_stays_behind() -> None:
    assert given([ASKED], {NAME: " 上年漏计 2 件 ", "X3@another": "旧的"}) == {NAME: "上年漏计 2 件"}
    assert given([ASKED], {NAME: " "}) == {}


def test_every_finding_that_wants_a_reason_has_a_name_of_its_own() -> None:
    last = but(ordinary_report(year=2023), cells={CELL: 1, "requests.carried_out.natural_person": 7})
    found = wanted(check(read(ordinary_report()), read(last)))
    assert len(found) > 1
    assert len({reason_name(one) for one in found}) == len(found)

"""The published JSON Schema and our reader agree on what a complete submission is."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from reports.checks import check
from reports.faces.json_schema import json_schema
from tests.people import DEFINITIONS, annual, but, nil_return, ordinary_report, read, shown

SCHEMA = json_schema(annual())
VALIDATOR = Draft202012Validator(SCHEMA)
EXAMPLE = DEFINITIONS.folder_of(annual()) / "example.json"
ANSWERS = Path(__file__).parents[2] / "answers"

CELL, FEES, TEXT = "requests.received.total", "article_20_8.fees.charged", "overview.platform"


def test_the_schema_is_a_schema():
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("document", [nil_return(), ordinary_report()], ids=["nil return", "ordinary"])
def test_a_complete_report_is_valid(document):
    VALIDATOR.validate(document)


@pytest.mark.parametrize("file", [EXAMPLE, *sorted(ANSWERS.glob("*.json"))], ids=lambda file: file.name)
def test_the_answers_we_publish_are_valid(file):
    VALIDATOR.validate(json.loads(file.read_bytes()))


@pytest.mark.parametrize("document", [nil_return(), ordinary_report()], ids=["nil return", "ordinary"])
def test_what_we_write_out_is_valid(document):
    VALIDATOR.validate(json.loads(read(document).to_json()))


def test_the_shortest_words_are_words():
    VALIDATOR.validate(but(nil_return(unit="局"), texts={TEXT: "无"}))


VALUES = [
    (CELL, 999_999_999_999),
    (CELL, "999999999999"),
    (CELL, 0),
    (CELL, "12"),
    (CELL, {"value": 22, "note": "其中修订16件"}),
    (FEES, 59237.2449),
    (FEES, "59237.2449"),
    (FEES, "0.000001"),
]


@pytest.mark.parametrize(("name", "value"), VALUES)
def test_a_figure_that_we_read_is_valid(name, value):
    document = but(nil_return(), cells={name: value})
    VALIDATOR.validate(document)
    assert name in read(document).figures


GOOD = nil_return()
BAD = [
    [],
    {},
    GOOD | {"report": "open-government-annual/2019"},
    GOOD | {"unit": "临溪县档案局"},
    GOOD | {"unit": {"name": ""}},
    GOOD | {"unit": {"name": "局" * 201}},
    GOOD | {"unit": {"name": "局", "code": 1}},
    GOOD | {"unit": {"name": 5}},
    GOOD | {"year": 1899},
    GOOD | {"year": 2100},
    GOOD | {"year": "2024"},
    GOOD | {"year": True},
    GOOD | {"year": 2024.5},
    GOOD | {"cells": []},
    GOOD | {"cells": {}},
    GOOD | {"texts": {}},
    GOOD | {"extra": 1},
    but(GOOD, cells={"requests.recieved.total": 0}),
    but(GOOD, cells={CELL: None}),
    but(GOOD, cells={CELL: ""}),
    but(GOOD, cells={CELL: -3}),
    but(GOOD, cells={CELL: 3.5}),
    but(GOOD, cells={CELL: "3.5"}),
    but(GOOD, cells={CELL: "007"}),
    but(GOOD, cells={CELL: "12件"}),
    but(GOOD, cells={CELL: "1,234"}),
    but(GOOD, cells={CELL: True}),
    but(GOOD, cells={CELL: [1]}),
    but(GOOD, cells={CELL: 10**12}),
    but(GOOD, cells={CELL: "9" * 300}),
    but(GOOD, cells={CELL: {"note": "x"}}),
    but(GOOD, cells={CELL: {"value": 1, "note": "注" * 61}}),
    but(GOOD, cells={CELL: {"value": 1, "note": 5}}),
    but(GOOD, cells={CELL: {"value": 1, "remark": "x"}}),
    but(GOOD, cells={CELL: "1" + "0" * 12}),
    but(GOOD, cells={FEES: "0.0000001"}),
    but(GOOD, cells={FEES: "-1"}),
    but(GOOD, texts={TEXT: ""}),
    but(GOOD, texts={TEXT: 5}),
    but(GOOD, texts={TEXT: "话" * 30_001}),
    but(GOOD, texts={"overview.proactiv": "x"}),
]


@pytest.mark.parametrize("document", BAD, ids=shown)
def test_a_bad_report_is_not_valid(document):
    assert not VALIDATOR.is_valid(document)


@pytest.mark.parametrize("name", [*annual().cells, *annual().texts])
def test_a_report_without_one_of_its_names_is_not_valid(name):
    part = "cells" if name in annual().cells else "texts"
    document = GOOD | {part: {one: value for one, value in GOOD[part].items() if one != name}}
    assert not VALIDATOR.is_valid(document)
    assert [finding.cells for finding in check(read(document))] == [(name,)]


def test_every_name_carries_the_words_of_the_form():
    properties = SCHEMA["properties"]["cells"]["properties"]
    assert properties[CELL]["title"] == "“一、本年新收”行“总计”列"
    assert properties[CELL]["description"] == "三、收到和处理政府信息公开申请情况"
    assert SCHEMA["properties"]["texts"]["properties"][TEXT]["title"] == "一、总体情况·（四）政府信息公开平台建设"
    assert SCHEMA["properties"]["texts"]["properties"]["other.matters"]["description"] == (
        "一行一段。应报告本年度收取信息处理费情况"
    )
    assert SCHEMA["title"] == "政府信息公开工作年度报告"


def test_every_kind_carries_its_unit_of_measure():
    kinds = {name: kind["description"] for name, kind in SCHEMA["$defs"].items()}
    assert kinds == {"count": "单位：件", "ten_thousand_yuan": "单位：万元"}


def test_a_text_that_is_not_required_may_be_empty_or_missing(define):
    schema = json_schema(
        define('[[section]]\nkey = "words"\nheading = "一"\ntexts = [{ key = "all", required = false }]')
    )
    validator = Draft202012Validator(schema)
    report = {"report": "small/1", "unit": {"name": "东村"}, "year": 2024, "cells": {}, "texts": {}}
    assert validator.is_valid(report)
    assert validator.is_valid(report | {"texts": {"words.all": ""}})


def test_the_schema_says_which_draft_it_is():
    assert SCHEMA["$schema"] == Draft202012Validator.META_SCHEMA["$id"]

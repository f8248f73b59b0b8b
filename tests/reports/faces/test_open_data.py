"""Figures for whoever works on with them: by name, digit for digit, and never a formula."""

import csv
import io
import json

from reports.faces.open_data import COLUMNS, as_csv, as_json, kept_answers, many_as_csv, records
from reports.faces.spreadsheets import harmless
from tests.people import ARCHIVES, MARKET, but, nil_return, ordinary_report, read

FEES = "article_20_8.fees.charged"
ISSUED = "article_20_1.normative_documents.issued"


def rows(data: bytes) -> list[list[str]]:
    assert data.startswith(b"\xef\xbb\xbf"), "spreadsheets know UTF-8 by this mark"
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def test_a_record_says_where_a_figure_stands_in_the_words_of_the_form(definition):
    fees = next(one for one in records(definition, read(ordinary_report()).figures) if one.name == FEES)
    assert (fees.row, fees.column, fees.measure, fees.value) == (
        "行政事业性收费",
        "本年收费金额（单位：万元）",
        "万元",
        "12.365",
    )
    assert fees.table == "二、主动公开政府信息情况·第二十条第（八）项"


def test_csv_has_a_line_for_every_cell_with_its_digits_and_its_note(definition):
    document = but(ordinary_report(), cells={FEES: "59237.2449", ISSUED: {"value": 3, "note": "其中修订1件"}})
    heads, *lines = rows(as_csv(definition, read(document).figures))
    assert tuple(heads) == COLUMNS
    assert [line[0] for line in lines] == list(definition.cells)
    told = {line[0]: (line[5], line[6]) for line in lines}
    assert told[FEES] == ("59237.2449", "")
    assert told[ISSUED] == ("3", "其中修订1件")


def test_blank_is_not_zero(definition):
    document = nil_return()
    del document["cells"][FEES]
    told = {line[0]: line[5] for line in rows(as_csv(definition, read(document).figures))}
    assert (told[FEES], told[ISSUED]) == ("", "0")


def test_many_reports_have_a_line_each(definition):
    told = [((MARKET, "局"), read(ordinary_report())), ((ARCHIVES, "=1+1"), read(nil_return()))]
    heads, market, archives = rows(many_as_csv(definition, ("unit", "kind"), told))
    assert heads == ["unit", "kind", *definition.cells]
    assert market[heads.index(ISSUED)] == "3"
    assert archives[:2] == [ARCHIVES, "'=1+1"]


def test_nothing_can_be_taken_for_a_formula():
    assert [harmless(text) for text in ("=1", "+1", "-1", "@a", "\t=1", "1", "", "市场局")] == [
        "'=1",
        "'+1",
        "'-1",
        "'@a",
        "'\t=1",
        "1",
        "",
        "市场局",
    ]


def test_kept_answers_are_read_again_as_they_were():
    document = but(ordinary_report(), cells={FEES: "59237.2449", ISSUED: {"value": 3, "note": "其中修订1件"}})
    del document["cells"]["article_20_1.regulations.issued"]
    answers = read(document)
    assert kept_answers(answers.definition, answers.to_json().decode()) == answers


def test_json_says_first_what_it_is():
    assert list(json.loads(as_json({"title": "年报"}, {"cells": {}}))) == ["title", "cells"]

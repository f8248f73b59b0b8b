"""Answers are values by name: what is printed, in which paragraphs, under which title, with which fingerprint."""

import json

import pytest

from reports.answers import Figure
from tests.people import MARKET, but, nil_return, ordinary_report, read, shown

TEXT = "overview.platform"
CELL = "requests.received.total"


@pytest.mark.parametrize(
    ("typed", "paragraphs"),
    [
        ("一段", ("一段",)),
        ("一段\n二段", ("一段", "二段")),
        ("　　一段\r\n　　二段\r\n", ("一段", "二段")),
        ("一段\n\n \n\u200b\n二段", ("一段", "二段")),
        ("\n\n", ()),
        ("", ()),
        ("{{ 7*7 }}\nR&D <w:p>", ("{{ 7*7 }}", "R&D <w:p>")),
    ],
    ids=shown,
)
def test_a_text_is_one_paragraph_a_line(typed, paragraphs):
    assert read(but(nil_return(), texts={TEXT: typed})).paragraphs(TEXT) == paragraphs


def test_a_text_nobody_wrote_has_no_paragraphs():
    document = nil_return()
    del document["texts"][TEXT]
    assert read(document).paragraphs(TEXT) == ()


@pytest.mark.parametrize(
    ("typed", "printed"),
    [(0, "0"), (12, "12"), (None, ""), ("/", ""), ({"value": 22, "note": "其中修订16件"}, "22（其中修订16件）")],
)
def test_a_cell_is_printed_with_its_note_and_a_blank_as_nothing(typed, printed):
    assert read(but(nil_return(), cells={CELL: typed})).shown(CELL) == printed


def test_answers_are_written_the_way_they_are_sent():
    typed = {
        CELL: 16,
        "requests.received.natural_person": {"value": 12, "note": "其中网络申请3件"},
        "article_20_8.fees.charged": "12.30",
    }
    sent = read(but(nil_return(), cells=typed)).to_json()
    assert "临溪县档案局" in sent.decode()
    written = json.loads(sent)
    assert list(written) == ["report", "unit", "year", "cells", "texts"]
    assert (written["unit"], written["year"]) == ({"name": "临溪县档案局"}, 2024)
    assert {name: written["cells"][name] for name in typed} == typed
    assert written["texts"] == nil_return()["texts"]


def test_the_title_names_the_unit_and_the_year():
    assert read(ordinary_report()).title == f"{MARKET}2024年政府信息公开工作年度报告"


def test_any_change_changes_the_fingerprint():
    good = ordinary_report()
    changed = [
        good | {"year": 2023},
        good | {"unit": {"name": "临溪县市监局"}},
        but(good, cells={CELL: 15}),
        but(good, cells={CELL: None}),
        but(good, cells={CELL: {"value": 16, "note": "约"}}),
        but(good, cells={"article_20_8.fees.charged": "12.3650"}),
        but(good, texts={TEXT: "县政府网站。"}),
        but(good, texts={TEXT: None}),
    ]
    fingerprints = {read(document).digest for document in (good, *changed)}
    assert len(fingerprints) == 1 + len(changed)


def test_a_figure_shows_money_with_the_decimals_that_were_typed():
    assert (
        str(read(but(nil_return(), cells={"article_20_8.fees.charged": "2.50"})).figures["article_20_8.fees.charged"])
        == "2.50"
    )
    assert Figure(3) == Figure(3, "")

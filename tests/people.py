"""The small cast of the tests: three invented agencies, and what each has to report."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reports.answers import Answers
from reports.definition import Definition
from reports.loading import Definitions
from reports.reading import read_answers

DEFINITIONS = Definitions(Path(__file__).parent.parent / "templates")
ANNUAL = "open-government-annual/2021"

# Nothing ever happens here: the nil return.
ARCHIVES = "临溪县档案局"
# An ordinary bureau with a dozen requests a year and one case in court.
MARKET = "临溪县市场监督管理局"
# A prefecture: it makes regulations, and its licences run into millions.
LANJIANG = "澜江市人民政府"

_TEXTS = {
    "overview.proactive": "{year}年，全年主动公开政府信息14条。",
    "overview.on_request": "申请渠道保持畅通，登记、审核、答复、归档均有专人负责。",
    "overview.management": "信息先定公开属性，再作保密审查，然后发布。",
    "overview.platform": "县政府网站是公开的第一平台，栏目按月检查。",
    "overview.oversight": "明确一名分管负责人和一名专职人员，列入年度考核。",
    "problems.found": "部分信息从形成到公开间隔偏长。",
    "problems.improved": "把公开时限写入发文流程，由专人按周核对。",
    "other.matters": "{year}年未收取信息处理费。",
}

# Rows of the third part as they are printed: natural persons, companies, research, charities, lawyers, others, total.
_MARKET_REQUESTS = {
    "received": (12, 3, 0, 0, 1, 0, 16),
    "carried_in": (1, 0, 0, 0, 0, 0, 1),
    "results.granted": (7, 2, 0, 0, 0, 0, 9),
    "results.partial": (1, 0, 0, 0, 1, 0, 2),
    "results.refused.third_party": (1, 0, 0, 0, 0, 0, 1),
    "results.unavailable.not_held": (2, 1, 0, 0, 0, 0, 3),
    "results.otherwise.other": (1, 0, 0, 0, 0, 0, 1),
    "results.total": (12, 3, 0, 0, 1, 0, 16),
    "carried_out": (1, 0, 0, 0, 0, 0, 1),
}
COLUMNS = (
    "natural_person",
    "legal_person.company",
    "legal_person.research",
    "legal_person.charity",
    "legal_person.law_firm",
    "legal_person.other",
    "total",
)
_MARKET_FIGURES = {
    "article_20_1.normative_documents.issued": 3,
    "article_20_1.normative_documents.repealed": 1,
    "article_20_1.normative_documents.in_force": 9,
    "article_20_5.licences.handled": 2184,
    "article_20_6.penalties.handled": 137,
    "article_20_6.compulsion.handled": 6,
    "article_20_8.fees.charged": "12.365",
    "disputes.cases.review.upheld": 1,
    "disputes.cases.review.total": 1,
    "disputes.cases.litigation.after_review.pending": 1,
    "disputes.cases.litigation.after_review.total": 1,
} | {
    f"requests.{row}.{column}": figure
    for row, figures in _MARKET_REQUESTS.items()
    for column, figure in zip(COLUMNS, figures, strict=True)
}


def shown(value: object) -> str:
    """How a case is called in the list of tests: short, and in letters that every terminal has."""
    return ascii(getattr(value, "name", value))[:50]


def annual() -> Definition:
    """The annual report's definition."""
    return DEFINITIONS[ANNUAL]


def nil_return(unit: str = ARCHIVES, year: int = 2024) -> dict[str, Any]:
    """A complete report of a year in which nothing happened."""
    return {
        "report": ANNUAL,
        "unit": {"name": unit},
        "year": year,
        "cells": dict.fromkeys(annual().cells, 0),
        "texts": {name: text.format(year=year) for name, text in _TEXTS.items()},
    }


def ordinary_report(unit: str = MARKET, year: int = 2024) -> dict[str, Any]:
    """A complete report of an ordinary year, everything adding up."""
    return nil_return(unit, year) | {"cells": dict.fromkeys(annual().cells, 0) | _MARKET_FIGURES}


def but(document: Mapping[str, Any], **parts: Mapping[str, Any]) -> dict[str, Any]:
    """The document with some `cells` or `texts` replaced."""
    return {**document, **{part: {**document[part], **changes} for part, changes in parts.items()}}


def as_json(document: object) -> bytes:
    """A document as it is sent; unpaired surrogates travel as escapes, the way JSON allows."""
    return json.dumps(document, ensure_ascii=False).encode("utf-8", "backslashreplace")


def read(document: object) -> Answers:
    """The answers in a document."""
    return read_answers(as_json(document), DEFINITIONS)

"""Whole published reports, where a folder of them lies beside the project: figures, texts and all, they give no error.

Nothing needs them. A folder `shared/reports` beside the project holds reports as plain text, the way one copies them
from a web page: cells apart by tabs or by lines.
"""

import re
from pathlib import Path

import pytest

from reports.checks import check
from reports.findings import blocks
from tests.people import ANNUAL, annual, read

FOLDER = Path(__file__).parents[3] / "shared" / "reports"
PUBLISHED = [
    ("suqian-city_2023.txt", "宿迁市", 2023),
    ("suqian-city_2024.txt", "宿迁市", 2024),
    ("suining-anju_jingxin_2024.txt", "遂宁市安居区经济信息化和科学技术局", 2024),
]
PARTS = re.compile(r"^[一二三四五六]、(?:总体|主动公开政府|收到和|政府信息公开行政|存在的|其他需要).*$", re.MULTILINE)
HEADINGS = re.compile(r"^[（(][一二三四五六][）)].*?(?:方面。|。|$)", re.MULTILINE)


def pieces(text, marks):
    """The text between the marks, what stands before the first included."""
    ends = [(match.start(), match.end()) for match in marks.finditer(text)]
    starts = [0, *(end for _, end in ends)]
    return [
        text[start:stop].strip() for start, stop in zip(starts, [*(begin for begin, _ in ends), len(text)], strict=True)
    ]


def transcribed(file, unit, year):
    """A published text as a submission."""
    _, overview, disclosed, requests, disputes, problems, other = pieces(file.read_text(encoding="utf-8"), PARTS)
    figures = re.findall(r"(?<![^\t\n])[0-9.]+(?![^\t\n])", "\n".join([disclosed, requests, disputes]))
    preface, *aspects = pieces(overview, HEADINGS)
    aspects = [f"{preface}\n{aspects[0]}", *aspects[1:4], "\n".join(aspects[4:])]
    found, *improved = re.split(r"(?=针对上述问题|[（(]二[）)]改进)", problems, maxsplit=1)
    return {
        "report": ANNUAL,
        "unit": {"name": unit},
        "year": year,
        "cells": dict(zip(annual().cells, figures, strict=True)),
        "texts": dict(zip(annual().texts, [*aspects, found, *improved, other], strict=True)),
    }


@pytest.fixture(params=PUBLISHED, ids=lambda published: published[0])
def published(request):
    """A published report as answers."""
    name, unit, year = request.param
    if not (FOLDER / name).exists():
        pytest.skip(f"no {name} in a folder of published reports beside the project")
    return read(transcribed(FOLDER / name, unit, year))


def test_a_published_report_has_every_figure_and_text(published):
    assert (len(published.figures), len(published.texts)) == (200, 8)


def test_a_published_report_gives_no_error(published):
    findings = check(published)
    assert not blocks(findings)
    assert {finding.rule for finding in findings} <= {"N9"}


def test_a_citys_report_goes_on_from_last_years():
    if not FOLDER.exists():
        pytest.skip("no folder of published reports beside the project")
    last, this = (read(transcribed(FOLDER / name, unit, year)) for name, unit, year in PUBLISHED[:2])
    assert {finding.rule for finding in check(this, last)} <= {"N9"}

"""Figures for other programs: what each file says of itself, so that it can be understood wherever it ends up."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from reports.answers import Answers
from reports.definition import Definition
from reports.faces.open_data import as_json, kept_answers, many_as_csv
from reports.faces.workbook import year_workbook
from service.language import _
from service.public.addresses import Addresses
from service.public.shown import Shown, licence
from storage.publishing.catalogue import Line
from storage.roster.facts import KINDS

KEYS: Final = ("unit", "code", "kind", "office", "year", "version", "published_at", "address")
_FINGERPRINT: Final = "sha256 of `answers` as UTF-8 JSON, indented by one space, characters unescaped"


@dataclass(frozen=True)
class YearData:
    """All public reports of one year that are of one edition, and whose are missing."""

    year: int
    definition: Definition
    rows: Sequence[tuple[Line, str]]
    missing: Sequence[str]

    @property
    def title(self) -> str:
        return self.definition.heading("", self.year)

    def coverage(self) -> Mapping[str, Any]:
        """How much of the year this is."""
        return {"reports": len(self.rows), "missing": list(self.missing), "complete": not self.missing}

    def as_file(self, ending: str, at: Addresses) -> bytes:
        """The year in one file."""
        if ending == "json":
            told = [_told(line, answers, at) for line, answers in self.rows]
            return as_json(about_year(self, at), {"reports": told}, dense=True)
        if ending == "csv":
            return many_as_csv(self.definition, KEYS, self._read(at))
        return year_workbook(self.definition, self.title, self._cover(), KEYS, self._read(at))

    def _read(self, at: Addresses) -> Iterator[tuple[Sequence[str], Answers]]:
        for line, answers in self.rows:
            yield _keys(line, at), kept_answers(self.definition, answers)

    def _cover(self) -> Sequence[tuple[str, str]]:
        return [
            (_("年度"), str(self.year)),
            (_("统计期间"), _("{year}年1月1日至12月31日").format(year=self.year)),
            (_("已公布"), _("{n} 份报告").format(n=len(self.rows))),
            (_("尚未公布"), "、".join(self.missing) or _("没有")),
            (_("使用许可"), licence()),
        ]


def about_report(shown: Shown) -> dict[str, Any]:
    """What one report's JSON says of itself before it says anything else."""
    publication, answers, at = shown.publication, shown.answers, shown.at
    return {
        "$schema": at.absolute(at.schema(answers.definition)),
        "title": answers.title,
        "address": shown.address,
        "source": {"unit": shown.source, "code": shown.published.unit.code, "office": shown.published.office},
        "coverage": {"from": f"{answers.year}-01-01", "to": f"{answers.year}-12-31", "units": 1},
        "version": {
            "number": publication.number,
            "address": shown.own_address,
            "published_at": publication.published_at.isoformat(),
            "correction": publication.correction or None,
            "replaced_by": shown.successor.number if shown.successor else None,
        },
        "fingerprint": {"sha256": shown.published.revision.sha256, "of": _FINGERPRINT},
        "licence": licence(),
    }


def about_year(year: YearData, at: Addresses) -> dict[str, Any]:
    """What a whole year's JSON says of itself."""
    return {
        "$schema": at.absolute(at.schema(year.definition)),
        "title": year.title,
        "address": at.absolute(at.year_file(year.year, "json")),
        "coverage": {"from": f"{year.year}-01-01", "to": f"{year.year}-12-31", **year.coverage()},
        "names": {
            name: {"table": cell.table.title, "cell": cell.label, "measure": cell.kind.measure}
            for name, cell in year.definition.cells.items()
        },
        "licence": licence(),
    }


def envelope_schema(answers: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON Schema of one report's JSON, around that of its answers."""
    text, whole = {"type": "string"}, {"type": "integer"}
    nothing_or = {"type": ["string", "null"]}
    version = {"number": whole, "address": text, "published_at": text, "correction": nothing_or}
    inner = {key: value for key, value in answers.items() if key not in ("$schema", "$defs")}
    return {
        "$schema": answers["$schema"],
        "title": answers["title"],
        "type": "object",
        "required": ["title", "address", "source", "coverage", "version", "fingerprint", "licence", "answers"],
        "properties": {
            "title": text,
            "address": text,
            "source": {"type": "object", "properties": {"unit": text, "code": nothing_or, "office": nothing_or}},
            "coverage": {"type": "object", "properties": {"from": text, "to": text, "units": whole}},
            "version": {"type": "object", "properties": version},
            "fingerprint": {"type": "object", "properties": {"sha256": text, "of": text}},
            "licence": text,
            "answers": inner,
        },
        "$defs": answers["$defs"],
    }


def _keys(line: Line, at: Addresses) -> Sequence[str]:
    address = at.absolute(at.report(line.report, line.number))
    published, kind = line.published_at.isoformat(), _(KINDS[line.kind])
    return (line.unit, line.code or "", kind, line.office or "", str(line.year), str(line.number), published, address)


def _told(line: Line, answers: str, at: Addresses) -> dict[str, Any]:
    """One report of a year: its figures; its texts are one link away."""
    known: dict[str, Any] = dict(zip(KEYS, _keys(line, at), strict=True))
    known |= {"year": line.year, "version": line.number, "code": line.code, "office": line.office}
    whole = at.absolute(at.file(line.report, line.number, "json"))
    return {**known, "json": whole, "cells": json.loads(answers)["cells"]}

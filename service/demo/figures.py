"""Figures of a made-up year that add up, drawn by a seeded hand: the same unit and year have the same every time."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

APPLICANTS = ("natural_person", "company", "research", "charity", "law_firm", "other")
# How often each kind of applicant asks, and how requests end: what offices told of the last years, roughly.
_OF_APPLICANTS = (80, 11, 0.3, 0.7, 6, 2)
_OF_RESULTS = {
    "results.granted": 46,
    "results.partial": 12,
    "results.refused.third_party": 2,
    "results.refused.internal": 2,
    "results.refused.in_progress": 2,
    "results.refused.case_files": 2,
    "results.refused.enquiry": 1,
    "results.unavailable.not_held": 22,
    "results.unavailable.must_be_made": 2,
    "results.not_processed.petition": 3,
    "results.not_processed.repeated": 2,
    "results.otherwise.not_amended": 2,
    "results.otherwise.other": 2,
}
_DISPUTES = ("review", "litigation.direct", "litigation.after_review")

Figures = Mapping[str, int | str]


@dataclass(frozen=True, slots=True)
class Size:
    """How much happens at a unit in a year, about; `fees` in 万元."""

    requests: int
    documents: int
    licences: int = 0
    penalties: int = 0
    fees: str = "0"


def a_year(dice: Random, size: Size, before: Figures | None) -> dict[str, int | str]:
    """The inputs of one year (totals are computed by whoever reads them), carrying on from the year before."""
    parts = (
        _documents(dice, size, before),
        _decisions(dice, size),
        _requests(dice, size, before),
        _disputes(dice, size),
    )
    return {name: figure for part in parts for name, figure in part.items()}


def _documents(dice: Random, size: Size, before: Figures | None) -> Figures:
    table, row = "article_20_1", "normative_documents"
    standing = int(before[f"{table}.{row}.in_force"]) if before else size.documents
    issued = dice.randint(0, 1 + size.documents // 4) if size.documents else 0
    repealed = dice.randint(0, min(standing + issued, 1 + size.documents // 6)) if size.documents else 0
    figures = {"issued": issued, "repealed": repealed, "in_force": standing + issued - repealed}
    return {
        **{f"{table}.regulations.{column}": 0 for column in figures},
        **{f"{table}.{row}.{column}": figure for column, figure in figures.items()},
    }


def _decisions(dice: Random, size: Size) -> Figures:
    return {
        "article_20_5.licences.handled": _about(dice, size.licences),
        "article_20_6.penalties.handled": _about(dice, size.penalties),
        "article_20_6.compulsion.handled": _about(dice, size.penalties // 9),
        "article_20_8.fees.charged": size.fees,
    }


def _requests(dice: Random, size: Size, before: Figures | None) -> Figures:
    figures: dict[str, int | str] = {}
    received = _spread(dice, _about(dice, size.requests), dict(zip(APPLICANTS, _OF_APPLICANTS, strict=True)))
    for applicant in APPLICANTS:
        column = applicant if applicant == "natural_person" else f"legal_person.{applicant}"
        carried_in = int(before[f"requests.carried_out.{column}"]) if before else dice.randint(0, size.requests // 20)
        at_hand = received[applicant] + carried_in
        carried_out = dice.randint(0, at_hand // 12 + (1 if at_hand > 3 else 0))
        ended = _spread(dice, at_hand - carried_out, _OF_RESULTS)
        told = {"received": received[applicant], "carried_in": carried_in, "carried_out": carried_out, **ended}
        figures |= {f"requests.{row}.{column}": figure for row, figure in told.items()}
    return figures


def _disputes(dice: Random, size: Size) -> Figures:
    cases: dict[str, int | str] = {}
    for way in _DISPUTES:
        fought = _spread(
            dice, dice.randint(0, size.requests // 14), {"upheld": 6, "corrected": 1, "other": 2, "pending": 2}
        )
        cases |= {f"disputes.cases.{way}.{outcome}": number for outcome, number in fought.items()}
    return cases


def _about(dice: Random, number: int) -> int:
    return max(0, round(number * dice.uniform(0.85, 1.18)))


def _spread(dice: Random, number: int, weights: Mapping[str, float]) -> dict[str, int]:
    drawn = dice.choices(list(weights), list(weights.values()), k=number)
    return {key: drawn.count(key) for key in weights}

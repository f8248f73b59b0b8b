"""check(): every rule of the definition against one report's answers, and last year's where there are any."""

import re
from collections.abc import Iterator

from reports.answers import Answers
from reports.definition import Section, Severity
from reports.findings import Finding, about, not_held
from reports.formulas import Figures, Reference
from reports.kinds import Number
from reports.rules import Relation, relations


class NotComparable(ValueError):
    """What was given as last year's report is not the same unit's report of the year before."""


def check(answers: Answers, previous: Answers | None = None) -> list[Finding]:
    """Findings in reading order: unreadable and blank cells, empty texts, the year, then relations between figures."""
    if previous is not None:
        _must_be_the_year_before(answers, previous)
    return [
        *_figures(answers),
        *_texts(answers),
        *_years(answers),
        *_lengths(answers),
        *_relations(answers, previous),
    ]


def _must_be_the_year_before(answers: Answers, previous: Answers) -> None:
    if previous.definition.id != answers.definition.id:
        raise NotComparable(f"上年报告是另一种报告（{previous.definition.reference}），请换成同一种报告")
    if previous.year != answers.year - 1:
        raise NotComparable(f"上年报告应是 {answers.year - 1} 年度的，给的是 {previous.year} 年度的，请换一份")


def _figures(answers: Answers) -> Iterator[Finding]:
    law = answers.definition.laws.figures
    for name, cell in answers.definition.cells.items():
        if name in answers.figures:
            continue
        refusal = answers.refused.get(name)
        what = str(refusal) if refusal else "没有填写，没有发生的填 0"
        yield about(law, Severity.ERROR, (name,), f"{cell.table.title}，{cell.label}", what)


def _texts(answers: Answers) -> Iterator[Finding]:
    law = answers.definition.laws.texts
    for name, text in answers.definition.texts.items():
        if text.required and not answers.paragraphs(name):
            yield about(law, Severity.ERROR, (name,), text.label, "没有填写")


def _years(answers: Answers) -> Iterator[Finding]:
    law = answers.definition.laws.years
    for name, text in answers.definition.texts.items():
        period = _PERIOD.search(answers.texts.get(name, ""))
        if period and int(period["year"]) != answers.year:
            what = f"统计期限写的是 {period['year']} 年，报告年度是 {answers.year} 年"
            yield about(law, Severity.ERROR, (name,), text.label, what)
    for section in answers.definition.sections:
        if section.states_year:
            yield from _years_of(answers, section)


def _years_of(answers: Answers, section: Section) -> Iterator[Finding]:
    law, right = answers.definition.laws.years, str(answers.year)
    spoken = {text.name: _spoken_years(answers.texts.get(text.name, "")) for text in section.texts}
    if not any(spoken.values()) or any(right in years for years in spoken.values()):
        wrong = {name: years[0] for name, years in spoken.items() if years and _opens_with_another(answers, name)}
    else:
        wrong = {name: years[0] for name, years in spoken.items() if years}
    for name, year in wrong.items():
        what = f"写的是 {year} 年，报告年度是 {right} 年"
        yield about(law, Severity.ERROR, (name,), answers.definition.texts[name].label, what)


def _opens_with_another(answers: Answers, name: str) -> bool:
    """Whether a text begins “2023年，…” and never comes to the year of the report."""
    opening = _OPENING.match(answers.texts[name])
    return bool(opening) and str(answers.year) not in _spoken_years(answers.texts[name])


def _spoken_years(text: str) -> list[str]:
    return [match["year"] for match in _YEAR.finditer(_ASIDE.sub("", text))]


# A year counts when it is said in the sentence itself: not in brackets, book titles or document numbers.
_ASIDE = re.compile(r"（[^（）]*）|\([^()]*\)|《[^《》]*》|〔[^〔〕]*〕|\[[^\[\]]*\]")
_YEAR = re.compile(r"(?<![0-9])(?P<year>20[0-9]{2})(?=年)")
_OPENING = re.compile(r"\s*20[0-9]{2}年度?[，,、我本全区县市局]")
_PERIOD = re.compile(r"(?P<year>20[0-9]{2})年1月1日.{0,3}[至到—－\-~～].{0,8}12月31日")


def _lengths(answers: Answers) -> Iterator[Finding]:
    for section in answers.definition.sections:
        if section.length is None:
            continue
        names = tuple(text.name for text in section.texts)
        long = sum(len(paragraph) for name in names for paragraph in answers.paragraphs(name))
        if long > section.length.at_most:
            what = f"{section.heading}共 {long} 字，宜在 {section.length.at_most} 字以内。{section.length.law.says}。"
            yield Finding(section.length.law.id, Severity.HINT, names, what, long, section.length.at_most)


def _relations(answers: Answers, previous: Answers | None) -> Iterator[Finding]:
    def figure(reference: Reference) -> Number | None:
        of = previous if reference.previous else answers
        return of.value(reference.name) if of else None

    for relation in relations(answers.definition):
        if not relation.rule.concerns(answers.unit.name) or (relation.looks_back and previous is None):
            continue
        finding = _look_at(answers, relation, figure)
        if finding:
            yield finding


def _look_at(answers: Answers, relation: Relation, figure: Figures) -> Finding | None:
    left, right = relation.that.left.value(figure), relation.that.right.value(figure)
    if left is None or right is None or relation.that.holds(left, right):
        return None
    return not_held(answers.definition, relation, left, right, figure)

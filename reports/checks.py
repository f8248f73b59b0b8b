"""check(): every rule of the definition against one report's answers, and last year's where there are any."""

from collections.abc import Iterator

from reports import years
from reports.answers import Answers
from reports.definition import Section, Severity, Text
from reports.findings import TOO_LONG, Finding, about, not_held
from reports.formulas import Figures, Reference
from reports.kinds import BLANK, Number
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
        what = str(refusal) if refusal else BLANK.reason
        yield about(law, Severity.ERROR, (name,), f"{cell.table.title}，{cell.label}", what)


def _texts(answers: Answers) -> Iterator[Finding]:
    law = answers.definition.laws.texts
    for name, text in answers.definition.texts.items():
        if text.required and not answers.paragraphs(name):
            yield about(law, Severity.ERROR, (name,), text.label, BLANK.reason)


def _years(answers: Answers) -> Iterator[Finding]:
    for section in answers.definition.sections:
        for text in section.texts:
            counted = years.period(answers.texts.get(text.name, "")) - {answers.year}
            if counted:
                yield _other_year(answers, text, min(counted), Severity.ERROR, "统计期限写的是")
                continue
            of = _year_told_of(answers, section, text)
            if of:
                yield _other_year(answers, text, *of)


def _other_year(answers: Answers, text: Text, year: int, severity: Severity, says: str = "写的是") -> Finding:
    what = f"{says} {year} 年，报告年度是 {answers.year} 年"
    return about(answers.definition.laws.years, severity, (text.name,), text.label, what)


def _year_told_of(answers: Answers, section: Section, text: Text) -> tuple[int, Severity] | None:
    """Another year that a text tells of, and how sure that is: a right report may well name other years."""
    year, unit, written = answers.year, answers.unit.name, answers.texts.get(text.name, "")
    opening = years.opening(written, unit)
    now = years.speaks_of_this_year(written)
    if section.states_year and year not in years.said(_whole(answers, section)):
        if opening and (abs(opening - year) == 1 or not now):
            # Further down it may be history: “2023年，网站并入县政府网站。”
            return opening, Severity.ERROR if text is section.texts[0] else Severity.EXPLAIN
        beside = years.mentioned(written) & {year - 1, year + 1}
        if beside and not years.speaks_of_this_year(_whole(answers, section)):
            return min(beside), Severity.EXPLAIN
    if year in years.said(written):
        return (opening, Severity.HINT) if opening == year - 1 else None
    if section.states_year and opening == year - 1 and not now:
        return opening, Severity.EXPLAIN
    return (year - 1, Severity.HINT) if year - 1 in years.told(written, unit) else None


def _whole(answers: Answers, section: Section) -> str:
    return "\n".join(answers.texts.get(text.name, "") for text in section.texts)


def _lengths(answers: Answers) -> Iterator[Finding]:
    for section in answers.definition.sections:
        if section.length is None:
            continue
        names = tuple(text.name for text in section.texts)
        long = sum(len(paragraph) for name in names for paragraph in answers.paragraphs(name))
        if long > section.length.at_most:
            law, at_most = section.length.law, section.length.at_most
            what = TOO_LONG.format(heading=section.heading, count=long, at_most=at_most, says=law.says)
            yield Finding(law.id, Severity.HINT, names, what, long, at_most)


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

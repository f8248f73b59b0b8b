"""The ways to begin a report, and to go on faster; each says what it will do before it does it."""

from collections.abc import Mapping, Sequence

from flask import url_for

from reports.answers import Answers
from reports.definition import Definition
from reports.starting import carried, nil
from service.desks import Way
from service.drafts import Draft
from service.explaining import label_of
from service.language import _
from service.sections import section_of
from storage.tables import Campaign, Start

# What a start fills in besides is not named one by one.
_FIGURES_SHOWN = 6
NIL = "nil"


def ways(definition: Definition, campaign: Campaign, previous: Answers | None) -> Sequence[Way]:
    """How a report can be begun, the most helpful first."""
    address = url_for("pages.start", campaign=campaign.public_id)
    zeros = _nil_way(definition, address, previous)
    blank = Way(_("从空白开始"), _("什么都不带入，自己填。"), _("开始"), address, Start.BLANK.value)
    return [_last_year(definition, address, previous, campaign.year), *zeros, blank]


def quicker_ways(draft: Draft) -> Sequence[Way]:
    """What still saves typing once a report is begun."""
    address = url_for("pages.fill_nil", public_id=draft.report.public_id)
    blank = [name for name in nil(draft.definition) if not draft.value(name).strip()]
    if not blank:
        return ()
    brings = _("{sections}还空着的 {n} 格填 0；已经填了的不动。")
    return [Way(*_nil_words(draft.definition, blank, brings), "", address, NIL)]


def done_in_words(definition: Definition, written: int, left: Mapping[str, str]) -> list[str]:
    """What a nil return filled in, and what it left because something else stood there."""
    told = [_("已在空白处填 {n} 个 0。").format(n=written) if written else _("没有空白处，什么都没有改。")]
    if left:
        named = [f"{label_of(definition, name)} {value}" for name, value in list(left.items())[:_FIGURES_SHOWN]]
        sentence = _("有 {n} 格已经填了别的数，没有改：{cells}。如果确实没有发生，请自己改成 0。")
        told.append(sentence.format(n=len(left), cells="、".join(named)))
    return told


def _last_year(definition: Definition, address: str, previous: Answers | None, year: int) -> Way:
    heading = _("沿用上年")
    if previous is None:
        brings = _("系统里没有本单位{year}年的报告，不能沿用。").format(year=year - 1)
        return Way(heading, brings, _("开始"), address, Start.LAST_YEAR.value, impossible=True)
    figures = {name: value for name, value in carried(definition, previous).items() if value != "0"}
    shown = [f"{label_of(definition, name)} {value}" for name, value in list(figures.items())[:_FIGURES_SHOWN]]
    if len(figures) > _FIGURES_SHOWN:
        shown.append(_("等 {n} 个数").format(n=len(figures)))
    brings = _("带入上年结转、现行有效这样接着上年算的数；上年的文字显示在旁边作参考，不会直接写进报告。")
    return Way(heading, brings, _("沿用上年"), address, Start.LAST_YEAR.value, tuple(shown))


def _nil_way(definition: Definition, address: str, previous: Answers | None) -> Sequence[Way]:
    zeros = nil(definition)
    if not zeros:
        return ()
    brings = _("{sections}共 {n} 格全部填 0，其余部分再自己填。")
    if previous is not None:
        brings = _("先沿用上年，再把{sections}共 {n} 格里空着的全部填 0。")
    return [Way(*_nil_words(definition, list(zeros), brings), _("全部填 0"), address, NIL)]


def _nil_words(definition: Definition, names: Sequence[str], brings: str) -> tuple[str, str]:
    """What the definition calls it when nothing happened in the sections of these cells, and what is done there."""
    sections = dict.fromkeys(section_of(definition, name) for name in names)
    headings = "".join(f"“{section.heading}”" for section in sections)
    return "，".join(section.nil for section in sections), brings.format(sections=headings, n=len(names))

"""What was typed and could not be kept, told so that nobody has to type it again."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from reports.drafting import Typed
from service.drafts import Draft
from service.explaining import label_of
from service.language import _
from service.moves import people
from service.pages.form_page import Clash, Trouble, Unsaved
from service.words import moment
from storage.filing.fields import NotOpen, Outcome
from storage.tables import Field


def not_all_kept(session: Session, draft: Draft, typed: Mapping[str, Typed], outcome: Outcome) -> Trouble:
    """Conflicts with both values, and what no field can hold with the reason; the rest is kept."""
    names = people(session, [field.changed_by for field in outcome.conflicts])
    clashes = tuple(_clash(draft, field, typed[field.name], names) for field in outcome.conflicts)
    refused = tuple(
        Unsaved(one.name, f"{_where(draft, one.name)}：{one.reason}，{one.remedy}", _written(typed[one.name]))
        for one in outcome.refused
        if one.name in typed
    )
    if clashes:
        title = _("有 {n} 处与他人不同，没有覆盖").format(n=len(clashes))
        remedy = _(
            "下面是两边的内容，格里是您填的。要用您填的，再按一次“暂存”；要用已保存的，按“用已保存的”。其余都已保存。"
        )
    else:
        title = _("有 {n} 处没有收下").format(n=len(refused))
        remedy = _("请在格里改正后再按“暂存”，填的内容都还在。其余都已保存。")
    return Trouble(title, remedy, clashes, refused)


def too_late(draft: Draft, typed: Mapping[str, Typed], error: NotOpen) -> Trouble:
    """The report was sent meanwhile: what was typed can only be copied."""
    unsaved = tuple(Unsaved(name, _where(draft, name), _written(one)) for name, one in typed.items())
    return Trouble(_("刚才填写的没有保存"), error.for_person, unsaved=unsaved)


def _clash(draft: Draft, field: Field, typed: Typed, names: Mapping[str, str]) -> Clash:
    who = _("{by} 于 {at} 保存的").format(by=names[field.changed_by], at=moment(field.changed_at)[-5:])
    stored = _written((field.value, field.note))
    return Clash(field.name, _where(draft, field.name), who, stored, _written(typed))


def _where(draft: Draft, name: str) -> str:
    rule, at, about = name.partition("@")
    if not at:
        return label_of(draft.definition, name) if name in draft.definition.cells | draft.definition.texts else name
    return _("{where}的原因（{rule}）").format(where=_where(draft, about), rule=rule)


def _written(typed: Typed) -> str:
    value, note = typed
    return f"{value}（{note}）" if note else value

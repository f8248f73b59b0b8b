"""What a reviewer sends with a decision, and what is said to who came second."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from reports.characters import blank, clean
from reports.deadlines import working_days_on
from reports.states import Move
from service.deadlines import today
from service.language import _
from service.moves import day, move_in_words, people
from service.reviewing.cases import Case
from service.reviewing.phrases import phrases
from service.words import moment
from storage.filing.reviewing import Overtaken, Return
from storage.filing.steps import last_step
from storage.tables import Report

LONGEST: Final = 2_000
# How long a unit usually has to mend what was returned, in working days; and the longest that is no slip.
USUAL_DAYS: Final = 3
_FARTHEST: Final = timedelta(days=366)
# More than any count of submissions or of comments.
_DIGITS: Final = 9


@dataclass(frozen=True)
class Typed:
    """What was typed into a form of the review, kept when it could not be done; `open` is the form to show again."""

    open: str = ""
    remark: str = ""
    due_on: str = ""
    on: str = ""
    quote: str = ""
    text: str = ""
    wrong: Mapping[str, str] = field(default_factory=dict)


def usual_day() -> date:
    """The new day of a return, unless the reviewer names another."""
    return working_days_on(today(), USUAL_DAYS)


def return_in(form: MultiDict[str, str], form_name: str) -> Typed:
    """A return as it was sent, with what is wrong with it; a sentence that was ticked stands behind what was typed."""
    known = dict(enumerate(phrases()))
    ticked = [known[number_in(one)] for one in form.getlist("phrase") if number_in(one) in known]
    remark, _gone = clean("\n".join(filter(None, (form.get("remark", "").strip(), *ticked))))
    typed = Typed(form_name, remark=remark, due_on=form.get("due_on", "").strip())
    wrong = {"remark": _too_long(remark), "due_on": _not_a_day(typed.due_on)}
    return Typed(form_name, remark, typed.due_on, wrong={name: why for name, why in wrong.items() if why})


def as_return(typed: Typed, form: MultiDict[str, str], move: Move) -> Return:
    """The return that a form asks for, when nothing is wrong with it."""
    noted = [number_in(one) for one in form.getlist("noted")]
    return Return(typed.remark, date.fromisoformat(typed.due_on), noted, move)


def without_reason(typed: Typed, case: Case) -> str:
    """Why a return says nothing; "" when it has a reason, or a word on some place."""
    if typed.remark or case.noted:
        return ""
    return _("请写明退回的原因，或者先在有问题的地方写批注，填报人才知道改什么。")


def comment_in(form: MultiDict[str, str], case: Case) -> Typed:
    """A word as it was sent, with what is wrong with it; a quote that is no paragraph of its text is left out."""
    name, text = form.get("name", ""), clean(form.get("text", "").strip())[0]
    quote = clean(form.get("quote", ""))[0].strip()
    cells, texts = case.answers.definition.cells, case.answers.definition.texts
    known = name in cells or name in texts
    quoted = quote if name in texts and quote in case.answers.paragraphs(name) else ""
    why = _("请写批注的内容") if blank(text) else _too_long(text)
    return Typed("comment", on=name if known else "", quote=quoted, text=text, wrong={"text": why} if why else {})


def unread_in(form: MultiDict[str, str]) -> Typed:
    """A word on a report that is no longer there to be read."""
    return Typed("comment", text=clean(form.get("text", "").strip())[0])


def number_in(written: str) -> int:
    """A number of ours as a form sent it back; 0 for what is none."""
    return int(written) if written.isascii() and written.isdecimal() and len(written) <= _DIGITS else 0


def said(overtaken: Overtaken) -> str:
    """Why an act was not done, in the language of the page."""
    return _(overtaken.for_person)


def sent_again() -> str:
    """What is said of a report that was sent again since the page was loaded."""
    return _("刚又报送了一次，请看过新的内容")


def what_happened(session: Session, report: Report) -> str:
    """Who did what last, and when: 沈岚 2026-01-19 10:21 审核通过."""
    last = last_step(session, report, *Move)
    if last is None:
        return ""
    who, (word, _look) = people(session, [last.by])[last.by], move_in_words(last.move)
    return _("{who} {when} {act}").format(who=who, when=moment(last.at), act=word)


def _too_long(text: str) -> str:
    if len(text) <= LONGEST:
        return ""
    return _("最多 {most} 字，现在有 {n} 字，请删减").format(most=LONGEST, n=len(text))


def _not_a_day(written: str) -> str:
    try:
        due = date.fromisoformat(written)
    except ValueError:
        return _("请填写重新报送的截止日期，例如 {example}").format(example=usual_day().isoformat())
    if due < today():
        return _("截止日期不能早于今天（{today}）").format(today=day(today()))
    if due > today() + _FARTHEST:
        return _("截止日期在一年以后，请核对")
    return ""

"""What a reviewer has chosen to see of the queue, kept while the browser is open: it is there when one comes back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from flask import request, session

from service.language import _

# Where the browser's cookie keeps it.
_KEPT: Final = "review"
# More letters than any unit's name; the cookie has little room.
_LONGEST: Final = 40


class Chip(StrEnum):
    """Which reports are shown."""

    PENDING = "pending"
    RETURNED = "returned"
    UNSENT = "unsent"
    LATE = "late"
    APPROVED = "approved"
    EXPLAINED = "explained"
    ALIKE = "alike"


class Order(StrEnum):
    """In which order: who has waited longest in front, unless somebody wants it otherwise."""

    OLDEST = "oldest"
    NEWEST = "newest"
    ROSTER = "roster"
    EXPLAINED = "explained"
    ALIKE = "alike"


@dataclass(frozen=True, slots=True)
class View:
    """A filter, an order, words to look for, and a page of what is left, counted from 1."""

    chip: Chip = Chip.PENDING
    order: Order = Order.OLDEST
    words: str = ""
    page: int = 1

    def to(self, **other: Any) -> dict[str, str | int]:
        """The address of another view, as parameters: whatever changes, it begins at the first page."""
        view = replace(self, **{"page": 1, **other})
        return {"show": view.chip.value, "order": view.order.value, "q": view.words, "page": view.page}


def chosen() -> View:
    """The view that the address asks for, else the one of before; kept for the next time."""
    kept = session.get(_KEPT) or {}
    view = _read(
        {**kept, **{name: request.args[name] for name in ("show", "order", "q", "page") if name in request.args}}
    )
    told = {"show": view.chip.value, "order": view.order.value, "q": view.words, "page": view.page}
    if told != kept:
        session[_KEPT] = told
    return view


def kept() -> View:
    """The view of before."""
    return _read(session.get(_KEPT) or {})


def chips_in_words() -> Mapping[Chip, str]:
    """What each filter is called."""
    return {
        Chip.PENDING: _("待审"),
        Chip.RETURNED: _("已退回"),
        Chip.UNSENT: _("未提交"),
        Chip.LATE: _("逾期"),
        Chip.APPROVED: _("已通过"),
        Chip.EXPLAINED: _("有说明"),
        Chip.ALIKE: _("疑似雷同"),
    }


def orders_in_words() -> Mapping[Order, str]:
    """What each order is called."""
    return {
        Order.OLDEST: _("先提交的在前"),
        Order.NEWEST: _("后提交的在前"),
        Order.ROSTER: _("按单位名录"),
        Order.EXPLAINED: _("说明多的在前"),
        Order.ALIKE: _("雷同多的在前"),
    }


def _read(told: Mapping[str, Any]) -> View:
    view = View()
    page = str(told.get("page", "1"))
    return View(
        _one_of(Chip, told.get("show"), view.chip),
        _one_of(Order, told.get("order"), view.order),
        str(told.get("q", "")).strip()[:_LONGEST],
        max(1, int(page)) if page.isascii() and page.isdecimal() and len(page) < len("100000") else 1,
    )


def _one_of(kind: type[Any], told: object, otherwise: Any) -> Any:
    return kind(told) if told in {one.value for one in kind} else otherwise

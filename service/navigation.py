"""The main places of the service, as far as whoever is signed in may go there."""

from dataclasses import dataclass

from flask import Flask, current_app, request, url_for

from service.language import _
from storage.people.policy import Act, Person, can, can_anywhere


@dataclass(frozen=True, slots=True)
class Place:
    """A link in the bar; `here` when the page is one of this place."""

    word: str
    address: str
    here: bool


def set_up(app: Flask) -> None:
    app.jinja_env.globals["places"] = places


def places(person: Person) -> list[Place]:
    """Where this person can go, the most used first."""
    return [
        Place(word, url_for(endpoint), _is_here(endpoint))
        for endpoint, word in _offered(person)
        if endpoint in current_app.view_functions
    ]


def _is_here(endpoint: str) -> bool:
    # Whatever lies below a place is of it: one report under review, of the queue.
    address = url_for(endpoint)
    return request.endpoint == endpoint or (address != "/" and request.path.startswith(f"{address}/"))


def _offered(person: Person) -> list[tuple[str, str]]:
    offered = []
    if can_anywhere(person, Act.FILL, Act.SIGN):
        offered += [("pages.home", _("首页"))]
    if can_anywhere(person, Act.REVIEW):
        offered += [
            ("pages.overview", _("总览")),
            ("pages.review", _("审核")),
            ("pages.batches_page", _("批次")),
            ("pages.publishing", _("公布")),
            ("pages.units", _("单位")),
            ("pages.reports", _("报告")),
        ]
    if can(person, Act.ACCOUNTS):
        offered += [("pages.accounts", _("账号管理"))]
    if can(person, Act.SYSTEM):
        offered += [("pages.units", _("单位"))] if not can_anywhere(person, Act.REVIEW) else []
        offered += [("pages.templates", _("模板"))]
    if can(person, Act.AUDIT):
        offered += [("pages.audit", _("审计"))]
    if can(person, Act.SYSTEM):
        offered += [("pages.system", _("系统"))]
    if can_anywhere(person, Act.HAND_IN) or can(person, Act.SYSTEM):
        offered += [("api_docs.page", _("接口"))]
    return offered

"""Which language pages are in: Chinese, or English for whoever asked for it."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from babel.messages.pofile import read_po
from flask import Blueprint, Flask, g, redirect, request
from werkzeug.wrappers import Response

from reports.wording import _, speak
from service import access

__all__ = ["_", "browser_words", "language"]

CHINESE, ENGLISH = "zh", "en"
# Each in itself, so that everybody finds the own one.
LANGUAGES: Final = {CHINESE: "中文", ENGLISH: "English"}
HTML: Final = {CHINESE: "zh-CN", ENGLISH: "en"}
COOKIE: Final = "language"
_CATALOGUES: Final = Path(__file__).parent / "translations"
_A_YEAR: Final = 365 * 24 * 60 * 60
_OF_THE_BROWSER: Final = re.compile(r"service/static/.*\.js$")

switch = Blueprint("language", __name__)


def set_up(app: Flask) -> None:
    app.register_blueprint(switch)
    app.before_request(_listen)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    # Old style: `{{ _("{n} 处").format(n=3) }}`, as in Python, and a percent sign is a percent sign.
    app.jinja_env.install_gettext_callables(_, lambda one, many, number: _(one), newstyle=False)  # type: ignore[attr-defined]
    app.jinja_env.globals.update(LANGUAGES=LANGUAGES, HTML=HTML, language=language, browser_words=browser_words)


def language() -> str:
    """The language of this request."""
    return str(g.get("language", CHINESE))


def browser_words() -> Mapping[str, str]:
    """What our scripts say, by the Chinese sentence they know it by; nothing when they may say just that."""
    return {} if language() == CHINESE else _words_of_scripts(language())


@switch.post("/language")
@access.everybody
def choose() -> Response:
    wanted = request.form.get("language", CHINESE)
    response = redirect(access.local_address(request.form.get("next")), 303)
    if wanted in LANGUAGES:
        secure = request.is_secure
        response.set_cookie(COOKIE, wanted, max_age=_A_YEAR, samesite="Lax", httponly=True, secure=secure)
    return response


def _listen() -> None:
    wanted = request.cookies.get(COOKIE, CHINESE)
    g.language = wanted if wanted in LANGUAGES else CHINESE
    said = {} if g.language == CHINESE else catalogue(g.language)
    speak(lambda sentence: said.get(sentence, sentence))


@cache
def catalogue(wanted: str) -> Mapping[str, str]:
    """Every sentence in another language, by the Chinese one."""
    return {str(one.id): str(one.string) for one in _messages(wanted) if one.id and one.string}


@cache
def _words_of_scripts(wanted: str) -> Mapping[str, str]:
    return {
        str(one.id): str(one.string)
        for one in _messages(wanted)
        if one.string and any(_OF_THE_BROWSER.search(file) for file, _line in one.locations)
    }


def _messages(wanted: str):  # type: ignore[no-untyped-def]
    with (_CATALOGUES / f"{wanted}.po").open("rb") as file:
        return list(read_po(file, locale=wanted))

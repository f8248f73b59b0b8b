"""How pages and commands speak of accounts: roles, standing, and the browsers in which somebody is signed in."""

import re
from typing import Final

from flask import Flask

from service.language import _
from service.words import State
from storage.people.directory import Standing
from storage.tables import Role

# The first that fits: most browsers also call themselves Chrome, and everything else Safari.
_BROWSERS: Final = (
    (r"QIHU|QIEBrowser|360[SE]E", "360"),
    (r"Qaxbrowser", "奇安信"),
    (r"QQBrowser", "QQ"),
    (r"WPS", "WPS"),
    (r"Edg[eA]?/", "Edge"),
    (r"Firefox/", "Firefox"),
    (r"Chrom(e|ium)/", "Chrome"),
    (r"Safari/", "Safari"),
)
_SYSTEMS: Final = (
    (r"Windows", "Windows"),
    (r"Android", "Android"),
    (r"iPhone|iPad", "iOS"),
    (r"Mac OS", "macOS"),
    (r"Linux", "Linux"),
)


def set_up(app: Flask) -> None:
    app.add_template_filter(browser_word)
    app.jinja_env.globals.update(role_word=role_word, standing_word=standing_word)


def browser_word(told: str) -> str:
    """A browser by the name people know it by, as far as it says who it is."""
    names = [next((name for pattern, name in known if re.search(pattern, told)), "") for known in (_BROWSERS, _SYSTEMS)]
    return " · ".join(name for name in names if name) or _("未知的浏览器")


def role_word(role: Role) -> str:
    """What a role is called."""
    return {
        Role.CLERK: _("填报人"),
        Role.HEAD: _("审签人"),
        Role.REVIEWER: _("审核人"),
        Role.SYSTEM: _("系统管理员"),
        Role.SECURITY: _("安全管理员"),
        Role.AUDIT: _("审计管理员"),
    }[role]


def standing_word(standing: Standing) -> State:
    """What the standing of an account is called, and the look that repeats it."""
    return {
        Standing.IN_FORCE: State(_("有效"), "ok"),
        Standing.INVITED: State(_("待激活"), "ask"),
        Standing.DISABLED: State(_("已停用"), ""),
    }[standing]

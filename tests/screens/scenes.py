"""What there is to see: a scene is a page somebody opens, and what is done there before the picture is taken."""

from dataclasses import dataclass

from tests.screens.administration import hands_in_a_template, looks_at_a_list
from tests.screens.plays import (
    Play,
    brings_roster,
    chooses,
    differs,
    enters,
    finishes_batch,
    follows,
    goes_offline,
    hands_in,
    invited,
    is_shut_out,
    last_year_published,
    of,
    opens,
    pastes,
    presses,
    previews,
    read_in_public,
    reviews,
    signs,
    starts_batch,
)


@dataclass(frozen=True)
class Scene:
    """A picture: its name, who is signed in, what happens first; `whole` shows the page to its end."""

    name: str
    login: str
    play: Play
    whole: bool = True


_BLOCK = "12\t3\t0\t0\t1\t0\t16\n1\t0\t0\t0\t无\t0\t1\n7\t2\t0\t0\t0\t0\t9\n"
_NOT_A_REPORT = {"definition": "open-government-annual/2021", "unit": "云溪区统计局", "year": 2025, "cells": {"a": -1}}

GOVERNMENT, BUREAU, TOWN = "云溪区人民政府", "云溪区教育局", "三河口镇人民政府"
SCENES = (
    Scene("sign-in", "", opens("/sign-in")),
    Scene("sign-in-refused", "", enters("jiaoyu", "not-this-one")),
    Scene("invitation", "", invited()),
    Scene("invitation-used", "", opens("/invitation?token=used")),
    Scene("home-returned", "jiaoyu", opens("/")),
    Scene("home-not-begun", "xinfang", opens("/")),
    Scene("home-two-units", "bangongshi", opens("/")),
    Scene("home-head", "shuiwu.juzhang", opens("/")),
    Scene("home-no-campaign", "fangzhi", opens("/")),
    Scene("home-exempt", "shiwu", opens("/")),
    Scene("form-figures", "bangongshi", of(GOVERNMENT, "/fill/requests")),
    Scene("form-last-year", "bangongshi", of(GOVERNMENT, "/fill/requests?was=1")),
    Scene("form-paste", "bangongshi", pastes(GOVERNMENT, _BLOCK), whole=False),
    Scene("form-texts", "jiaoyu", of(BUREAU, "/fill/overview")),
    Scene("form-offline", "jiaoyu", goes_offline(BUREAU, "problems"), whole=False),
    Scene("form-signed-out", "jiaoyu", is_shut_out(BUREAU, "problems"), whole=False),
    Scene("form-comments", "jiaoyu", presses(of(BUREAU, "/fill/problems"), 'a[href="#comments"]')),
    Scene("form-documents", "jiaoyu", of(BUREAU, "/fill/proactive")),
    Scene("form-disputes", "jiaoyu", of(BUREAU, "/fill/disputes")),
    Scene("findings", "bangongshi", of(GOVERNMENT, "/findings")),
    Scene("preview", "jiaoyu", previews(BUREAU), whole=False),
    Scene("send", "jiaoyu", of(BUREAU, "/send")),
    Scene("send-blocked", "bangongshi", of(GOVERNMENT, "/send")),
    Scene("sign", "shuiwu.juzhang", previews("云溪区水务局", "/sign")),
    Scene("receipt", "sanhekou", signs(TOWN)),
    Scene("home-sent", "sanhekou", signs(TOWN, "/")),
    Scene("report", "jiaoyu", of(BUREAU, "", years_ago=1)),
    Scene("publishing", "shenhe", opens("/publishing")),
    Scene("publishing-last-year", "shenhe", last_year_published()),
    Scene("publishing-statement", "shenhe", last_year_published("公布情况说明")),
    Scene("public-catalogue", "", opens("/public/")),
    Scene("public-report", "", read_in_public(BUREAU, years_ago=1)),
    Scene("public-statistics", "", follows("/public/data", "汇总")),
    Scene("public-data", "", opens("/public/data")),
    Scene("overview", "shenhe", opens("/overview")),
    Scene("units", "shenhe", opens("/units")),
    Scene("unit", "shenhe", presses(opens("/units?like=yxqjyj"), "table.roll tbody th a")),
    Scene("units-import", "shenhe", opens("/units/import")),
    Scene("units-difference", "shenhe", brings_roster()),
    Scene("campaign", "shenhe", presses(opens("/campaigns"), "table.roll tbody th a")),
    Scene("campaign-new", "shenhe", opens("/campaigns/new")),
    Scene("roster-entry", "shenhe", presses(presses(opens("/campaigns"), "table.roll tbody th a"), "td.right a")),
    Scene("reminders", "shenhe", opens("/reminders")),
    Scene("reminders-preview", "shenhe", presses(opens("/reminders"), "form[action='/reminders/preview'] .btn.main")),
    Scene("reminders-calls", "shenhe", opens("/reminders/calls")),
    Scene("review", "shenhe", opens("/review")),
    Scene("review-figures", "shenhe", reviews("云溪区交通运输局")),
    Scene("review-texts", "shenhe", reviews("云溪区医疗保障局", "2")),
    Scene("review-sent-again", "shenhe", reviews("云溪区民政局")),
    Scene("review-return", "shenhe", reviews("云溪区交通运输局", "r"), whole=False),
    Scene("review-approve", "shenhe", reviews("云溪区交通运输局", "a"), whole=False),
    Scene("reports", "shenhe", opens("/reports")),
    Scene("batches", "shenhe", opens("/batches")),
    Scene("batch", "shenhe", starts_batch()),
    Scene("batch-units", "shenhe", starts_batch("/units?show=left_out")),
    Scene("batch-finished", "shenhe", finishes_batch()),
    Scene("archives", "shenhe", opens("/archives")),
    Scene("capacity", "xitong", opens("/capacity?units=3000&hours=0.25")),
    Scene("file-refused", "shenhe", hands_in(_NOT_A_REPORT)),
    Scene("account", "jiaoyu", opens("/account")),
    Scene("password", "jiaoyu", opens("/account/password")),
    Scene("password-refused", "jiaoyu", chooses("jiaoyu", "jiaoyu2025", "jiaoyu2025")),
    Scene("accounts", "anquan", opens("/accounts")),
    Scene("accounts-open", "anquan", presses(opens("/accounts?like=周"), "summary")),
    Scene("accounts-import", "anquan", opens("/accounts/import")),
    Scene("accounts-import-look", "anquan", looks_at_a_list()),
    Scene("templates", "xitong", hands_in_a_template("/templates")),
    Scene("template", "xitong", hands_in_a_template()),
    Scene("template-pages", "xitong", hands_in_a_template("/trials/example"), whole=False),
    Scene("audit", "shenji", opens("/audit?group=report")),
    Scene("audit-checked", "shenji", presses(opens("/audit?group=account"), ".ends form .btn"), whole=False),
    Scene("system", "xitong", opens("/system")),
    Scene("definition", "xitong", opens("/system/definitions/open-government-annual/2021")),
    Scene("duties", "shenji", opens("/")),
    Scene("nothing-there", "jiaoyu", opens("/reports/nothing")),
    # Last: it changes a figure.
    Scene(
        "form-conflict",
        "bangongshi",
        differs(GOVERNMENT, "requests", "requests.received.natural_person", "41", "14"),
        whole=False,
    ),
)

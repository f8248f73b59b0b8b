"""Every address of the web and who may call it. Whoever adds a route adds its line here.

`tests/service/test_who_may_what.py` goes through it. "Own" means: with the report, unit or campaign of
临溪县市场监督管理局, for which the clerk and the head are appointed and which the reviewer's office supervises.
With 澜江市's nobody of them may do anything.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

CLERK, HEAD, REVIEWER, SYSTEM, SECURITY, AUDIT, NOBODY = (
    "clerk",
    "head",
    "reviewer",
    "system",
    "security",
    "audit",
    "nobody",
)
ROLES = frozenset({CLERK, HEAD, REVIEWER, SYSTEM, SECURITY, AUDIT, NOBODY})
OF_UNIT = frozenset({CLERK, HEAD})
READERS = frozenset({CLERK, HEAD, REVIEWER})


@dataclass(frozen=True)
class Everybody:
    """No sign-in needed."""


@dataclass(frozen=True)
class Programs:
    """An API key, and no cookie, opens it."""


@dataclass(frozen=True)
class Newcomers:
    """Everybody who is signed in, even while a new password is due."""

    roles: frozenset[str] = ROLES
    sent: Any = None


@dataclass(frozen=True)
class People:
    """These roles, signed in; where the address names something of a unit, only with the own one."""

    roles: frozenset[str] = ROLES
    # What a request needs before it is looked at, as JSON, or as a form with the names of the unit's things in it.
    sent: Any = None
    form: Any = None


EVERYBODY, PROGRAMS = Everybody(), Programs()
ROUTES: dict[str, Everybody | Programs | Newcomers | People] = {
    "GET /": People(),
    "GET /account": People(),
    "GET /account/password": Newcomers(),
    "POST /account/password": Newcomers(),
    "POST /account/sessions/<public_id>/end": People(),
    "GET /accounts": People(frozenset({SECURITY})),
    "POST /accounts": People(frozenset({SECURITY})),
    "GET /accounts/import": People(frozenset({SECURITY})),
    "GET /accounts/import/blank.xlsx": People(frozenset({SECURITY})),
    "POST /accounts/import": People(frozenset({SECURITY})),
    "POST /accounts/import/carry-out": People(frozenset({SECURITY})),
    "POST /accounts/invitations": People(frozenset({SECURITY})),
    "POST /accounts/invitations.xlsx": People(frozenset({SECURITY})),
    "POST /accounts/<public_id>/<any(appoint, dismiss):how>": People(frozenset({SECURITY})),
    "POST /accounts/<public_id>/<any(disable, enable):how>": People(frozenset({SECURITY})),
    "POST /accounts/<public_id>/<any(invite, reset):how>": People(frozenset({SECURITY})),
    "GET /archives": People(frozenset({REVIEWER})),
    "GET /archives/<campaign>/<any(all, pdf, word):scope>.zip": People(frozenset({REVIEWER})),
    "GET /capacity": People(frozenset({SYSTEM})),
    "GET /api/docs": EVERYBODY,
    "GET /api/docs/<asset>": EVERYBODY,
    "GET /api/openapi.json": EVERYBODY,
    "GET /api/v1/definitions": PROGRAMS,
    "GET /api/v1/definitions/<id>/<edition>/schema": PROGRAMS,
    "GET /api/v1/documents/<public_id>": PROGRAMS,
    "GET /api/v1/jobs/<public_id>": PROGRAMS,
    "POST /api/v1/jobs/<public_id>/again": PROGRAMS,
    "GET /api/v1/reports": PROGRAMS,
    "POST /api/v1/reports": PROGRAMS,
    "GET /api/v1/reports/<public_id>": PROGRAMS,
    "GET /batches": People(frozenset({REVIEWER})),
    "POST /batches": People(frozenset({REVIEWER}), form={"campaign": "<campaign>"}),
    "GET /batches/<batch>": People(frozenset({REVIEWER})),
    "GET /batches/<batch>/state": People(frozenset({REVIEWER})),
    "POST /batches/<batch>/<any(pause, resume, cancel):how>": People(frozenset({REVIEWER})),
    "POST /batches/<batch>/retry": People(frozenset({REVIEWER})),
    "GET /batches/<batch>/units": People(frozenset({REVIEWER})),
    "GET /batches/<batch>/units/<unit>": People(frozenset({REVIEWER})),
    "GET /definitions/<id>/<edition>/rules.json": People(),
    "GET /documents/<document>": People(READERS),
    "GET /documents/<document>/pages/<int:number>.png": People(READERS),
    "GET /healthz": EVERYBODY,
    "GET /invitation": EVERYBODY,
    "POST /invitation": EVERYBODY,
    "POST /language": EVERYBODY,
    "GET /metrics": EVERYBODY,
    "GET /public/": EVERYBODY,
    "GET /public/appearance": EVERYBODY,
    "GET /public/data": EVERYBODY,
    "GET /public/data/<int:year>.<any(xlsx, csv, json):ending>": EVERYBODY,
    "GET /public/reports/<public_id>": EVERYBODY,
    "GET /public/reports/<public_id>.<any(pdf, docx, xlsx, csv, json):ending>": EVERYBODY,
    "GET /public/reports/<public_id>/<int:number>": EVERYBODY,
    "GET /public/reports/<public_id>/<int:number>.<any(pdf, docx, xlsx, csv, json):ending>": EVERYBODY,
    "GET /public/schemas/<id>/<edition>.json": EVERYBODY,
    "GET /public/statistics/<int:year>": EVERYBODY,
    "GET /publishing": People(frozenset({REVIEWER})),
    "POST /publishing": People(frozenset({REVIEWER})),
    "POST /publishing/reports/<public_id>/correct": People(frozenset({REVIEWER})),
    "GET /publishing/reports/<public_id>/qr.svg": People(frozenset({REVIEWER})),
    "POST /publishing/reports/<public_id>/withdraw": People(frozenset({REVIEWER})),
    "GET /publishing/statement": People(frozenset({REVIEWER})),
    "GET /overview": People(frozenset({REVIEWER})),
    "GET /overview/list.xlsx": People(frozenset({REVIEWER})),
    "GET /readyz": EVERYBODY,
    "GET /reminders": People(frozenset({REVIEWER})),
    "POST /reminders": People(frozenset({REVIEWER}), form={"campaign": "<campaign>"}),
    "GET /reminders/calls": People(frozenset({REVIEWER})),
    "POST /reminders/cancel": People(frozenset({REVIEWER}), form={"campaign": "<campaign>"}),
    "POST /reminders/edit": People(frozenset({REVIEWER}), form={"campaign": "<campaign>"}),
    "POST /reminders/preview": People(frozenset({REVIEWER}), form={"campaign": "<campaign>"}),
    "GET /reports": People(frozenset({REVIEWER})),
    "POST /reports": People(frozenset({REVIEWER})),
    "GET /reports/<public_id>": People(READERS),
    "GET /campaigns": People(frozenset({REVIEWER})),
    "GET /campaigns/<campaign>": People(frozenset({REVIEWER})),
    "POST /campaigns/<campaign>/close": People(frozenset({REVIEWER})),
    "POST /campaigns/<campaign>/days": People(frozenset({REVIEWER})),
    "POST /campaigns/<campaign>/units": People(frozenset({REVIEWER})),
    "GET /campaigns/<campaign>/units/<unit>": People(frozenset({REVIEWER})),
    "POST /campaigns/<campaign>/units/<unit>/<any(exempt, expect, extend, shorten):how>": People(frozenset({REVIEWER})),
    "GET /campaigns/new": People(frozenset({REVIEWER})),
    "POST /campaigns/new": People(frozenset({REVIEWER})),
    "POST /campaigns/<campaign>/start": People(OF_UNIT, form={"unit": "<unit>", "way": "blank"}),
    "POST /reports/<public_id>/again": People(READERS),
    "POST /reports/<public_id>/fields": People(OF_UNIT, sent={"changes": []}),
    "GET /reports/<public_id>/files": People(READERS),
    "GET /reports/<public_id>/fill": People(READERS),
    "GET /reports/<public_id>/fill/<section>": People(READERS),
    "POST /reports/<public_id>/fill/<section>": People(OF_UNIT),
    "GET /reports/<public_id>/findings": People(READERS),
    "POST /reports/<public_id>/findings": People(OF_UNIT),
    "POST /reports/<public_id>/nil": People(OF_UNIT),
    "GET /reports/<public_id>/preview": People(OF_UNIT),
    "POST /reports/<public_id>/preview": People(OF_UNIT),
    "GET /reports/<public_id>/preview/state": People(OF_UNIT),
    "GET /reports/<public_id>/receipt": People(READERS),
    "GET /reports/<public_id>/row": People(READERS),
    "GET /reports/<public_id>/send": People(OF_UNIT),
    "POST /reports/<public_id>/send": People(OF_UNIT),
    "GET /reports/<public_id>/sign": People(frozenset({HEAD})),
    "POST /reports/<public_id>/sign": People(frozenset({HEAD})),
    "POST /reports/<public_id>/withdraw": People(OF_UNIT),
    "GET /robots.txt": EVERYBODY,
    "GET /review": People(frozenset({REVIEWER})),
    "POST /review/approve": People(frozenset({REVIEWER})),
    "POST /review/start": People(frozenset({REVIEWER})),
    "GET /review/<public_id>": People(frozenset({REVIEWER})),
    "POST /review/<public_id>/<any(return,reopen):how>": People(
        frozenset({REVIEWER}), form={"remark": "请核对", "due_on": date.today().isoformat(), "seen": "1"}
    ),
    "POST /review/<public_id>/approve": People(frozenset({REVIEWER}), form={"seen": "1"}),
    "POST /review/<public_id>/begin": People(frozenset({REVIEWER})),
    "POST /review/<public_id>/comments": People(frozenset({REVIEWER}), form={"go": "add", "text": "请核对"}),
    "POST /review/<public_id>/looking": People(frozenset({REVIEWER})),
    "GET /review/<public_id>/next": People(frozenset({REVIEWER})),
    "GET /scripts/<version>/<path:name>": EVERYBODY,
    "GET /sign-in": EVERYBODY,
    "GET /sitemap.xml": EVERYBODY,
    "POST /sign-in": EVERYBODY,
    "POST /sign-out": EVERYBODY,
    "GET /static/<path:filename>": EVERYBODY,
    "GET /units": People(frozenset({REVIEWER, SYSTEM})),
    "GET /units/<unit>": People(frozenset({REVIEWER, SYSTEM})),
    "POST /units/<unit>": People(frozenset({REVIEWER, SYSTEM})),
    "POST /units/<unit>/<any(end, merge, anew, revive):how>": People(frozenset({REVIEWER, SYSTEM})),
    "POST /units/<unit>/place": People(frozenset({REVIEWER, SYSTEM})),
    "GET /units/import": People(frozenset({REVIEWER, SYSTEM})),
    "POST /units/import": People(frozenset({REVIEWER, SYSTEM})),
    "POST /units/import/apply": People(frozenset({REVIEWER, SYSTEM})),
    "GET /units/new": People(frozenset({REVIEWER, SYSTEM})),
    "POST /units/new": People(frozenset({REVIEWER, SYSTEM})),
    "GET /units/roster.xlsx": People(frozenset({REVIEWER, SYSTEM})),
    "GET /system": People(frozenset({SYSTEM})),
    "GET /system/definitions/<id>/<edition>": People(frozenset({SYSTEM})),
    "GET /templates": People(frozenset({SYSTEM})),
    "POST /templates": People(frozenset({SYSTEM}), form={"definition": "open-government-annual/2021"}),
    "GET /templates/bundled/<id>/<edition>/file": People(frozenset({SYSTEM})),
    "POST /templates/bundled/<id>/<edition>/activate": People(frozenset({SYSTEM})),
    "GET /templates/<public_id>": People(frozenset({SYSTEM})),
    "GET /templates/<public_id>/<any(example, bundled):which>/<int:number>.png": People(frozenset({SYSTEM})),
    "POST /templates/<public_id>/activate": People(frozenset({SYSTEM})),
    "POST /templates/<public_id>/again": People(frozenset({SYSTEM})),
    "GET /templates/<public_id>/file": People(frozenset({SYSTEM})),
    "GET /templates/<public_id>/state": People(frozenset({SYSTEM})),
    "POST /templates/<public_id>/trials": People(frozenset({SYSTEM})),
    "GET /templates/<public_id>/trials/<job>": People(frozenset({SYSTEM})),
    "GET /templates/<public_id>/trials/<job>/<int:number>.png": People(frozenset({SYSTEM})),
    "GET /audit": People(frozenset({AUDIT})),
    "POST /audit/check": People(frozenset({AUDIT})),
    "POST /audit/export": People(frozenset({AUDIT})),
}


def of_kind(*kinds: type) -> list[str]:
    """The addresses that are opened in one of these ways."""
    return sorted(address for address, rule in ROUTES.items() if isinstance(rule, kinds))

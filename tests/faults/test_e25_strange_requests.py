"""Requests nobody would think of: made from our own description of the API, and every role at every address."""

import re
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
import schemathesis
from flask import Flask, jsonify
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.checks import ignored_auth, not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from service import access, create_app
from storage.people.keys import create_key
from storage.session import session_scope
from storage.settings import Settings
from tests.faults.conftest import Experiment
from tests.people import MARKET, as_json, ordinary_report
from tests.service import routes
from tests.service.routes import ROUTES, Everybody, Programs
from tests.service.test_who_may_what import FOREIGN, OWN, World, pattern, world  # noqa: F401 - the fixtures
from tests.service.visitors import Browser

CHECKS = [
    not_a_server_error,
    ignored_auth,
    negative_data_rejection,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    yield app
    app.extensions["nianbao"].engine.dispose()


@pytest.fixture
def key(app: Flask) -> str:
    with session_scope(app.extensions["nianbao"].engine) as session:
        key = create_key(session, "实验", "operator:李明")
    answer = app.test_client().post(
        "/api/v1/reports", data=as_json(ordinary_report(MARKET)), headers={"Authorization": f"Bearer {key}"}
    )
    assert answer.status_code == 202
    return key


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_whatever_is_sent_the_api_answers_as_it_says(
    experiment: Experiment, app: Flask, key: str, mode: GenerationMode
) -> None:
    api = schemathesis.openapi.from_wsgi("/api/openapi.json", app)
    most, sent = experiment.size(8, 400), 0
    for found in api.get_all_operations():
        operation = found.ok()

        @seed(experiment.seed)
        @settings(
            max_examples=most,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: Any) -> None:
            nonlocal sent
            sent += 1
            case.call_and_validate(headers={"Authorization": f"Bearer {key}"}, checks=CHECKS)

        ask()
    experiment.note(mode=mode.value, requests=sent)
    assert sent > 0


def test_an_answer_that_breaks_down_or_asks_for_no_key_would_be_noticed(
    experiment: Experiment, app: Flask, key: str
) -> None:
    def breaks() -> Any:
        raise RuntimeError("as asked for")

    @access.everybody
    def asks_nobody() -> Any:
        return jsonify([])

    [rule] = [one for one in app.url_map.iter_rules() if one.rule == "/api/v1/reports" and "GET" in one.methods]
    api = schemathesis.openapi.from_wsgi("/api/openapi.json", app)
    for view in (breaks, asks_nobody):
        app.view_functions[rule.endpoint] = view
        case = api["/api/v1/reports"]["GET"].Case()
        with pytest.raises(FailureGroup):
            case.call_and_validate(headers={"Authorization": f"Bearer {key}"}, checks=CHECKS)


# Every role at every address

STRANGER = "stranger"
# Who sees nothing of other units, wherever they look.
NARROW = (routes.CLERK, routes.HEAD, routes.REVIEWER, routes.NOBODY, STRANGER)
PAGES = Path(__file__).parents[2] / "service" / "html"
FIELDS = sorted(
    {name for page in PAGES.rglob("*.html") for name in re.findall(r'name="([A-Za-z_]+)"', page.read_text())}
)
CANARIES = {"password": "kanarie-Wachtwoord-1", "old": "kanarie-Oud-2", "phone": "kanarie-0571-3"}
ODD = (
    "",
    "0",
    "-1",
    "9" * 40,
    "2024-13-45",
    "1e9",
    "NaN",
    "on",
    "x" * 5000,
    "\x00",
    "\u202e倒",
    "𠮷" * 30,
    "../../etc/passwd",
    "%s%n",
    "{{ 7*7 }}",
    "<script>alert(1)</script>",
    "'; DROP TABLE report; --",
)


def odd_form(dice: Random) -> dict[str, str]:
    chosen = dice.sample(FIELDS, dice.randint(0, min(8, len(FIELDS))))
    return {name: dice.choice(ODD) for name in chosen} | CANARIES


def sent_oddly(here: World, role: str, address: str, unit: str, dice: Random) -> Any:
    """One request: this role, this address, with something of that unit or of nobody, and odd things in it."""
    client = here.office.app.test_client()
    if role != STRANGER:
        Browser(client).enter(here.office.engine, here.people[role])
    path = here.path(address, unit)
    if dice.random() < 0.2:
        path = re.sub(r"[^/]+$", dice.choice(("0", "x" * 300, "%00", "%ff%fe", "..%2f..", "1%2e5")), path)
    kind = dice.choice(("form", "json", "bytes", "nothing"))
    body: dict[str, Any] = {
        "form": {"data": odd_form(dice)},
        "json": {"json": dice.choice((None, [], {}, {"changes": [{"name": dice.choice(ODD)}]}, "x", 1))},
        "bytes": {"data": dice.randbytes(50), "content_type": dice.choice(("multipart/form-data; boundary=x", "x/y"))},
        "nothing": {},
    }[kind]
    query = {dice.choice(FIELDS): dice.choice(ODD)} if dice.random() < 0.4 else None
    return client.open(path, method=address.partition(" ")[0], query_string=query, buffered=True, **body)


def test_no_role_breaks_anything_anywhere_or_sees_what_is_not_its_own(
    experiment: Experiment,
    world: World,  # noqa: F811
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(0)
    wrong: list[str] = []
    told = 0
    rounds = experiment.size(1, 25)
    for address in sorted(ROUTES) * rounds:
        for role in (*sorted(routes.ROLES), STRANGER):
            unit = experiment.dice.choice((OWN, FOREIGN))
            answer = sent_oddly(world, role, address, unit, experiment.dice)
            told += 1
            wrong += [f"{role} {address} of {unit}: {one}" for one in wrong_with(answer, role, address)]
    log = caplog.text + "".join(capfd.readouterr())
    wrong += [f"the log knows what was typed as {name}" for name, word in CANARIES.items() if word in log]
    experiment.note(requests=told, addresses=len(ROUTES), roles=len(routes.ROLES) + 1)
    assert wrong == []


def wrong_with(answer: Any, role: str, address: str) -> Iterator[str]:
    if answer.status_code >= 500:
        yield f"status {answer.status_code}"
    # Whoever comes to the door is told whose reports are being collected, and an administrator may have begun that.
    notice = f"{FOREIGN}：".encode() if address.endswith(" /sign-in") else b""
    if role in NARROW and FOREIGN.encode() in answer.data.replace(notice, b""):
        yield "shows another unit"
    closed = not isinstance(ROUTES[address], Everybody)
    if role == STRANGER and closed:
        let_in = answer.status_code < 400 and not str(answer.location or "").startswith("/sign-in")
        if let_in or OWN.encode() in answer.data:
            yield f"a stranger is let in: {answer.status_code} {answer.location}"
    if isinstance(ROUTES[address], Programs) and answer.status_code < 400:
        yield "needs no key"

"""Nobody reaches anything by accident: strangers, forged forms and forgotten rules stop at the door."""

import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from flask import Flask

from service import access, create_app
from storage.settings import Settings
from tests.service import routes
from tests.service.routes import of_kind

EVERYBODY, PROGRAMS = of_kind(routes.Everybody), of_kind(routes.Programs)
PEOPLE = of_kind(routes.People, routes.Newcomers)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    yield app
    app.extensions["nianbao"].engine.dispose()


def visit(app: Flask, address: str, **asked: object) -> int:
    method, _, path = address.partition(" ")
    path = re.sub(r"<any\((\w+)[^>]*>", r"\1", path)
    path = re.sub(r"<int:[^>]*>", "1", path)
    path = re.sub(r"<[^>]*>", "something", path)
    return app.test_client().open(path, method=method, **asked).status_code


def test_an_address_whose_rule_was_forgotten_answers_nobody(app: Flask) -> None:
    app.add_url_rule("/forgotten", view_func=lambda: "the crown jewels")
    assert visit(app, "GET /forgotten") == 404
    app.view_functions["<lambda>"] = access.everybody(app.view_functions["<lambda>"])
    assert visit(app, "GET /forgotten") == 200


@pytest.mark.parametrize("address", PEOPLE)
def test_a_stranger_is_led_to_the_door(app: Flask, address: str) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    assert visit(app, address) == 302


@pytest.mark.parametrize("address", PROGRAMS)
def test_a_program_without_a_key_is_refused(app: Flask, address: str) -> None:
    assert visit(app, address) == 401


@pytest.mark.parametrize("address", [one for one in EVERYBODY + PEOPLE if not one.startswith("GET")])
def test_nothing_is_changed_without_a_token(app: Flask, address: str) -> None:
    assert visit(app, address) == 400
    app.config["WTF_CSRF_ENABLED"] = False
    assert visit(app, address) != 400


@pytest.mark.parametrize("address", EVERYBODY + PEOPLE + PROGRAMS)
def test_every_answer_carries_the_headers_that_protect_a_browser(app: Flask, address: str) -> None:
    method, _, path = address.partition(" ")
    answer = app.test_client().open(path.replace("<path:filename>", "nianbao.css"), method=method, buffered=True)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    kept = "immutable" if address.endswith("<path:filename>") else "no-store"
    assert kept in answer.headers["Cache-Control"]
    assert answer.headers["X-Request-ID"]


LOADED = """
import sys
from service import create_app
from storage.settings import Settings
create_app(Settings(data_dir={folder!r}))
print(*sorted(name for name in sys.modules if name.startswith("workers.")))
"""


def test_the_web_knows_nothing_of_the_workers_but_how_to_tell_them(settings: Settings) -> None:
    code = LOADED.format(folder=str(settings.data_dir))
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert loaded.stdout.split() == ["workers.queue"]


def test_a_command_that_needs_no_web_does_not_load_it() -> None:
    code = "import sys; import service.cli, service.commands.names; print('flask' in sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "False"

"""A page is drawn when the transaction that wrote is over: nobody waits for a page, or for the pages of a PDF."""

import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest
from flask import before_render_template
from sqlalchemy import make_url

from reports.states import ReportState
from tests.printing import pdf_with
from tests.service.conftest import Office
from tests.service.drafts import job_of, ready, state_of
from tests.service.visitors import Browser

Drawn = list[tuple[str, bool]]


@pytest.fixture
def drawn(office: Office) -> Iterator[Drawn]:
    """Which templates were drawn, and whether somebody else could have written meanwhile."""
    found: Drawn = []
    database = make_url(office.settings.database_url).database

    def look(_app: object, template: Any, **_: Any) -> None:
        other = sqlite3.connect(database or "", timeout=0, isolation_level=None)
        try:
            other.execute("BEGIN IMMEDIATE")
            found.append((template.name, True))
        except sqlite3.OperationalError:
            found.append((template.name, False))
        finally:
            other.close()

    with before_render_template.connected_to(look, office.app):
        yield found


def asked(clerk: Browser, public_id: str, **said: str) -> int:
    path = f"/reports/{public_id}/send"
    return clerk.send(clerk.get(path), path, **said).status


def test_not_for_a_report_that_is_not_sent(office: Office, clerk: Browser, drawn: Drawn) -> None:
    assert asked(clerk, ready(office)) == 422
    assert ("send.html", True) in drawn
    assert ("send.html", False) not in drawn


def test_not_for_a_head_who_forgot_something(office: Office, clerk: Browser, head: Browser, drawn: Drawn) -> None:
    public_id = ready(office)
    path = f"/reports/{public_id}/preview"
    clerk.send(clerk.get(path), path)
    office.make(job_of(office, public_id), pdf=pdf_with("一、总体情况"))
    assert asked(clerk, public_id, declared="yes") == 303
    page = head.get(f"/reports/{public_id}/sign")
    [token] = set(page.all("//meta[@name='csrf-token']/@content"))
    for go in ("send", "back"):
        refused = head.post(f"/reports/{public_id}/sign", {"csrf_token": token, "go": go})
        assert refused.status == 422
        assert "没有执行" in refused.words
    assert state_of(office, public_id) is ReportState.SIGNING
    assert ("sign.html", True) in drawn
    assert ("sign.html", False) not in drawn

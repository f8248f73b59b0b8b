"""Others may keep a public page for a minute; who asks again is told whether anything has changed."""

import pytest

from tests.service.conftest import Office
from tests.service.published import closed, opened
from tests.service.visitors import Browser


def kept(stranger: Browser, path: str, **headers: str):
    return stranger.client.get(path, headers=headers, buffered=True)


@pytest.mark.parametrize("ending", ["", "/1", "/1.pdf", "/1.json", "/1.csv", "/1.xlsx"])
def test_what_has_not_changed_is_not_sent_again(office: Office, stranger: Browser, ending: str) -> None:
    path = f"/public/reports/{opened(office)}{ending}"
    first = kept(stranger, path)
    control = first.headers["Cache-Control"]
    assert "max-age=60" in control
    assert "must-revalidate" in control
    assert "public" in control
    assert first.headers["Last-Modified"]
    again = kept(stranger, path, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    later = kept(stranger, path, **{"If-Modified-Since": first.headers["Last-Modified"]})
    assert later.status_code == 304


@pytest.mark.parametrize("ending", ["", "/1", "/1.pdf", "/1.json"])
def test_what_is_withdrawn_is_gone_for_whoever_asks_again(office: Office, stranger: Browser, ending: str) -> None:
    report = opened(office)
    path = f"/public/reports/{report}{ending}"
    first = kept(stranger, path)
    closed(office, report, "原因")
    again = kept(stranger, path, **{"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 410


def test_a_year_is_made_anew_when_something_of_it_changes(office: Office, stranger: Browser) -> None:
    report = opened(office)
    first = kept(stranger, "/public/data/2024.json")
    assert kept(stranger, "/public/data/2024.json", **{"If-None-Match": first.headers["ETag"]}).status_code == 304
    closed(office, report, "原因")
    assert kept(stranger, "/public/data/2024.json").status_code == 404


def test_the_look_somebody_chose_is_not_shown_to_others(office: Office, stranger: Browser) -> None:
    opened(office)
    plain = kept(stranger, "/public/")
    assert "Cookie" in plain.headers["Vary"]
    stranger.get("/public/appearance?size=large")
    assert kept(stranger, "/public/", **{"If-None-Match": plain.headers["ETag"]}).status_code == 200


def test_what_somebody_signed_in_is_sent_nobody_else_keeps(office: Office, reviewer: Browser) -> None:
    opened(office)
    assert "private" in kept(reviewer, "/public/").headers["Cache-Control"]


def test_before_anything_is_published_nobody_keeps_that_there_is_nothing(stranger: Browser) -> None:
    assert kept(stranger, "/public/").headers["Cache-Control"] == "no-store"

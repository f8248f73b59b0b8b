"""Programs that run wild are told to wait; people never notice."""

import pytest

from service import create_app
from service.access import everybody
from service.limits import Bucket, at_most
from storage.settings import Settings
from tests.racing import race
from tests.service.conftest import Office
from tests.service.visitors import Browser


class Clock:
    def __init__(self) -> None:
        self.moment = 0.0

    def __call__(self) -> float:
        return self.moment


def test_so_many_at_once_and_then_one_by_one() -> None:
    clock = Clock()
    bucket = Bucket(3, seconds=30, clock=clock)
    assert [bucket.take("a") for _ in range(3)] == [0, 0, 0]
    assert bucket.take("a") == pytest.approx(10)
    clock.moment += 10
    assert bucket.take("a") == 0
    assert bucket.take("a") > 0


def test_each_caller_has_a_bucket_of_its_own() -> None:
    bucket = Bucket(1, seconds=60, clock=Clock())
    assert bucket.take("a") == bucket.take("b") == 0
    assert bucket.take("a") > 0


def test_a_bucket_is_never_more_than_full() -> None:
    clock = Clock()
    bucket = Bucket(2, seconds=2, clock=clock)
    bucket.take("a")
    clock.moment += 1_000
    assert [bucket.take("a") == 0 for _ in range(3)] == [True, True, False]


def test_who_has_been_silent_longest_is_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.limits._MOST_REMEMBERED", 2)
    bucket = Bucket(1, seconds=60, clock=Clock())
    for caller in ("a", "b", "a", "c"):
        bucket.take(caller)
    assert bucket.take("a") > 0
    assert bucket.take("b") == 0


def test_twenty_at_once_get_no_more_than_there_is() -> None:
    bucket = Bucket(5, seconds=3600)
    assert race(20, lambda _: bucket.take("a")).count(0) == 5


@pytest.fixture
def narrow(office: Office) -> Office:
    """An office with a page that may be asked for twice an hour."""

    def page() -> str:
        return "here you are"

    office.app.add_url_rule("/narrow", view_func=everybody(at_most(2, seconds=3600)(page)))
    return office


def test_who_asks_too_often_is_told_when_to_come_back(narrow: Office, stranger: Browser) -> None:
    assert [stranger.client.get("/narrow").status_code for _ in range(2)] == [200, 200]
    page = stranger.get("/narrow")
    assert page.status == 429
    assert 0 < int(page.answer.headers["Retry-After"]) <= 1800
    assert page.heading == "请求太频繁，这一次没有执行"
    problem = stranger.client.get("/narrow", headers={"Accept": "application/json"})
    assert (problem.status_code, problem.get_json()["code"]) == (429, "http_429")


def test_one_application_does_not_count_the_callers_of_another(settings: Settings) -> None:
    page = everybody(at_most(1, seconds=3600)(lambda: "here you are"))
    for _ in range(2):
        app = create_app(settings)
        app.add_url_rule("/narrow", endpoint="narrow", view_func=page)
        assert [app.test_client().get("/narrow").status_code for _ in range(2)] == [200, 429]
        app.extensions["nianbao"].engine.dispose()

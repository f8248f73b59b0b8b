"""The page of the archive, what it hands out, and how it ends when something breaks under way."""

import http.client
import io
import zipfile
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from sqlalchemy import select

from service import create_app
from service.archives import lines
from service.archives.checking import check
from storage.batches import batches
from storage.session import session_scope
from storage.tables import AuditEvent, Campaign, Role, Scope
from tests.archives import EDUCATION, REVIEWER, TOWN, Town
from tests.orders import RECIPE
from tests.service.visitors import Browser
from tests.service.web_server import WebServer
from tests.units import collect, person_with


@pytest.fixture
def reviewer(place: Town) -> Iterator[Browser]:
    app = create_app(place.settings)
    with session_scope(place.engine) as session:
        person = person_with(session, "limin", (Role.REVIEWER, place.office))
    yield Browser(app.test_client()).enter(place.engine, person)
    app.extensions["nianbao"].engine.dispose()


def address(place: Town, scope: str = "all") -> str:
    return f"/archives/{place.campaign.public_id}/{scope}.zip"


def issued(place: Town) -> list[AuditEvent]:
    with session_scope(place.engine) as session:
        return list(session.scalars(select(AuditEvent).where(AuditEvent.action == "archive.issued")))


def test_the_page_says_what_is_in_it_and_what_is_missing_and_why(place: Town, reviewer: Browser) -> None:
    page = reviewer.get("/archives")
    assert page.heading == "归档"
    assert "应报单位4 已有文件3 缺1 免报0" in page.words
    assert f"{TOWN}还没有开始填报。" in page.words
    assert "6 个文件" in page.words
    links = [one.get("href") for one in page.all("//main//a[contains(@class, 'btn')]")]
    assert links == [address(place), address(place, "pdf"), address(place, "word")]
    assert issued(place) == []


def test_a_download_is_whole_named_and_noted(place: Town, reviewer: Browser, tmp_path: object) -> None:
    answer = reviewer.client.get(address(place), buffered=True)
    assert answer.status_code == 200
    assert answer.mimetype == "application/zip"
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    assert quote("归档（不完整，缺 1）.zip") in answer.headers["Content-Disposition"]
    assert zipfile.ZipFile(io.BytesIO(answer.data)).testzip() is None
    [event] = issued(place)
    assert (event.actor, event.subject) == ("account:limin", f"campaign:{place.campaign.public_id}")


def test_the_list_is_in_chinese_whatever_language_the_page_is_in(place: Town, reviewer: Browser) -> None:
    reviewer.send(reviewer.get("/archives"), "/language", language="en", next="/archives")
    answer = reviewer.client.get(address(place), buffered=True)
    told = zipfile.ZipFile(io.BytesIO(answer.data)).read("manifest.csv").decode("utf-8-sig")
    assert "还没有开始填报。" in told


def test_a_batch_of_its_own_can_be_chosen(place: Town, reviewer: Browser) -> None:
    _, job = place.send(TOWN)
    with session_scope(place.engine) as session:
        batch = batches.start(session, place.campaign, Scope.SENT, RECIPE, REVIEWER)
    place.make(job)
    page = reviewer.get(f"/archives?campaign={place.campaign.public_id}&batch={batch.public_id}")
    assert "应报单位4 已有文件4 缺0" in page.words
    answer = reviewer.client.get(f"{address(place, 'pdf')}?batch={batch.public_id}", buffered=True)
    assert "%E5%BD%92%E6%A1%A3%E7%AC%AC1%E6%89%B9" in answer.headers["Content-Disposition"]
    assert len(zipfile.ZipFile(io.BytesIO(answer.data)).namelist()) == 3 + 4


def test_an_office_without_a_campaign_is_told_what_will_be_here(place: Town) -> None:
    app = create_app(place.settings)
    with session_scope(place.engine) as session:
        elsewhere = person_with(session, "other", (Role.REVIEWER, place.units[EDUCATION]))
    browser = Browser(app.test_client()).enter(place.engine, elsewhere)
    assert "还没有年度填报" in browser.get("/archives").words
    app.extensions["nianbao"].engine.dispose()


def test_another_offices_archive_and_batch_are_not_there(place: Town, reviewer: Browser) -> None:
    with session_scope(place.engine) as session:
        foreign = collect(session, place.units[EDUCATION], place.units[TOWN], year=2024)
        batch = batches.start(session, session.get_one(Campaign, foreign.id), Scope.SENT, RECIPE, REVIEWER)
    assert reviewer.get(f"/archives?campaign={foreign.public_id}").status == 404
    assert reviewer.get(f"/archives/{foreign.public_id}/all.zip").status == 404
    assert reviewer.get(f"/archives?batch={batch.public_id}").status == 404
    assert reviewer.get(f"{address(place)}?batch={batch.public_id}").status == 404
    assert issued(place) == []


def test_a_look_at_the_headers_alone_is_no_download(place: Town, reviewer: Browser) -> None:
    answer = reviewer.client.head(address(place))
    assert answer.status_code == 200
    assert int(answer.headers["Content-Length"]) > 1000
    assert issued(place) == []


def test_slow_lines_never_take_every_thread(place: Town, reviewer: Browser) -> None:
    under_way = [reviewer.client.get(address(place)) for _ in range(lines.AT_ONCE)]
    refused = reviewer.get(address(place))
    assert refused.status == 429
    assert refused.heading == "正在下载归档的人太多，这一次没有开始"
    assert refused.answer.headers["Retry-After"] == "60"
    for one in under_way:
        one.close()
    # One that fails before its first byte gives its line back as well.
    for _ in range(lines.AT_ONCE + 1):
        assert reviewer.get(f"{address(place)}?batch=nothing").status == 404
    assert reviewer.client.get(address(place), buffered=True).status_code == 200


@pytest.fixture
def web(place: Town, reviewer: Browser) -> Iterator[WebServer]:
    server = WebServer(place.settings)
    yield server
    server.close()


def signed_in(reviewer: Browser) -> str:
    cookie = reviewer.client.get_cookie("nianbao")
    assert cookie is not None
    return f"nianbao={cookie.value}"


def test_over_the_line_it_comes_whole(place: Town, reviewer: Browser, web: WebServer, tmp_path: object) -> None:
    answer = web.ask("GET", address(place), Cookie=signed_in(reviewer))
    assert answer.status == 200
    assert int(answer.headers["content-length"]) == len(answer.body)
    path = place.settings.data_dir / "got.zip"
    path.write_bytes(answer.body)
    assert check(path).differences == []


def test_what_breaks_under_way_cuts_the_line_so_that_nobody_takes_it_for_whole(
    place: Town, reviewer: Browser, web: WebServer
) -> None:
    report, job = place.send(TOWN)
    place.approve(report)
    # More than lies in the buffers of a connection: it breaks while it is being read.
    place.make(job, pdf=b"%PDF" + bytes(32 * 1024 * 1024))
    connection = web.connect()
    connection.request("GET", address(place), headers={"Cookie": signed_in(reviewer)})
    answer = connection.getresponse()
    assert answer.read(1000)
    with place.place(job).open("r+b") as file:
        file.truncate(1000)
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        answer.read()
    connection.close()
    web.wait_for_log("archive_cut")

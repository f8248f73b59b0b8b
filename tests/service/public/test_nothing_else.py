"""From the public side there is no way into anything that was not published, and no trace of who worked on it."""

import json

import pytest
from sqlalchemy import select

from reports.states import Move
from storage.session import reading_scope, session_scope
from storage.tables import Account, Job, Publication, Report, Revision, Submission
from tests.people import ARCHIVES, MARKET, but, nil_return, ordinary_report
from tests.service.conftest import Office
from tests.service.drafts import ready
from tests.service.published import approved, moved, opened, sent
from tests.service.visitors import Browser

ENDINGS = ("pdf", "docx", "xlsx", "csv", "json")


def addresses(report: str, *numbers: int) -> list[str]:
    """Everywhere a report could be, were it public."""
    places = [f"/public/reports/{report}", *(f"/public/reports/{report}.{ending}" for ending in ENDINGS)]
    for number in numbers or (0, 1, 2):
        places += [f"/public/reports/{report}/{number}"]
        places += [f"/public/reports/{report}/{number}.{ending}" for ending in ENDINGS]
    return places


def statuses(stranger: Browser, paths: list[str]) -> set[int]:
    return {stranger.client.get(path, headers={"Accept": "text/html"}, buffered=True).status_code for path in paths}


def test_a_draft_is_not_there(office: Office, stranger: Browser) -> None:
    assert statuses(stranger, addresses(ready(office))) == {404}


@pytest.mark.parametrize(
    "moves", [(), (Move.BEGIN_REVIEW,), (Move.RETURN,), (Move.APPROVE,), (Move.APPROVE, Move.REOPEN)]
)
def test_what_was_sent_returned_or_only_approved_is_not_there(
    office: Office, stranger: Browser, moves: tuple[Move, ...]
) -> None:
    report = sent(office)
    for move in moves:
        moved(office, report, move)
    assert statuses(stranger, addresses(report)) == {404}
    for path in ("/public/", "/public/?q=市场", "/public/data", "/sitemap.xml"):
        assert MARKET not in stranger.client.get(path, buffered=True).get_data(as_text=True)
    assert statuses(stranger, ["/public/statistics/2024", "/public/data/2024.json"]) == {404}


def test_a_correction_in_the_making_is_not_there(office: Office, stranger: Browser) -> None:
    report = opened(office)
    moved(office, report, Move.REOPEN)
    approved(office, but(ordinary_report(), texts={"other.matters": "2024年的新秘密。"}))
    assert statuses(stranger, [one for one in addresses(report, 2) if "/2" in one]) == {404}
    for path in [one for one in addresses(report, 1) if not one.endswith(("pdf", "docx", "xlsx"))]:
        assert "新秘密" not in stranger.client.get(path, buffered=True, follow_redirects=True).get_data(as_text=True)


def test_no_other_id_of_a_public_report_opens_anything(office: Office, stranger: Browser) -> None:
    opened(office)
    with reading_scope(office.engine) as session:
        ids = [
            *session.scalars(select(Job.public_id)),
            *session.scalars(select(Publication.public_id)),
            *(str(one) for one in session.scalars(select(Report.id))),
            office.units.market.public_id,
        ]
    guesses = [*ids, "1", "0", "-1", "..", "%2e%2e", "x" * 500, "' OR 1=1 --", "%00"]
    for guess in guesses:
        assert statuses(stranger, addresses(guess)) == {404}, guess


def test_numbers_beyond_any_are_not_there(office: Office, stranger: Browser) -> None:
    report = opened(office)
    assert statuses(stranger, addresses(report, 10**30)[6:]) == {404}
    assert statuses(stranger, ["/public/statistics/99999999999999999999", "/public/data/0.json"]) == {404}
    odd = [
        "year=99999999999999999999",
        "year=x",
        "from=-1",
        "from=99999999999999999999",
        "kind=x",
        "office=%00",
        "q=%00",
    ]
    assert statuses(stranger, [f"/public/?{one}" for one in odd]) == {200}


def test_nothing_of_the_house_is_open_beside_it(office: Office, stranger: Browser) -> None:
    report = opened(office)
    with reading_scope(office.engine) as session:
        job = session.scalars(select(Job.public_id)).one()
    closed = [f"/reports/{report}", f"/documents/{job}.pdf", "/reports", "/publishing", "/publishing/statement"]
    assert {stranger.get(path).answer.location for path in closed} == {f"/sign-in?next={path}" for path in closed}
    assert stranger.client.get(f"/api/v1/reports/{report}").status_code == 401


def test_who_worked_on_it_is_told_nowhere(office: Office, stranger: Browser, clerk: Browser, reviewer: Browser) -> None:
    names = {"王芳": "filler", "周平": "checker"}
    report = opened(office)
    with session_scope(office.engine) as session:
        declared = {"filler": "王芳", "filler_phone": "0571-8801", "checker": "周平", "checker_phone": "0571-8802"}
        for one in session.scalars(select(Submission)):
            one.declaration = json.dumps(declared)
            one.reasons = json.dumps({"X2@a": "内部说明"})
        people = {*names, *declared.values(), "内部说明"}
        people |= {word for one in session.scalars(select(Account)) for word in (one.login, one.person)}
        people |= {session.scalars(select(Revision.created_by)).one(), office.units.office.contact, "limin"}
    paths = ["/public/", "/public/data", "/public/statistics/2024", "/sitemap.xml", "/robots.txt"]
    paths += [f"/public/data/2024.{ending}" for ending in ("json", "csv")]
    paths += [one for one in addresses(report, 1) if not one.endswith(("pdf", "docx", "xlsx"))]
    for path in paths:
        answer = stranger.client.get(path, buffered=True, follow_redirects=True)
        said = answer.get_data(as_text=True) + str(answer.headers)
        assert answer.status_code == 200
        assert [one for one in people if one in said] == [], path


def test_a_stranger_gets_no_cookie(office: Office, stranger: Browser) -> None:
    report = opened(office)
    paths = ["/public/", "/public/data", "/public/statistics/2024", "/public/nothing", "/public/reports/x"]
    for path in [*paths, *addresses(report, 1)]:
        answer = stranger.client.get(path, headers={"Accept": "text/html"}, buffered=True)
        assert "Set-Cookie" not in answer.headers, path
    assert "Set-Cookie" in stranger.client.get("/public/appearance?size=large").headers, "who chooses is remembered"


def test_the_way_back_from_choosing_leads_to_public_pages_alone(office: Office, stranger: Browser) -> None:
    elsewhere = ["https://evil.example/", "//evil.example/public/", "/reports", "/\\evil", "/public/\\evil", "http://["]
    for address in elsewhere:
        answer = stranger.client.get("/public/appearance", query_string={"size": "large", "next": address})
        assert answer.location == "/public/", address


def test_headers_are_strict_and_tell_nothing(office: Office, stranger: Browser) -> None:
    report = opened(office)
    for path in ("/public/", f"/public/reports/{report}", f"/public/reports/{report}/1.json", "/public/nothing"):
        headers = stranger.client.get(path, buffered=True).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert not {"Server", "X-Powered-By"} & set(headers.keys())


def test_pages_work_with_redis_down(office: Office, stranger: Browser) -> None:
    assert not (office.settings.data_dir / "redis.sock").exists()
    report = opened(office, nil_return(ARCHIVES))
    assert statuses(stranger, ["/public/", f"/public/reports/{report}", f"/public/reports/{report}/1.pdf"]) == {200}

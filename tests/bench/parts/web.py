"""The form under load: clerks who save while a batch runs, and one clerk alone; nothing they were told may be lost."""

import http.client
from collections.abc import Sequence

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from reports.drafting import inputs
from reports.states import ReportState
from service import create_app
from storage.people import accounts, sessions
from storage.session import make_engine, reading_scope, session_scope
from storage.settings import Settings
from storage.tables import Field, Report, Role, Start, Unit
from tests.bench.answers import varied
from tests.bench.clerks import Clerk, at_work, percentile
from tests.bench.figures import Figures, Row
from tests.bench.workshop import Workshop
from tests.people import annual
from tests.service.web_server import WebServer

ROWS = (
    Row("web_save_alone_p95_ms", "Saving a field with one clerk at work, 95 of 100 within", "ms", at_most=50),
    Row("web_save_p95_ms", "The same with 200 clerks and a batch at work, 95 of 100 within", "ms", at_most=300),
    Row("web_save_p50_ms", "— half of them within", "ms"),
    Row("web_saves", "Saves by 200 clerks meanwhile", ""),
    Row("web_saves_a_second", "— a second", ""),
    Row("web_5xx", "Saves the service failed at", "", at_most=0),
    Row("web_refused", "Saves the service refused", "", at_most=0),
    Row("web_lost", "Values said to be kept and not found", "", at_most=0),
    Row("web_first_page_kb", "The form's largest page on the line", "KB", at_most=150),
)
CLERKS = 200
ALONE = 200


def measure(workshop: Workshop) -> Figures:
    """One clerk alone, then all of them while a batch is made beside."""
    shop = workshop.shop("web", 2)
    engine = make_engine(shop.settings)
    workshop.kept(engine, Engine.dispose)
    web = WebServer(shop.settings)
    workshop.kept(web, WebServer.close)
    workshop.tell(f"web: {CLERKS} clerks come in")
    clerks = clerks_of(engine, shop.settings, web.port, CLERKS + 1)
    alone, everybody = clerks[0], clerks[1:]
    _type_alone(alone)
    workshop.tell("web: clerks save while a batch is made")
    shop.make([varied(number) for number in range(4)])
    with at_work(everybody):
        spent = shop.make([varied(number) for number in range(1000, 1000 + workshop.reports)])
    saves = [took for clerk in everybody for took in clerk.took_ms]
    statuses = [status for clerk in clerks for status in clerk.statuses]
    return {
        "web_save_alone_p95_ms": percentile(alone.took_ms, 0.95),
        "web_save_p95_ms": percentile(saves, 0.95),
        "web_save_p50_ms": percentile(saves, 0.5),
        "web_saves": len(saves),
        "web_saves_a_second": len(saves) / spent.wall,
        "web_5xx": sum(status >= 500 for status in statuses),
        "web_refused": sum(400 <= status < 500 for status in statuses),
        "web_lost": _lost(engine, clerks),
        "web_first_page_kb": alone.page_bytes / 1024,
    }


def _type_alone(clerk: Clerk) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", clerk.port, timeout=60)
    for number in range(ALONE):
        clerk.save(connection, clerk.names[number % len(clerk.names)], str(number))
    connection.close()


def clerks_of(engine: Engine, settings: Settings, port: int, count: int) -> list[Clerk]:
    """So many clerks, each with the form of a unit of its own open."""
    names = inputs(annual())
    with session_scope(engine) as session:
        office = Unit(name="青岚区人民政府办公室")
        session.add(office)
        session.flush()
        hired = [_hire(session, office, number, names, port) for number in range(count)]
    app = create_app(settings)
    for clerk in hired:
        clerk.come_in(app)
    return hired


def _hire(session: Session, office: Unit, number: int, names: Sequence[str], port: int) -> Clerk:
    unit = Unit(name=f"青岚区第{number}科", supervisor_id=office.id)
    session.add(unit)
    session.flush()
    account = accounts.create_account(session, f"clerk{number}", f"填报人{number}", "bench")
    accounts.appoint(session, account, Role.CLERK, unit, "bench")
    key = {"definition": annual().id, "edition": annual().edition, "year": 2024}
    report = Report(unit_id=unit.id, **key, state=ReportState.DRAFT, started=Start.BLANK)
    session.add(report)
    session.flush()
    token = sessions.open_session(session, account, "127.0.0.1", "bench")
    return Clerk(number, report.public_id, token, names, port)


def _lost(engine: Engine, clerks: Sequence[Clerk]) -> int:
    with reading_scope(engine) as session:
        return sum(clerk.lost(_stored(session, clerk)) for clerk in clerks)


def _stored(session: Session, clerk: Clerk) -> Sequence[Field]:
    of = select(Field).join(Report, Report.id == Field.report_id)
    return session.scalars(of.where(Report.public_id == clerk.report)).all()

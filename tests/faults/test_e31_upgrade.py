"""A batch begun on the tables of the version before goes on after the upgrade; a message nobody knows costs nothing."""

from typing import Any

from alembic import command
from celery import Celery
from sqlalchemy import Connection, MetaData, Table, insert, select, text, update

from storage.migrations import _config, upgrade
from storage.session import session_scope
from tests.faults.conftest import Experiment
from tests.faults.house import House
from tests.faults.invariants import broken
from tests.storage.test_migrations import begin_anew
from workers.queue import KEY_PREFIX, MAKE, message_settings

BEFORE = "0003"


def put_back(house: House) -> int:
    """The same rows in the tables of the version before; how many."""
    today = MetaData()
    today.reflect(house.engine)
    with house.engine.connect() as connection:
        rows = {one.name: connection.execute(select(one)).mappings().all() for one in today.sorted_tables}
    begin_anew(house.settings, house.engine)
    with house.engine.begin() as connection:
        command.upgrade(_config(connection), BEFORE)
        before = MetaData()
        before.reflect(connection)
        kept = [one for one in before.sorted_tables if one.name != "alembic_version"]
        return sum(filled(connection, table, [dict(row) for row in rows[table.name]]) for table in kept)


def filled(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> int:
    known = [{name: value for name, value in row.items() if name in table.c} for row in rows]
    if table.name == "audit_head":
        # There from the beginning, and never taken away.
        connection.execute(update(table).values(**known[0]))
    elif known:
        connection.execute(insert(table), known)
    return len(known)


def told_in_unknown_words(house: House, job_ids: list[int]) -> None:
    """Messages of a version that is yet to come: an unknown name, and unknown words under a known one."""
    sender = Celery("of-tomorrow", set_as_current=False)
    sender.conf.update(
        message_settings(house.settings),
        broker_transport_options={"global_keyprefix": KEY_PREFIX, "socket_timeout": 10},
    )
    for job_id in job_ids:
        sender.send_task("make_documents_of_2030", args=(job_id,), queue="batch", retry=False)
        sender.send_task(MAKE, args=(job_id,), kwargs={"paper": "A3"}, queue="batch", retry=False)
    sender.close()
    with session_scope(house.engine) as session:
        # As whoever sent them would have noted.
        session.execute(text("UPDATE job SET published_at = CURRENT_TIMESTAMP || '.000000' WHERE state = 'queued'"))


def test_what_was_begun_is_finished_and_what_nobody_understands_is_made_all_the_same(
    experiment: Experiment, house: House
) -> None:
    reports = experiment.size(16, 300)
    house.order(f"临溪县第{number}局" for number in range(reports))
    house.sweep()
    house.hire(concurrency=2, seconds=0.4)
    house.wait_until(lambda: house.count("done") > 2)
    house.kill_everybody()
    done = house.count("done")
    assert done < reports
    rows = put_back(house)
    assert house.count("done") == done
    house.open_web()
    assert house.web is not None
    assert house.web.ask("GET", "/readyz").status == 503
    upgrade(house.settings)
    assert house.web.ask("GET", "/readyz").status == 200
    house.redis.client.flushall()
    waiting = [int(str(number)) for (number,) in house.ask("SELECT id FROM job WHERE state = 'queued'")]
    told_in_unknown_words(house, waiting)
    unfinished = reports - done
    house.hire(concurrency=2)
    house.wait_until(lambda: not house.redis.client.llen(f"{KEY_PREFIX}batch"))
    # Understood by nobody, they have cost no job anything; what was being made at the end waits again, too.
    assert house.count("queued") == unfinished
    house.sweep()
    drained = house.wait_until(house.is_drained)
    experiment.note(
        reports=reports,
        done_before=done,
        rows=rows,
        unknown_messages=2 * len(waiting),
        executions=house.executions(),
        drained_seconds=round(drained, 1),
    )
    assert broken(house) == []
    assert house.count("done") == reports

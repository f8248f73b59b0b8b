"""/metrics for Prometheus: requests as this process saw them, everything else counted in the database."""

import time
from collections.abc import Iterator
from typing import Any

from flask import Flask, Response, g, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import and_, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from service import access
from service.resources import Resources
from storage.clock import now
from storage.making import dispatch
from storage.session import reading_scope
from storage.tables import Document, Job, JobState
from workers.queue import STAFFED


def set_up(app: Flask) -> None:
    registry = CollectorRegistry()
    seconds = Histogram(
        "nianbao_request_seconds",
        "Requests and how long they took.",
        ("route", "method", "status"),
        registry=registry,
    )
    registry.register(Counted(app.extensions["nianbao"]))

    def begin() -> None:
        g.began = time.perf_counter()

    def end(response: Response) -> Response:
        # The rule, not the path: strangers could make any number of paths.
        route = request.url_rule.rule if request.url_rule else "unknown"
        took = time.perf_counter() - g.began
        seconds.labels(route, request.method, response.status_code).observe(took)
        return response

    @access.everybody
    def metrics() -> Response:
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

    app.before_request_funcs.setdefault(None, []).insert(0, begin)
    app.after_request(end)
    app.add_url_rule("/metrics", view_func=metrics)


class Counted(Collector):
    """What the database knows at the moment of asking; it is the same whichever process is asked."""

    def __init__(self, office: Resources) -> None:
        self._office = office

    def collect(self) -> Iterator[GaugeMetricFamily]:
        try:
            with reading_scope(self._office.engine) as session:
                found = [_jobs(session), _oldest(session), self._workers(session), _documents(session)]
        except SQLAlchemyError:
            found = []
        yield GaugeMetricFamily("nianbao_database_up", "Whether the database answers.", value=float(bool(found)))
        yield from found

    def _workers(self, session: Session) -> GaugeMetricFamily:
        stale = self._office.settings.stale_seconds
        family = GaugeMetricFamily("nianbao_workers_alive", "Workers whose heart beats.", labels=("lane",))
        for lane in STAFFED:
            family.add_metric([lane.value], dispatch.slots(session, [lane], stale))
        return family


def _jobs(session: Session) -> GaugeMetricFamily:
    family = GaugeMetricFamily("nianbao_jobs", "Jobs by state and lane.", labels=("state", "lane"))
    counted = select(Job.state, Job.lane, func.count()).group_by(Job.state, Job.lane)
    numbers: dict[Any, int] = {(state, lane): number for state, lane, number in session.execute(counted)}
    for state in JobState:
        for lane in STAFFED:
            family.add_metric([state.value, lane.value], numbers.get((state, lane), 0))
    return family


def _oldest(session: Session) -> GaugeMetricFamily:
    family = GaugeMetricFamily("nianbao_oldest_queued_seconds", "Age of the oldest waiting job.", labels=("lane",))
    for lane in STAFFED:
        # What a paused batch holds back is not late.
        waiting = and_(Job.state == JobState.QUEUED, Job.lane == lane, ~Job.on_hold)
        moment, oldest = session.execute(select(now(), func.min(Job.created_at)).where(waiting)).one()
        family.add_metric([lane.value], (moment - oldest).total_seconds() if oldest else 0)
    return family


def _documents(session: Session) -> GaugeMetricFamily:
    family = GaugeMetricFamily("nianbao_documents", "Documents made.", labels=("format",))
    counted = select(Document.format, func.count()).group_by(Document.format)
    for format, number in session.execute(counted):
        family.add_metric([format.value], number)
    return family

"""The night in January: a batch of the whole district through the page, while clerks save and look at previews."""

import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

from sqlalchemy import Engine, select

from service import create_app
from storage.session import make_engine, reading_scope, session_scope
from storage.settings import Settings
from storage.tables import Batch, BatchItem, Job, JobState
from tests.bench.clerks import Clerk, at_work, percentile
from tests.bench.figures import Figures, Row
from tests.bench.january import January, prepare
from tests.bench.parts.web import clerks_of
from tests.bench.shop import Shop
from tests.bench.visits import Visit
from tests.bench.workshop import Workshop
from tests.service.web_server import WebServer

ROWS = (
    Row("january_reports", "Reports of the batch that was started through the page", ""),
    Row("january_done", "— made", ""),
    Row("january_named", "— failed, each named with its cause", ""),
    Row("january_unnamed", "— neither made nor named", "", at_most=0),
    Row("january_minutes", "From pressing the button until the page says it is through", "min"),
    Row("january_looks", "Looks at the page meanwhile", ""),
    Row("january_fell", "— at which done had fallen, or passed the total", "", at_most=0),
    Row("january_page_p95_ms", "The page's news, 95 of 100 within", "ms"),
    Row("january_save_p95_ms", "A clerk's save meanwhile, 95 of 100 within", "ms", at_most=300),
    Row("january_saves", "Saves meanwhile", ""),
    Row(
        "january_preview_p95_ms",
        "A preview meanwhile, from pressing the button to its pages, 95 of 100 within",
        "ms",
        at_most=3000,
    ),
    Row("january_previews", "Previews meanwhile", ""),
    Row("january_5xx", "Requests the service failed at", "", at_most=0),
    Row("january_archive_faults", "What `nianbao archive check` finds wrong with the archive", "", at_most=0),
    Row("january_archive_pdfs_missing", "PDFs of the batch that are not in the archive", "", at_most=0),
)
CLERKS = 60
LOOK_SECONDS = 2.0
PAUSE_SECONDS = 4.0
PATIENCE_SECONDS = 2 * 60 * 60
_NEWS = re.compile(r'hx-get="([^"]+/state\?seen=[^"]+)"')
_LETTERS = re.compile(r'data-letters="(\w*)"')
_DONE, _JOBS = "du", "dufrwc"


@dataclass
class Watching:
    """What was seen on the page, look by look."""

    letters: str
    looks: int = 0
    fell: int = 0
    took_ms: list[float] = field(default_factory=list)

    def see(self, letters: str) -> None:
        """One more look at what became of every unit."""
        before, now = _done(self.letters), _done(letters)
        self.fell += now < before or now > sum(one in _JOBS for one in letters) or len(letters) != len(self.letters)
        self.looks, self.letters = self.looks + 1, letters


@dataclass
class Previews:
    """A clerk who changes a figure and looks at the document, again and again."""

    visit: Visit
    clerk: Clerk
    took_ms: list[float] = field(default_factory=list)

    def work(self, until: Event) -> None:
        """Until it is time to go home."""
        address, number = f"/reports/{self.clerk.report}/preview", 0
        while not until.wait(PAUSE_SECONDS):
            number += 1
            self.clerk.save_once(self.clerk.names[0], str(number))
            self.visit.get(address)
            begun = time.perf_counter()
            self.visit.post(address)
            while 'hx-trigger="every 1s"' in self.visit.get(f"{address}/state"):
                time.sleep(0.05)
            self.took_ms.append((time.perf_counter() - begun) * 1000)


def measure(workshop: Workshop) -> Figures:
    """Start the batch through the page, watch it through the page, take the archive home and have it checked."""
    shop = workshop.shop("january", 2, previews=1)
    engine, web = make_engine(shop.settings), WebServer(shop.settings)
    workshop.kept(engine, Engine.dispose)
    workshop.kept(web, WebServer.close)
    workshop.tell(f"january: {workshop.reports} units fill in their reports")
    with session_scope(engine) as session:
        january = prepare(session, workshop.reports)
    clerks = clerks_of(engine, shop.settings, web.port, CLERKS)
    app = create_app(shop.settings)
    reviewer = Visit(app, january.token, web.port)
    previews = Previews(Visit(app, clerks[0].token, web.port), clerks[0])
    _warm(previews)
    begun = time.monotonic()
    with at_work(clerks[1:]), _wanted(previews):
        batch, watching = _watched(workshop, reviewer, january)
    minutes = (time.monotonic() - begun) / 60
    workshop.tell("january: the archive is taken home and checked")
    archive = _archive(reviewer, january, batch, shop.settings.data_dir)
    statuses = [*reviewer.statuses, *previews.visit.statuses, *(one for clerk in clerks for one in clerk.statuses)]
    saves = [took for clerk in clerks[1:] for took in clerk.took_ms]
    return {
        "january_reports": january.ready,
        "january_minutes": minutes,
        "january_looks": watching.looks,
        "january_fell": watching.fell,
        "january_page_p95_ms": percentile(watching.took_ms, 0.95),
        "january_save_p95_ms": percentile(saves, 0.95) if saves else 0,
        "january_saves": len(saves),
        "january_preview_p95_ms": percentile(previews.took_ms, 0.95) if previews.took_ms else 0,
        "january_previews": len(previews.took_ms),
        "january_5xx": sum(status >= 500 for status in statuses),
        **_made(engine, batch),
        **_checked(workshop, shop, engine, batch, archive),
    }


def _warm(previews: Previews) -> None:
    """One preview before it counts: the office of the worker starts."""
    with _wanted(previews):
        while not previews.took_ms:
            time.sleep(0.2)
    previews.took_ms.clear()


@contextmanager
def _wanted(previews: Previews) -> Iterator[None]:
    """Previews are wanted for as long as the block takes."""
    until = Event()
    thread = Thread(target=previews.work, args=(until,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        until.set()
        thread.join()


def _watched(workshop: Workshop, reviewer: Visit, january: January) -> tuple[str, Watching]:
    """Press the button, and look every two seconds as the page does, until it has nothing more to ask for."""
    workshop.tell("january: the reviewer presses the button")
    reviewer.get("/batches")
    reviewer.post("/batches", campaign=january.campaign.public_id, scope="approved")
    address = reviewer.location
    page = reviewer.get(address)
    watching = Watching(_letters(page))
    given_up = time.monotonic() + PATIENCE_SECONDS
    while news := _NEWS.search(page):
        if time.monotonic() > given_up:
            raise RuntimeError("the batch did not come to its end")
        time.sleep(LOOK_SECONDS)
        begun = time.perf_counter()
        told = reviewer.get(news[1].replace("&amp;", "&"))
        watching.took_ms.append((time.perf_counter() - begun) * 1000)
        page = told or page
        watching.see(_letters(page))
    return address.rpartition("/")[2].partition("?")[0], watching


def _letters(page: str) -> str:
    found = _LETTERS.search(page)
    assert found, page[:500]
    return found[1]


def _done(letters: str) -> int:
    return sum(one in _DONE for one in letters)


def _archive(reviewer: Visit, january: January, batch: str, folder: Path) -> Path:
    path = folder / "january.zip"
    path.write_bytes(reviewer.fetch(f"/archives/{january.campaign.public_id}/all.zip?batch={batch}"))
    return path


def _made(engine: Engine, public_id: str) -> Figures:
    with reading_scope(engine) as session:
        jobs = select(Job).join(BatchItem, BatchItem.job_id == Job.id).join(Batch, Batch.id == BatchItem.batch_id)
        found: Sequence[Job] = session.scalars(jobs.where(Batch.public_id == public_id)).all()
    done = sum(job.state is JobState.DONE for job in found)
    named = sum(job.state is JobState.FAILED and bool(job.error_for_person) for job in found)
    return {"january_done": done, "january_named": named, "january_unnamed": len(found) - done - named}


def _checked(workshop: Workshop, shop: Shop, engine: Engine, batch: str, archive: Path) -> Figures:
    said = _archive_check(shop.settings, archive)
    if said.returncode:
        workshop.remarks.append(f"The archive: {said.stdout}{said.stderr}")
    with zipfile.ZipFile(archive) as packed:
        pdfs = sum(name.endswith(".pdf") for name in packed.namelist())
    missing = _made(engine, batch)["january_done"] - pdfs
    return {"january_archive_faults": said.returncode, "january_archive_pdfs_missing": missing}


def _archive_check(settings: Settings, archive: Path) -> "subprocess.CompletedProcess[str]":
    words = [sys.executable, "-m", "service.cli", "archive", "check", str(archive)]
    given = {"NIANBAO_DATA_DIR": str(settings.data_dir), "NIANBAO_DATABASE_URL": settings.database_url}
    return subprocess.run(words, check=False, env={"PATH": "/usr/bin:/bin", **given}, capture_output=True, text=True)

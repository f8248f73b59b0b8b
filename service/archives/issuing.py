"""An archive leaves the house: what it is made from, and the note in the audit trail that proves it later."""

from collections.abc import Iterator, Sequence

import structlog
from sqlalchemy.orm import Session

from reports.loading import Definitions
from reports.wording import spoken
from service.archives.listing import Order
from service.archives.packing import Archive
from service.archives.proving import ISSUED
from storage import audit
from storage.clock import now
from storage.files import DocumentFiles
from storage.publishing.archives import Holding, contents
from storage.tables import Batch, Campaign, Unit

log = structlog.get_logger("service.archives")


def ordered(
    session: Session, definitions: Definitions, campaign: Campaign, batch: Batch | None, scope: str, by: str
) -> tuple[Order, Sequence[Holding]]:
    """What is to be packed, and what there is of it at this moment, in the words of the record."""
    office = session.get_one(Unit, campaign.supervisor_id).name
    definition = definitions[f"{campaign.definition}/{campaign.edition}"]
    order = Order(campaign, office, definition, batch, scope, session.scalars(now().select()).one(), by)
    with spoken(str):
        return order, contents(session, campaign, batch)


def record(session: Session, order: Order, archive: Archive, actor: str) -> None:
    """Note who takes it, and the fingerprint of its list."""
    told = {
        "name": archive.name,
        "manifest_sha256": archive.manifest_sha256,
        "files": len(archive.checked),
        "missing": archive.missing,
        "batch": order.batch and order.batch.public_id,
    }
    audit.record(session, actor, ISSUED, f"campaign:{order.campaign.public_id}", **told)


def sent(archive: Archive, files: DocumentFiles) -> Iterator[bytes]:
    """The bytes, and a line in the log when they break off: then the connection is cut before its announced end."""
    try:
        yield from archive.stream(files)
    except GeneratorExit:
        log.warning("archive_given_up", name=archive.name)
        raise
    except Exception as error:
        log.error("archive_cut", name=archive.name, reason=getattr(error, "for_operator", repr(error)))  # noqa: TRY400
        raise

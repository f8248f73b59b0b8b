"""What the form's script saves as somebody types, and the rules by which it looks along."""

import gzip
import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

from flask import Response, jsonify, request, url_for
from werkzeug.exceptions import BadRequest, NotFound

from reports.admitting import Change
from reports.definition import Definition
from reports.faces.form import rules_of
from reports.loading import UnknownDefinition
from service import access, limits
from service.drafts import Draft, draft_of
from service.errors import FieldsRefused
from service.explaining import told
from service.language import _
from service.moves import people
from service.pages import pages
from service.resources import resources
from service.words import moment
from storage.filing.fields import Outcome, save
from storage.people.policy import Act
from storage.session import reading_scope, session_scope
from storage.tables import Field

# Four times as many as the largest form has.
_MOST_CHANGES: Final = 1000
# No database counts farther.
_LAST_VERSION: Final = 2**31 - 1
_A_YEAR: Final = 365 * 24 * 60 * 60


@pages.post("/reports/<public_id>/fields")
@access.person
@limits.at_most(300, seconds=60)
def save_fields(public_id: str) -> Response:
    """Keep what was typed, and say what does not hold now."""
    changes = list(_changes(request.get_json(silent=True)))
    office = resources()
    with session_scope(office.engine) as session:
        report = access.report(session, public_id, Act.FILL)
        definition = office.definitions[f"{report.definition}/{report.edition}"]
        outcome = save(session, report, changes, access.actor(), definition)
    if outcome.refused:
        raise FieldsRefused(outcome.refused)
    # Read after the commit, so that nobody waits for our arithmetic.
    with reading_scope(office.engine) as session:
        draft = draft_of(session, access.report(session, public_id, Act.FILL))
        names = people(session, [field.changed_by for field in outcome.conflicts])
    return jsonify(_told(draft, outcome, names))


@pages.get("/definitions/<id>/<edition>/rules.json")
@access.person
def rules(id: str, edition: str) -> Response:
    """The rules of a definition, for the form's script; the same for everybody."""
    try:
        packed, digest = _packed(resources().definitions[f"{id}/{edition}"])
    except UnknownDefinition as error:
        raise NotFound from error
    response = Response(packed, mimetype="application/json", headers={"Content-Encoding": "gzip"})
    if not request.accept_encodings["gzip"]:
        response = Response(gzip.decompress(packed), mimetype="application/json")
    response.headers["Vary"] = "Accept-Encoding"
    if request.args.get("v") == digest:
        response.cache_control.max_age = _A_YEAR
        response.cache_control.private = response.cache_control.immutable = True
    return response


def rules_address(definition: Definition) -> str:
    """Where the rules of a definition are; it changes with them, so that browsers may keep what they have."""
    _bytes, digest = _packed(definition)
    return url_for("pages.rules", id=definition.id, edition=definition.edition, v=digest)


@cache
def _packed(definition: Definition) -> tuple[bytes, str]:
    written = json.dumps(rules_of(definition), ensure_ascii=False, separators=(",", ":")).encode()
    return gzip.compress(written, mtime=0), hashlib.sha256(written).hexdigest()[:12]


def _changes(sent: Any) -> Iterator[Change]:
    changes = sent.get("changes") if isinstance(sent, dict) else None
    if not isinstance(changes, list) or len(changes) > _MOST_CHANGES:
        raise BadRequest
    for one in changes:
        if not isinstance(one, dict):
            raise BadRequest
        name, value, note, version = one.get("name"), one.get("value"), one.get("note") or "", one.get("version")
        if not (isinstance(name, str) and isinstance(value, str) and isinstance(note, str)):
            raise BadRequest
        if not (version is None or (type(version) is int and 0 <= version <= _LAST_VERSION)):
            raise BadRequest
        yield Change(name, value, note, version)


def _told(draft: Draft, outcome: Outcome, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "saved": [_field(one) | {"cleaned": _cleaned(outcome.cleaned.get(one.name, 0))} for one in outcome.saved],
        "conflicts": [
            _field(one) | {"by": names[one.changed_by], "at": moment(one.changed_at)} for one in outcome.conflicts
        ],
        "findings": [one.to_json() for one in told(draft)],
        "sections": [one.to_json() for one in draft.sections],
        "at": moment(datetime.now(UTC)).rpartition(" ")[2],
    }


def _field(field: Field) -> dict[str, Any]:
    return {"name": field.name, "value": field.value, "note": field.note, "version": field.version}


def _cleaned(characters: int) -> str:
    return _("已去掉 {n} 个不能印刷的字符").format(n=characters) if characters else ""

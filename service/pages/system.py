"""The installation, for those who have that duty: how every part is, who works, what waits; definitions to read."""

from typing import Any

from flask import current_app, render_template, request, url_for
from sqlalchemy.exc import SQLAlchemyError

from service import access
from service.admin import crew, installation
from service.admin.definitions import differences, editions_of, rules_in_words
from service.admin.templates import definition_of
from service.pages import pages
from service.resources import resources
from storage.people.policy import Act
from storage.session import reading_scope


@pages.get("/system", endpoint="system")
@access.person
def look_after() -> str:
    access.must(Act.SYSTEM)
    shown = _shown()
    parts = [*shown.pop("troubles"), *shown.pop("parts")]
    capacity = url_for("pages.capacity") if "pages.capacity" in current_app.view_functions else ""
    return render_template(
        "admin/system.html",
        warnings=[part for part in parts if part.look != "ok"],
        well=[part for part in parts if part.look == "ok"],
        versions=installation.versions(),
        definitions=[definition_of(one) for one in resources().definitions.references()],
        capacity=capacity,
        **shown,
    )


@pages.get("/system/definitions/<id>/<edition>")
@access.person
def definition(id: str, edition: str) -> str:
    access.must(Act.SYSTEM)
    shown = definition_of(f"{id}/{edition}")
    others = [one for one in editions_of(id) if one != edition]
    against = request.args.get("against", "")
    other = definition_of(f"{id}/{against}") if against else None
    return render_template(
        "admin/definition.html",
        definition=shown,
        rules=rules_in_words(shown),
        others=others,
        other=other,
        differences=differences(other, shown) if other else (),
    )


def _shown() -> dict[str, Any]:
    try:
        with reading_scope(resources().engine) as session:
            hands = crew.hands(session)
            queues = crew.queues(session, hands)
            found = installation.parts(session)
    except SQLAlchemyError:
        # Who signed in a moment ago still sees what is wrong.
        hands, queues, found = [], [], installation.parts(None)
    return {"hands": hands, "queues": queues, "parts": found, "troubles": crew.troubles(queues)}

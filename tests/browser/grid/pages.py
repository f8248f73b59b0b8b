"""The tables of one section as the form draws them, without the rest of the page: where grids are tested."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from jinja2 import Environment

from reports.definition import Definition, Section
from reports.faces.form import rules_of
from reports.faces.grid import grid
from service.pages.tables import Table, table

STARTING = """
import { fieldsOf, readState } from "/static/form/fields.js";
import * as tables from "/static/form/tables.js";
const form = document.getElementById("form");
window.fields = fieldsOf(form, readState());
tables.start(form, window.fields);
window.heard = [];
form.addEventListener("form:many", (event) => window.heard.push(event.detail.names));
const rules = JSON.parse(document.getElementById("rules").textContent);
form.dispatchEvent(new CustomEvent("form:rules", { detail: rules }));
document.documentElement.classList.add("live");
document.querySelectorAll("[data-live]").forEach((part) => (part.hidden = false));
document.documentElement.dataset.started = "yes";
"""

_PAGE = Environment(autoescape=False, trim_blocks=True).from_string(
    (Path(__file__).parent / "section.html").read_text(encoding="utf-8")
)


def harness(definition: Definition, section: str, values: Mapping[str, str] | None = None) -> str:
    """The page of a section whose cells hold `values`."""
    chosen = next(one for one in definition.sections if one.key == section)
    fields = {name: {"value": value, "note": "", "version": 1} for name, value in (values or {}).items()}
    return _PAGE.render(
        heading=chosen.heading,
        tables=list(_tables(chosen)),
        values=values or {},
        state=json.dumps({"fields": fields, "previous": {}, "open": True}),
        rules=json.dumps(rules_of(definition)),
    )


def _tables(section: Section) -> Iterator[Table]:
    return (table(grid(one)) for one in section.tables)

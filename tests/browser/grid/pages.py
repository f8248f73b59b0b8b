"""The tables of one section as the form draws them, without the rest of the page: the ground on which grids are tested."""

import json
from collections.abc import Iterator, Mapping

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

PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>填报</title><link rel="icon" href="/static/seal.svg">
<link rel="stylesheet" href="/static/nianbao.css"><link rel="stylesheet" href="/static/form-grid.css">
<script type="module" src="/starting.js"></script></head>
<body><div id="form"><form class="middle" method="post">
<h1>{{ heading }}</h1>
<div class="tools"><div class="doing">
<button class="link" data-do="zeros">空白处填 0</button>
<a class="link" role="button" href="?was=1" data-do="was" aria-pressed="false">显示上年数</a>
<button class="link" type="button" data-do="note">格内说明</button>
<button class="link" type="button" data-do="undo" disabled>撤销</button></div></div>
<div class="paste-bar" data-paste-bar role="status" hidden></div>
<div class="grids">
{% for table in tables %}
<div class="across"><table class="grid num columns-{{ table.columns }}{{ ' dense' if table.columns > 8 }}" data-table="{{ table.key }}">
<caption{% if not table.captioned %} class="unseen"{% endif %}>{{ table.caption }}</caption>
<colgroup>{% for level in range(table.stubs - 1) %}<col class="outer-{{ level }}">{% endfor %}{% if table.stubs %}<col class="leaf">{% endif %}{% for _ in range(table.columns - table.stubs) %}<col class="figure">{% endfor %}</colgroup>
<thead>{% for row in table.head %}<tr>{% for one in row.headings %}
<{{ "th" if one.scope else "td class=corner" }}{% if one.id %} id="{{ one.id }}"{% endif %}{% if one.scope %} scope="{{ one.scope }}"{% endif %} rowspan="{{ one.head.rows }}" colspan="{{ one.head.columns }}">{{ one.head.label }}</{{ "th" if one.scope else "td" }}>
{% endfor %}</tr>{% endfor %}</thead>
<tbody>{% for row in table.body %}<tr{% if row.total %} class="total"{% elif row.headings and row.headings | length == 1 and row.headings[0].head.level == 0 %} class="key"{% endif %}>
{% for one in row.headings %}<th id="{{ one.id }}" scope="{{ one.scope }}" class="{{ 'group' if one.scope == 'rowgroup' else 'leaf' }} level-{{ one.head.level }}" rowspan="{{ one.head.rows }}" colspan="{{ one.head.columns }}">{{ one.head.label }}</th>{% endfor %}
{% set down = loop.index0 %}{% for figure in row.figures %}{% set name = figure.cell.name %}
<td headers="{{ figure.headers }}" data-cell="{{ name }}" data-row="{{ down }}" data-column="{{ loop.index0 }}" class="{{ 'calc' if figure.cell.total else '' if values.get(name) else 'blank' }}">
{% if figure.cell.total %}<output id="{{ name }}" data-total tabindex="-1" aria-labelledby="{{ figure.headers }}"></output>
{% else %}<input type="text" inputmode="numeric" id="{{ name }}" name="{{ name }}" value="{{ values.get(name, '') }}" data-kind="{{ figure.cell.kind.name }}" aria-labelledby="{{ figure.headers }}" autocomplete="off" placeholder="–">{% endif %}
<span class="note" data-note hidden></span><input type="hidden" name="note:{{ name }}" value=""><span class="was" data-was hidden>7</span></td>{% endfor %}</tr>{% endfor %}</tbody></table></div>
{% endfor %}</div></form></div>
<script type="application/json" id="state">{{ state }}</script>
<script type="application/json" id="rules">{{ rules }}</script>
<script type="application/json" id="words">{}</script></body></html>"""

_templates = Environment(autoescape=False, trim_blocks=True)


def harness(definition: Definition, section: str, values: Mapping[str, str] | None = None) -> str:
    """The page of a section whose cells hold `values`."""
    chosen = next(one for one in definition.sections if one.key == section)
    fields = {name: {"value": value, "note": "", "version": 1} for name, value in (values or {}).items()}
    return _templates.from_string(PAGE).render(
        heading=chosen.heading,
        tables=list(_tables(chosen)),
        values=values or {},
        state=json.dumps({"fields": fields, "previous": {}, "open": True}),
        rules=json.dumps(rules_of(definition)),
    )


def _tables(section: Section) -> Iterator[Table]:
    return (table(grid(one)) for one in section.tables)

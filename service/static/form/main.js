// Starts everything on the form's page. Without this script the page still works, one section at a time.
import { fieldsOf, readState } from "./fields.js";
import * as adopt from "./adopt.js";
import * as conflicts from "./conflicts.js";
import * as findings from "./findings.js";
import * as narrative from "./narrative.js";
import * as offline from "./offline.js";
import * as panel from "./panel.js";
import * as saving from "./saving.js";
import * as status from "./status.js";
import * as tables from "./tables.js";

const form = document.getElementById("form");
const fields = fieldsOf(form, readState());

document.documentElement.classList.add("live");
document.querySelectorAll("[data-live]").forEach((part) => (part.hidden = false));

const shelf = offline.start(form, fields);
const differing = conflicts.start(form, fields, shelf);
const told = status.start(form);
saving.start(form, fields, { shelf, conflicts: differing, status: told });
panel.start(form, fields);
if (fields.open) {
  tables.start(form, fields);
  narrative.start(form, fields);
  adopt.start(form, fields);
  findings.start(form, fields);
}

// A link from another section leads into the field itself, not only to its place.
const named = fields.control(decodeURIComponent(window.location.hash.slice(1)));
if (named) named.focus();

// Everything that moves in the tables of figures, started together.
import * as grid from "./grid.js";
import * as notes from "./notes.js";
import * as paste from "./paste.js";
import * as selection from "./selection.js";
import * as swings from "./swings.js";
import * as tools from "./tools.js";
import * as totals from "./totals.js";
import * as undoing from "./undo.js";

export function start(form, fields) {
  if (!form.querySelector("table.grid")) return;
  const undo = undoing.start(form, fields);
  totals.start(form, fields);
  swings.start(form, fields);
  const picked = selection.start(form, fields);
  grid.start(form, fields);
  paste.start(form, fields, { undo, picked });
  notes.start(form, fields);
  tools.start(form, fields, { undo });
}

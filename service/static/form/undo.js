// Ctrl+Z and Ctrl+Y in the tables. Whoever changed the cells (fingers, a paste, a mend), what was done at once is
// undone at once, and what was typed during one stay in a cell is one step.
import { ofTheInputMethod } from "./composing.js";
import { sheetOf } from "./sheet.js";

const MOST = 200;

export function start(form, fields) {
  return new Undo(form, fields);
}

class Undo {
  constructor(form, fields) {
    Object.assign(this, { fields, sheet: sheetOf(form), past: [], future: [], stay: 0, replaying: false });
    this.seen = new Map(this.sheet.cells.map((cell) => [cell.name, this._now(cell)]));
    this.buttons = Array.from(form.querySelectorAll('[data-do="undo"]'));
    this.buttons.forEach((button) => button.addEventListener("click", () => this.undo()));
    fields.onChange((names) => this._changed(names));
    form.addEventListener("focusin", () => (this.stay += 1));
    form.addEventListener("keydown", (event) => this._pressed(event));
    this._show();
  }

  undo() {
    this._replay(this.past, this.future, "before");
  }

  redo() {
    this._replay(this.future, this.past, "after");
  }

  _pressed(event) {
    const command = (event.ctrlKey || event.metaKey) && !event.altKey;
    if (!command || ofTheInputMethod(event) || isText(event.target)) return;
    const key = event.key.toLowerCase();
    if (key !== "z" && key !== "y") return;
    event.preventDefault();
    if (key === "y" || event.shiftKey) this.redo();
    else this.undo();
  }

  _changed(names) {
    const cells = names.map((name) => this.sheet.cell(name)).filter(Boolean);
    const changes = cells.map((cell) => ({ cell, before: this.seen.get(cell.name), after: this._now(cell) }));
    const real = changes.filter(({ before, after }) => before.value !== after.value || before.note !== after.note);
    real.forEach(({ cell, after }) => this.seen.set(cell.name, after));
    if (!real.length || this.replaying) return;
    this._keep({ changes: real, stay: this.stay });
    this.future = [];
    this._show();
  }

  // Letter after letter typed into one cell is one step.
  _keep(step) {
    const last = this.past[this.past.length - 1];
    const [first] = step.changes;
    const goesOn = last && last.stay === step.stay && [last, step].every(({ changes }) => changes.length === 1) && last.changes[0].cell === first.cell;
    if (goesOn) last.changes[0].after = first.after;
    else this.past.push(step);
    if (this.past.length > MOST) this.past.shift();
  }

  _replay(from, to, side) {
    const step = from.pop();
    if (!step) return;
    to.push(step);
    this.stay += 1;
    this.replaying = true;
    const each = (pick) => step.changes.reduce((all, change) => ({ ...all, [change.cell.name]: pick(change) }), {});
    const values = each((change) => (change.cell.total ? this.fields.value(change.cell.name) : change[side].value));
    this.fields.setMany(values, each((change) => change[side].note));
    this.replaying = false;
    step.changes[0].cell.enter();
    this._show();
  }

  // What is computed is not undone, only what was written beside it.
  _now(cell) {
    return { value: cell.total ? "" : this.fields.value(cell.name), note: this.fields.note(cell.name) };
  }

  _show() {
    this.buttons.forEach((button) => (button.disabled = !this.past.length));
  }
}

// Texts have the browser's own undo.
function isText(element) {
  return element.nodeName === "TEXTAREA" || (element.nodeName === "INPUT" && !element.dataset.kind);
}

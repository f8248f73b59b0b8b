// Hands on the keyboard: arrows and Enter walk through a table, typing replaces, Esc brings back what was there.
// Tab is the browser's own: computed cells are not in its way.
import { isComposing, ofTheInputMethod } from "./composing.js";
import { apart } from "./numbers.js";
import { sheetOf } from "./sheet.js";

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

export function start(form, fields) {
  return new Keyboard(form, fields);
}

class Keyboard {
  constructor(form, fields) {
    Object.assign(this, { fields, sheet: sheetOf(form), before: null });
    form.addEventListener("keydown", (event) => this._pressed(event));
    form.addEventListener("focusin", (event) => this._entered(this.sheet.at(event.target)));
    form.addEventListener("focusout", (event) => this._left(this.sheet.at(event.target)));
    form.addEventListener("dblclick", (event) => this._edit(this.sheet.at(event.target)));
    form.addEventListener("input", (event) => this._show(this.sheet.at(event.target)));
  }

  _pressed(event) {
    const cell = this.sheet.at(event.target);
    if (!cell || event.target !== cell.control || ofTheInputMethod(event) || event.altKey) return;
    if (this._act(cell, event)) event.preventDefault();
  }

  // Whether the key was ours.
  _act(cell, event) {
    const { key, shiftKey } = event;
    const command = event.ctrlKey || event.metaKey;
    if (key === "Enter") return command ? false : this._go(cell, shiftKey ? -1 : 1, 0) || true;
    if (key === "Escape") return this._restore(cell);
    if (key === "F2") return this._edit(cell);
    if (shiftKey || this.sheet.editing === cell) return false;
    if (key === "Home" || key === "End") return this._toEdge(cell, key === "End", command);
    if (command || !STEPS[key] || this._caretMoves(cell, key)) return false;
    return this._go(cell, ...STEPS[key]) || true;
  }

  _go(cell, down, right) {
    const next = cell.table.at(cell.row + down, cell.column + right);
    if (next) next.enter();
    else if (this.sheet.editing === cell) this._endEditing(cell);
    return Boolean(next);
  }

  _toEdge(cell, last, corner) {
    const { cells, width } = cell.table;
    const row = corner ? (last ? cells.length - 1 : 0) : cell.row;
    cell.table.at(row, last ? width - 1 : 0).enter();
    return true;
  }

  // ← and → stay in the text until the caret is at its edge; a text that is all selected has no caret.
  _caretMoves(cell, key) {
    if (cell.total || (key !== "ArrowLeft" && key !== "ArrowRight")) return false;
    const { selectionStart, selectionEnd, value } = cell.control;
    if (selectionStart === 0 && selectionEnd === value.length) return false;
    const edge = key === "ArrowLeft" ? 0 : value.length;
    return selectionStart !== selectionEnd || selectionStart !== edge;
  }

  _edit(cell) {
    if (!cell || cell.total) return false;
    this.sheet.editing = cell;
    const end = cell.control.value.length;
    cell.control.setSelectionRange(end, end);
    cell.td.classList.add("editing");
    return true;
  }

  _endEditing(cell) {
    this.sheet.editing = null;
    cell.td.classList.remove("editing");
    if (!cell.total) cell.control.select();
  }

  _restore(cell) {
    const { before } = this;
    const changed = before && before.name === cell.name && this.fields.value(cell.name) !== before.value;
    const editing = this.sheet.editing === cell;
    if (changed) this.fields.set(cell.name, before.value, before.note);
    if (changed || editing) this._endEditing(cell);
    return changed || editing;
  }

  // However one came, what the cell holds is selected: the next key replaces it.
  _entered(cell) {
    this.before = cell && { name: cell.name, value: this.fields.value(cell.name), note: this.fields.note(cell.name) };
    if (cell && !cell.total && document.activeElement === cell.control) cell.control.select();
  }

  // Full width becomes half when the cell is left, never under the fingers; a note in brackets goes to its own place.
  _left(cell) {
    if (!cell) return;
    cell.td.classList.remove("editing");
    if (this.sheet.editing === cell) this.sheet.editing = null;
    if (cell.total || isComposing()) return;
    const typed = this.fields.value(cell.name);
    const { value, note } = apart(typed);
    if (note && this.fields.note(cell.name)) return;
    if (value !== typed) this.fields.set(cell.name, value, note || this.fields.note(cell.name));
  }

  _show(cell) {
    if (cell && !cell.total) cell.td.classList.toggle("blank", !cell.control.value.trim());
  }
}

// A block of cells: Shift+arrows and the mouse pick it, Delete clears it, Ctrl+C copies it, Ctrl+D fills it down.
import { printHtml, printTsv } from "./clipboard.js";
import { ofTheInputMethod } from "./composing.js";
import { part } from "./parts.js";
import { sheetOf } from "./sheet.js";
import { t } from "./words.js";

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

export function start(form, fields) {
  return new Selection(form, fields);
}

class Selection {
  constructor(form, fields) {
    Object.assign(this, { fields, sheet: sheetOf(form), anchor: null, head: null, dragging: false });
    this.told = part("p", { class: "unseen", role: "status" });
    form.append(this.told);
    form.addEventListener("keydown", (event) => this._pressed(event));
    form.addEventListener("focusin", (event) => this._focused(this.sheet.at(event.target)));
    form.addEventListener("input", (event) => this._typed(this.sheet.at(event.target)));
    form.addEventListener("mousedown", (event) => this._grabbed(event));
    form.addEventListener("mouseover", (event) => this._dragged(event));
    document.addEventListener("mouseup", () => (this.dragging = false));
    form.addEventListener("copy", (event) => this._copy(event));
    form.addEventListener("cut", (event) => this._copy(event) && this._clear());
  }

  // The picked cells row by row; of none picked, the focused one.
  get rows() {
    const { anchor, head } = this._corners();
    if (!anchor) return [];
    const [top, bottom] = inOrder(anchor.row, head.row);
    const [left, right] = inOrder(anchor.column, head.column);
    return anchor.table.cells.slice(top, bottom + 1).map((row) => row.slice(left, right + 1));
  }

  get isBlock() {
    return Boolean(this.anchor) && this.anchor !== this.head;
  }

  _corners() {
    const focused = this.sheet.focused;
    return this.anchor ? this : { anchor: focused, head: focused };
  }

  _pressed(event) {
    const cell = this.sheet.at(event.target);
    if (!cell || event.target !== cell.control || ofTheInputMethod(event) || this.sheet.editing === cell || event.altKey) return;
    if (this._act(cell, event)) event.preventDefault();
  }

  _act(cell, event) {
    const command = event.ctrlKey || event.metaKey;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (event.shiftKey && STEPS[key]) return this._extend(cell, ...STEPS[key], command);
    if (command && key === "a") return this._pick(cell.table.at(0, 0), last(last(cell.table.cells)));
    if (command && key === "d") return this._fillDown(cell);
    if ((key === "Delete" || key === "Backspace") && this.isBlock) return this._clear();
    if (key === "Escape" && this.isBlock) return this._pick(null, null);
    return false;
  }

  // Ctrl+Shift+arrow goes to the edge of the table.
  _extend(cell, down, right, far) {
    const { head } = this._corners();
    const { table } = cell;
    const steps = far ? Math.max(table.cells.length, table.width) : 1;
    const row = within(head.row + down * steps, table.cells.length);
    return this._pick(this.anchor || cell, table.at(row, within(head.column + right * steps, table.width)));
  }

  _pick(anchor, head) {
    Object.assign(this, { anchor: anchor === head && !this.dragging ? null : anchor, head });
    this._draw();
    return true;
  }

  _draw() {
    const picked = new Set(this.isBlock ? [].concat(...this.rows) : []);
    this.sheet.cells.forEach((cell) => cell.td.classList.toggle("picked", picked.has(cell)));
    const { rows } = this;
    this.told.textContent = picked.size ? t("已选 {rows} 行 {columns} 列", { rows: rows.length, columns: rows[0].length }) : "";
  }

  // Whoever goes elsewhere lets go of the block.
  _focused(cell) {
    if (this.anchor && cell !== this.anchor) this._pick(null, null);
  }

  _typed(cell) {
    if (cell && this.isBlock && cell === this.anchor && !this.writing) this._pick(null, null);
  }

  _grabbed(event) {
    const cell = this.sheet.at(event.target);
    if (!cell || event.button !== 0 || event.target.closest("button, a")) return;
    if (event.shiftKey && this.sheet.focused && this.sheet.focused.table === cell.table) {
      event.preventDefault();
      this._pick(this.anchor || this.sheet.focused, cell);
      return;
    }
    // A second press in the same cell sets the caret, as everywhere.
    if (cell !== this.sheet.focused) {
      event.preventDefault();
      cell.enter();
    }
    this.dragging = true;
    this._pick(cell, cell);
  }

  _dragged(event) {
    const cell = this.dragging && event.buttons === 1 ? this.sheet.at(event.target) : null;
    if (!cell || !this.anchor || cell.table !== this.anchor.table || cell === this.head) return;
    if (!this.anchor.total) this.anchor.control.select();
    this._pick(this.anchor, cell);
  }

  // Letters selected within a cell are the browser's to copy.
  _copy(event) {
    const cell = this.sheet.at(event.target) || this.sheet.focused;
    if (!cell || (!this.isBlock && hasPartSelected(cell.control))) return false;
    const rows = this.rows.map((row) => row.map((one) => this._shown(one)));
    event.clipboardData.setData("text/plain", printTsv(rows));
    event.clipboardData.setData("text/html", printHtml(rows));
    event.preventDefault();
    return true;
  }

  _shown(cell) {
    const value = cell.total ? cell.control.textContent : this.fields.value(cell.name);
    const note = this.fields.note(cell.name);
    return note ? `${value}（${note}）` : value;
  }

  _clear() {
    return this._write([].concat(...this.rows).map((cell) => [cell, "", ""]));
  }

  // The first row of the block into those below it; a single cell takes what stands above it.
  _fillDown(cell) {
    const { rows } = this;
    const above = rows.length > 1 ? rows[0] : cell.row > 0 ? rows[0].map((one) => one.table.at(one.row - 1, one.column)) : null;
    if (!above) return true;
    const below = rows.length > 1 ? rows.slice(1) : rows;
    return this._write([].concat(...below.map((row) => row.map((one, at) => [one, this.fields.value(above[at].name), undefined]))));
  }

  _write(changes) {
    const typed = changes.filter(([cell]) => !cell.total);
    this.writing = true;
    this.fields.setMany(named(typed, 1), named(typed, 2));
    this.writing = false;
    return true;
  }
}

function named(changes, at) {
  return changes.reduce((all, change) => ({ ...all, [change[0].name]: change[at] }), {});
}

function hasPartSelected(control) {
  if (control.nodeName === "OUTPUT") return false;
  const { selectionStart, selectionEnd, value } = control;
  return selectionEnd > selectionStart && selectionEnd - selectionStart < value.length;
}

function inOrder(one, other) {
  return one < other ? [one, other] : [other, one];
}

function within(at, count) {
  return Math.max(0, Math.min(at, count - 1));
}

function last(list) {
  return list[list.length - 1];
}

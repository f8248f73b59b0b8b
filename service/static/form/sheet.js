// The tables of a page as rows and columns of cells, each under the headings it is printed under.
import { rectangle } from "./spans.js";

const sheets = new WeakMap();

// The one sheet of a form, shared by everything that moves in its tables.
export function sheetOf(form) {
  if (!sheets.has(form)) sheets.set(form, new Sheet(form));
  return sheets.get(form);
}

class Sheet {
  constructor(form) {
    this.tables = Array.from(form.querySelectorAll("table.grid[data-table]"), (table) => new Table(table));
    this.byName = new Map(this.cells.map((cell) => [cell.name, cell]));
    // What kinds of figure there are and what each total adds up; they come a moment after the page.
    this.rules = null;
    form.addEventListener("form:rules", (event) => (this.rules = event.detail));
    // The cell whose text is being edited (F2): arrows move in its text, not in the table.
    this.editing = null;
  }

  get cells() {
    return [].concat(...this.tables.map((table) => [].concat(...table.cells)));
  }

  cell(name) {
    return this.byName.get(name) || null;
  }

  // The cell an element stands in.
  at(element) {
    const place = element && element.closest ? element.closest("td[data-cell]") : null;
    return place ? this.cell(place.dataset.cell) : null;
  }

  // The names of the cells that a total adds up.
  summands(cell) {
    return (this.rules && this.rules.totals[cell.name]) || [];
  }

  get focused() {
    return this.at(document.activeElement);
  }
}

class Table {
  constructor(table) {
    this.caption = table.caption ? words(table.caption) : "";
    const body = rowsOf(table.tBodies[0]);
    this.cells = body.map((row, at) => Array.from(row.querySelectorAll("td[data-cell]"), (td, column) => new Cell(td, this, at, column)));
    this.rows = beside(body).map((heads) => ({ heads }));
    this.columns = above(rowsOf(table.tHead), this.cells[0].length).map((heads) => ({ heads }));
  }

  get width() {
    return this.columns.length;
  }

  at(row, column) {
    return (this.cells[row] || [])[column] || null;
  }
}

class Cell {
  constructor(td, table, row, column) {
    const control = td.querySelector("input[data-kind], output");
    Object.assign(this, { td, table, row, column, control, name: td.dataset.cell });
    this.total = control.nodeName === "OUTPUT";
    this.kind = this.total ? "" : control.dataset.kind;
  }

  // Focused and all of it selected: the next key replaces it.
  enter() {
    this.control.focus();
    this.td.scrollIntoView({ block: "nearest", inline: "nearest" });
    if (!this.total) this.control.select();
  }

  // “自然人”列“一、本年新收”: what a message calls it.
  get called() {
    const row = last(this.table.rows[this.row].heads);
    const column = last(this.table.columns[this.column].heads);
    return row ? `${row} · ${column}` : this.table.columns[this.column].heads.join(" · ");
  }
}

function beside(body) {
  const isHead = (cell) => cell.nodeName === "TH";
  const heads = rectangle(body, (cell) => (isHead(cell) ? words(cell) : ""), (what) => what);
  return heads.map(path);
}

function above(head, width) {
  const lines = rectangle(head, words, (what) => what);
  const columns = Array.from({ length: width }, (_, at) => path(lines.map((line) => line[line.length - width + at])));
  // The word over all columns (申请人情况) tells none from another.
  const common = columns.length > 1 && columns.every((heads) => heads[0] === columns[0][0]) ? 1 : 0;
  return columns.map((heads) => heads.slice(common));
}

function path(texts) {
  return texts.filter((text, at) => text && text !== texts[at - 1]);
}

function rowsOf(part) {
  return part ? Array.from(part.rows) : [];
}

function words(element) {
  return element.textContent.replace(/\s+/g, " ").trim();
}

function last(list) {
  return list.length ? list[list.length - 1] : "";
}

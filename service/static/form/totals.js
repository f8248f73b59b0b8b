// Totals add themselves up as one types: blank while nothing is there; while something is missing, the sum of what is
// there, grey and called unfinished. Only a finished total is a figure of the report, as on the server.
import { isAmount, plainNumber, sum } from "./numbers.js";
import { part } from "./parts.js";
import { sheetOf } from "./sheet.js";
import { t } from "./words.js";

export function start(form, fields) {
  return new Totals(form, fields);
}

class Totals {
  constructor(form, fields) {
    Object.assign(this, { fields, sheet: sheetOf(form) });
    // An output speaks whenever it changes; thirty of them would never be silent.
    this.totals = this.sheet.cells.filter((cell) => cell.total);
    this.totals.forEach((cell) => cell.control.setAttribute("aria-live", "off"));
    fields.onChange((names) => names.some((name) => !this._isTotal(name)) && this.show());
    form.addEventListener("form:rules", () => this.show());
  }

  show() {
    if (this.sheet.rules) this.totals.forEach((cell) => this._show(cell));
  }

  _show(cell) {
    const parts = this.sheet.summands(cell).map((name) => plainNumber(this.fields.value(name)));
    const there = parts.filter(isAmount);
    const finished = there.length === parts.length;
    this.fields.set(cell.name, finished ? sum(parts) : "");
    const partial = !finished && there.length ? sum(there) : "";
    if (!finished) cell.control.textContent = partial;
    this._mark(cell, Boolean(partial));
  }

  _mark(cell, partial) {
    const word = cell.td.querySelector(".unfinished");
    if (partial && !word) cell.td.append(part("span", { class: "unfinished unseen" }, t("未填完")));
    if (!partial && word) word.remove();
    cell.td.classList.toggle("partial", partial);
    if (partial) cell.td.title = t("未填完：这是已填各格之和");
    else cell.td.removeAttribute("title");
  }

  _isTotal(name) {
    const cell = this.sheet.cell(name);
    return Boolean(cell) && cell.total;
  }
}

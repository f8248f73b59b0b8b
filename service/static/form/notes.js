// A cell's note, printed behind its figure: 22（其中修订16件）. Shift+F2, as in Excel, or the button above the tables.
import { ofTheInputMethod } from "./composing.js";
import { button, fill, part } from "./parts.js";
import { sheetOf } from "./sheet.js";
import { t } from "./words.js";

// Longer than this belongs in the text of the report.
const LONGEST = 200;

export function start(form, fields) {
  return new Notes(form, fields);
}

class Notes {
  constructor(form, fields) {
    Object.assign(this, { fields, sheet: sheetOf(form), cell: null, caret: null });
    this.place = part("div", { class: "note-bar", role: "group", "aria-label": t("格内说明"), hidden: true });
    form.querySelector("[data-paste-bar]").before(this.place);
    this.place.addEventListener("keydown", (event) => this._inside(event));
    form.addEventListener("focusin", (event) => (this.caret = this.sheet.at(event.target) || this.caret));
    form.addEventListener("keydown", (event) => this._pressed(event));
    form.querySelectorAll('[data-do="note"]').forEach((one) => one.addEventListener("click", () => this.open(this.caret)));
    this.sheet.cells.forEach((cell) => this._show(cell));
    fields.onChange((names) => names.map((name) => this.sheet.cell(name)).filter(Boolean).forEach((cell) => this._show(cell)));
  }

  // Without a cell to write beside, the first one.
  open(cell) {
    this.cell = cell || this.sheet.cells[0];
    this.text = part("input", { type: "text", id: "note-text", maxlength: LONGEST, autocomplete: "off" });
    this.text.value = this.fields.note(this.cell.name);
    const label = part("label", { for: "note-text" }, t("{place}的说明，印在数后的括号里", { place: this.cell.called }));
    const keep = button(t("写好了"), () => this._close(this.text.value), { class: "btn main" });
    fill(this.place, label, this.text, part("p", { class: "choices" }, keep, button(t("取消"), () => this._close())));
    this.place.hidden = false;
    this.text.focus();
  }

  _pressed(event) {
    const cell = this.sheet.at(event.target);
    if (!cell || event.key !== "F2" || !event.shiftKey) return;
    event.preventDefault();
    this.open(cell);
  }

  _inside(event) {
    if (ofTheInputMethod(event) || (event.key !== "Enter" && event.key !== "Escape")) return;
    if (event.key === "Enter" && event.target !== this.text) return;
    event.preventDefault();
    event.stopPropagation();
    this._close(event.key === "Enter" ? this.text.value : undefined);
  }

  _close(note) {
    const { cell } = this;
    this.place.hidden = true;
    fill(this.place);
    if (note !== undefined) this.fields.set(cell.name, this.fields.value(cell.name), bare(note));
    cell.enter();
  }

  _show(cell) {
    const place = cell.td.querySelector("[data-note]");
    const note = this.fields.note(cell.name);
    if (!place) return;
    place.textContent = note ? `（${note}）` : "";
    place.title = note;
    place.hidden = !note;
  }
}

// The brackets are the form's own.
function bare(note) {
  const text = note.trim();
  const found = /^[（(]([^（）()]*)[）)]$/.exec(text);
  return found ? found[1].trim() : text;
}

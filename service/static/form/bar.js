// The bar above the tables: says what is about to happen to many cells and asks once; says what happened, with a way back.
import { button, fill, part } from "./parts.js";
import { sheetOf } from "./sheet.js";
import { t } from "./words.js";

const bars = new WeakMap();

// The one bar of a form.
export function barOf(form, fields) {
  if (!bars.has(form)) bars.set(form, new Bar(form, fields));
  return bars.get(form);
}

class Bar {
  constructor(form, fields) {
    Object.assign(this, { sheet: sheetOf(form), place: form.querySelector("[data-paste-bar]"), caret: null, cells: [] });
    this.place.addEventListener("keydown", (event) => this._pressed(event));
    fields.onChange(() => this.back && !this.busy && this._goOn());
  }

  // apply() does it and answers what `tell` is to say: {sentence, remarks, back}. cells are shown as about to change.
  ask(sentence, { apply, cells, remarks = [] }) {
    this.close();
    Object.assign(this, { caret: this.sheet.focused, cells });
    this._show(sentence, remarks, [
      button(t("应用"), () => this._apply(apply), { class: "btn main" }),
      button(t("取消"), () => this._leave()),
    ]);
    cells.forEach((cell) => cell.td.classList.add("incoming"));
    this.place.querySelector("button").focus();
  }

  tell(sentence, { remarks = [], back = null } = {}) {
    const caret = this.caret || this.sheet.focused;
    this.close();
    Object.assign(this, { caret, back });
    const undo = back && button(t("撤销"), () => this._leave(back));
    this._show(sentence, remarks, [undo, button(t("关闭"), () => this._leave())]);
  }

  close() {
    this.cells.forEach((cell) => cell.td.classList.remove("incoming"));
    Object.assign(this, { cells: [], back: null, caret: null });
    this.place.hidden = true;
    fill(this.place);
  }

  // Something else was changed: the way back would lead elsewhere. What is left to look at stays until it is closed.
  _goOn() {
    const left = this.place.querySelector("ul");
    if (!left) return this.close();
    this.back = null;
    fill(this.place, part("p", {}, t("粘贴后还要核对的地方")), part("p", { class: "choices" }, button(t("关闭"), () => this._leave())), left);
  }

  _apply(apply) {
    const { caret } = this;
    this.busy = true;
    const { sentence, remarks, back } = apply();
    this.busy = false;
    this.tell(sentence, { remarks, back });
    if (caret) caret.enter();
  }

  _leave(then) {
    const { caret } = this;
    this.close();
    if (caret) caret.enter();
    if (then) then();
  }

  _pressed(event) {
    if (event.key !== "Escape" || event.isComposing) return;
    event.preventDefault();
    this._leave();
  }

  // remarks: [{cell?, words}]; one about a cell leads to it.
  _show(sentence, remarks, buttons) {
    const said = remarks.map(({ cell, words }) => part("li", {}, cell ? this._link(cell) : "", words));
    fill(this.place, part("p", {}, sentence), part("p", { class: "choices" }, ...buttons), said.length ? part("ul", {}, ...said) : "");
    this.place.hidden = false;
  }

  _link(cell) {
    const go = (event) => {
      event.preventDefault();
      cell.enter();
    };
    return part("a", { href: `#${cell.name}`, click: go }, t("{place}：", { place: cell.called }));
  }
}

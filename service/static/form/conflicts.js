// Where somebody else (or another window) changed the same field meanwhile: both values side by side, and a choice.
// Nothing is written over anybody's words until the clerk has chosen; until then the field is not sent.
import { t } from "./words.js";
import { button, fill, part } from "./parts.js";

export function start(form, fields, shelf) {
  return new Conflicts(form, fields, shelf);
}

class Conflicts {
  constructor(form, fields, shelf) {
    Object.assign(this, { form, fields, shelf, open: new Map(), waiting: [], listeners: [] });
    this.place = part("section", { id: "conflicts", class: "conflicts", "aria-labelledby": "conflicts-title", tabindex: "-1", hidden: true });
    const panel = document.getElementById("panel");
    if (panel) panel.prepend(this.place);
    else form.prepend(this.place);
  }

  get count() {
    return this.open.size;
  }

  has(name) {
    return this.open.has(name);
  }

  onChoice(listener) {
    this.listeners.push(listener);
  }

  // theirs: {name, value, note, version, by, at}
  add(theirs) {
    const { name } = theirs;
    if (this.open.has(name) && theirs.here) return this.waiting.push(theirs);
    if (this._same(theirs)) return this._take(theirs);
    this.open.set(name, theirs);
    this._mark(name, true);
    this._draw();
  }

  // What is typed on goes on being mine; whoever types the same as the other has settled it.
  changed(names) {
    const touched = names.filter((name) => this.open.has(name));
    touched.forEach((name) => {
      const theirs = this.open.get(name);
      if (this._same(theirs) && !theirs.here) this._close(name, () => this._take(theirs));
      else this._mine(name);
    });
  }

  _same({ name, value, note }) {
    return (this.fields.isTotal(name) || this.fields.value(name) === value) && this.fields.note(name) === (note || "");
  }

  _take({ name, value, note, version }) {
    this.fields.settle(name, { value, note: note || "", version });
    this.listeners.forEach((listener) => listener(name));
  }

  _useMine(theirs) {
    this._close(theirs.name, () => (theirs.here ? this._forget(theirs) : this._take(theirs)));
  }

  _useTheirs(theirs) {
    const { name, value, note } = theirs;
    const mine = { name, value: this.fields.value(name), note: this.fields.note(name) };
    this._close(name, () => {
      if (!theirs.here) this.fields.settle(name, { value, note: note || "", version: theirs.version });
      this.fields.set(name, value, note || "");
      this._forget(mine);
    });
  }

  // A copy that was kept on this computer and not chosen is needed no longer.
  _forget({ name, value, note }) {
    this.shelf.forget(name, value, note || "");
    this.listeners.forEach((listener) => listener(name));
  }

  _close(name, then) {
    const chosen = this.place.contains(document.activeElement);
    this.open.delete(name);
    this._mark(name, false);
    then();
    const next = this.waiting.findIndex((one) => one.name === name);
    if (next >= 0) this.add(this.waiting.splice(next, 1)[0]);
    this._draw();
    // Back to the field, since the button that was pressed is gone.
    const control = this.fields.control(name);
    if (chosen && control) control.focus();
    else if (chosen && this.count) this.place.focus();
  }

  _mark(name, open) {
    const control = this.fields.control(name);
    const around = control && control.closest("td, .passage");
    if (around) around.classList.toggle("conflict", open);
  }

  _mine(name) {
    const shown = this.place.querySelector(`[data-mine="${CSS.escape(name)}"]`);
    if (shown) shown.textContent = this._words(name, this.fields.value(name), this.fields.note(name));
  }

  _draw() {
    const held = document.activeElement && document.activeElement.dataset ? document.activeElement.dataset.choice : null;
    const cards = Array.from(this.open.values(), (theirs) => this._card(theirs));
    const title = part("h2", { id: "conflicts-title" }, t("有 {n} 处与他人不同", { n: this.count }));
    fill(this.place, title, ...cards);
    this.place.hidden = !cards.length;
    const again = held && this.place.querySelector(`[data-choice="${CSS.escape(held)}"]`);
    if (again) again.focus();
  }

  _card(theirs) {
    const { name, value, note } = theirs;
    const label = this.fields.label(name);
    const who = t("{by} 于 {at} 填写", { by: theirs.by, at: when(theirs.at) });
    const mine = part("div", { class: "words", "data-mine": name }, this._words(name, this.fields.value(name), this.fields.note(name)));
    const other = part("div", { class: "words" }, this._words(name, value, note));
    const choose = (words, choice, does) =>
      button(words, does, { "data-choice": `${choice}:${name}`, "aria-label": `${words}：${label}` });
    return part(
      "div", { class: "conflict-card", "data-conflict": name },
      part("h3", {}, this.fields.control(name) ? part("a", { href: `#${name}` }, label) : label),
      part("div", { class: "side-by-side" },
        part("div", {}, part("p", { class: "small" }, t("我填写的")), mine, choose(t("用我的"), "mine", () => this._useMine(theirs))),
        part("div", {}, part("p", { class: "small" }, who), other, choose(t("用对方的"), "theirs", () => this._useTheirs(theirs))))
    );
  }

  _words(name, value, note) {
    const said = this.fields.isTotal(name) ? "" : value;
    if (!said && !note) return t("（空白）");
    return note ? `${said}（${note}）` : said;
  }
}

function when(at) {
  if (typeof at !== "number") return at;
  const two = (number) => String(number).padStart(2, "0");
  const then = new Date(at);
  return `${two(then.getHours())}:${two(then.getMinutes())}`;
}

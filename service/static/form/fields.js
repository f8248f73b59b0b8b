// What stands in every field of the report, on this page and in its other sections, and what the server last kept.
// A field is a cell, a text or a reason (`X2@cell`), by name; a total's value is shown but never kept, only its note.

import { t } from "./words.js";

const NEVER = Object.freeze({ value: "", note: "", version: 0 });

export function readState() {
  return JSON.parse(document.getElementById("state").textContent);
}

export function fieldsOf(form, state) {
  return new Fields(form, state);
}

class Fields {
  constructor(form, state) {
    this.form = form;
    this.state = state;
    this.open = state.open !== false;
    this.kept = new Map(Object.entries(state.fields));
    this.now = new Map(Array.from(this.kept, ([name, one]) => [name, { value: one.value, note: one.note || "" }]));
    this.listeners = [];
    this.held = null;
    document.addEventListener("input", (event) => this._typed(event.target));
    this._typedBeforeWeWereHere();
  }

  value(name) {
    return (this.now.get(name) || NEVER).value;
  }

  note(name) {
    return (this.now.get(name) || NEVER).note;
  }

  names() {
    return Array.from(this.now.keys());
  }

  // The field as the server last told it: {value, note, version}; version 0 when it was never saved.
  base(name) {
    return this.kept.get(name) || NEVER;
  }

  // Put a value (and a note) into a field as if it had been typed: the control shows it, and everybody hears of it.
  set(name, value, note) {
    const control = this.control(name);
    const before = this.now.get(name) || NEVER;
    const after = { value: String(value), note: note === undefined ? before.note : note };
    if (control && shown(control) !== after.value) show(control, after.value);
    const beside = this._noteControl(name);
    if (beside && beside.value !== after.note) beside.value = after.note;
    if (before.value === after.value && before.note === after.note) return;
    this._put(name, after);
    if (control && control.nodeName !== "OUTPUT") control.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // Several at once, {name: value} and {name: note}: one step for whoever listens.
  setMany(values, notes = {}) {
    const names = Object.keys(values);
    this._together(() => names.forEach((name) => this.set(name, values[name], notes[name])));
    this.form.dispatchEvent(new CustomEvent("form:many", { bubbles: true, detail: { names } }));
  }

  // listener(names) hears of every change, whoever made it; the answer ends it.
  onChange(listener) {
    this.listeners.push(listener);
    return () => (this.listeners = this.listeners.filter((one) => one !== listener));
  }

  // Fields that differ from what the server last kept.
  unsaved() {
    return this.names().filter((name) => this.differs(name));
  }

  differs(name) {
    const { value, note, typed } = this.base(name);
    const now = this.value(name);
    return (!this.isTotal(name) && value !== now && typed !== now) || (note || "") !== this.note(name);
  }

  isTotal(name) {
    const control = this.control(name);
    return Boolean(control) && control.nodeName === "OUTPUT";
  }

  // How a person calls it: “…”行“…”列, the heading of a text, what a reason is the reason of.
  label(name) {
    const [rule, cell] = name.split("@");
    if (cell) return t("{cell}的原因（{rule}）", { cell: this.label(cell), rule });
    const heading = document.querySelector(`label[for="${CSS.escape(name)}"]`);
    return this.state.labels[name] || (heading && heading.textContent.trim()) || name;
  }

  // The server has kept this (`typed`: the same before it was cleaned); what was typed since then stays.
  settle(name, kept) {
    this.kept.set(name, kept);
    // The buttons that send the whole section tell by this what the page has seen.
    const seen = document.querySelector(`input[name="version:${CSS.escape(name)}"]`);
    if (seen) seen.value = `${kept.version}-`;
    if (!this.now.has(name)) this.now.set(name, { value: kept.value, note: kept.note || "" });
  }

  // What was typed earlier and never sent comes back, on the version it was typed over.
  restore(name, { value, note, version }) {
    this.kept.set(name, { ...this.base(name), version });
    this.set(name, value, note);
  }

  // The control of a field when it is on this page: an input, a textarea, or the output of a total.
  control(name) {
    const found = document.getElementById(name);
    return found && /^(INPUT|TEXTAREA|OUTPUT)$/.test(found.nodeName) ? found : null;
  }

  _typed(control) {
    if (!control.name) return;
    const beside = control.name.startsWith("note:");
    const name = beside ? control.name.slice(5) : control.name;
    if (!this._isField(control, name)) return;
    const before = this.now.get(name) || NEVER;
    const after = beside ? { value: before.value, note: control.value } : { value: control.value, note: before.note };
    if (before.value !== after.value || before.note !== after.note) this._put(name, after);
  }

  _isField(control, name) {
    return this.now.has(name) || (control.id === name && Boolean(control.closest("#form, #panel"))) || Boolean(this.control(name));
  }

  _put(name, after) {
    this.now.set(name, after);
    this._tell([name]);
  }

  _tell(names) {
    if (this.held) names.forEach((name) => this.held.add(name));
    else this.listeners.forEach((listener) => listener(names));
  }

  _together(change) {
    if (this.held) return change();
    this.held = new Set();
    try {
      change();
    } finally {
      const names = Array.from(this.held);
      this.held = null;
      if (names.length) this._tell(names);
    }
  }

  _noteControl(name) {
    return this.form.querySelector(`input[name="note:${CSS.escape(name)}"]`);
  }

  // What was typed before this script came, and what was sent by a button and not kept: over that the server asks.
  _typedBeforeWeWereHere() {
    this.form.querySelectorAll("input[id][name], textarea[id][name], input[name^='note:']").forEach((control) => {
      const name = control.name.replace(/^note:/, "");
      const { version } = this.base(name);
      const before = control.id ? this.value(name) : this.note(name);
      if (control.value === before) return;
      if (control.value === control.defaultValue) this.kept.set(name, { ...this.base(name), version: Math.max(0, version - 1) });
      this._typed(control);
    });
  }
}

function shown(control) {
  return control.nodeName === "OUTPUT" ? control.textContent : control.value;
}

function show(control, text) {
  if (control.nodeName === "OUTPUT") control.textContent = text;
  else control.value = text;
}

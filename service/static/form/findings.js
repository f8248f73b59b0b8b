// What does not hold, as one types: found here from the rules, with the server's word on texts and on ways to mend.
import { t } from "./words.js";
import { check } from "./rules.js";
import { showFindings } from "./found.js";
import { showMarks } from "./marks.js";
import { showSections } from "./sections.js";

const ORDER = ["error", "explain", "hint"];

export function start(form, fields) {
  const findings = new Findings(form, fields);
  fields.onChange(() => findings.soon());
  form.addEventListener("form:answered", (event) => findings.heard(event.detail.findings || []));
  document.addEventListener("keydown", (event) => {
    if (event.altKey && event.key === "ArrowDown" && !event.isComposing) event.preventDefault(), findings.next();
  });
  document.addEventListener("click", (event) => findings.pressed(event));
  findings.load();
  return findings;
}

class Findings {
  constructor(form, fields) {
    Object.assign(this, { form, fields, rules: null, told: fields.state.findings || [], here: [] });
  }

  async load() {
    try {
      const response = await fetch(this.form.dataset.rules, { credentials: "same-origin" });
      if (!response.ok) return;
      this.rules = await response.json();
      this.form.dispatchEvent(new CustomEvent("form:rules", { detail: this.rules }));
    } catch (_) {
      return void window.addEventListener("online", () => this.load(), { once: true });
    }
    this.look();
  }

  // All that changes at once is looked at once.
  soon() {
    if (this.waiting) return;
    this.waiting = true;
    setTimeout(() => ((this.waiting = false), this.look()), 0);
  }

  heard(told) {
    this.told = told;
    this.look();
  }

  look() {
    if (!this.rules) return;
    const { fields, form } = this;
    const { findings, blank } = check(this.rules, { unit: form.dataset.unit, fields, previous: fields.state.previous });
    const every = this.merged(findings).map((one) => this.dressed(one));
    const found = every.filter((one) => !saysOnlyBlank(one, blank));
    const here = found.filter((one) => one.section === form.dataset.section);
    this.here = here.sort((one, other) => ORDER.indexOf(one.severity) - ORDER.indexOf(other.severity));
    this.found = found;
    showFindings(form, fields, { here: this.here, elsewhere: found.length - here.length, blank: this.blankHere(blank) });
    showMarks(form, this.here);
    showSections(fields, found, blank);
  }

  // Which year a text tells of only the server finds; its word stands until the next save says otherwise.
  merged(own) {
    const years = `${this.rules.laws.years.says}。`;
    const said = this.told.filter((one) => this.isText(one.cells[0]) && one.message.endsWith(years));
    const written = said.filter((one) => this.fields.value(one.cells[0]).trim());
    const lengths = own.findIndex((one) => one.left !== null);
    const at = lengths < 0 ? own.length : lengths;
    return [...own.slice(0, at), ...written, ...own.slice(at)];
  }

  isText(name) {
    return Boolean(this.rules.texts[name]);
  }

  // With everything that the panel shows of it.
  dressed(one) {
    const at = one.cells[0];
    const key = `${one.rule}@${at}`;
    const same = this.told.find((told) => told.message === one.message && told.rule === one.rule && told.cells[0] === at);
    const { sections, labels } = this.fields.state;
    const mends = (same && same.mends) || [];
    const look = { error: "bad", explain: "ask", hint: "hint" }[one.severity];
    const weight = { error: t("错误"), explain: t("需说明"), hint: t("提示") }[one.severity];
    const reason = one.severity === "explain" ? key : null;
    const words = { shown: this.shown(one), isText: this.isText(at), where: labels[at], weight, look };
    return { ...one, ...words, at, key, reason, mends, section: sections[at] };
  }

  // Beside the table its title need not be read again.
  shown({ message, cells }) {
    const table = this.rules.tables[cells[0].split(".")[0]];
    const title = table ? table.title : "";
    return title && message.startsWith(title) && /[，：]/.test(message[title.length]) ? message.slice(title.length + 1) : message;
  }

  blankHere(blank) {
    return Array.from(blank).some((name) => this.fields.state.sections[name] === this.form.dataset.section);
  }

  // Alt+↓: on to the next finding of this section; from the last to the first; to the other sections if there is none.
  next() {
    const on = this.here.filter((one) => this.fields.control(one.at));
    if (!on.length) return this.elsewhere();
    const names = on.map((one) => one.at);
    const focused = document.activeElement ? document.activeElement.id : "";
    const current = focused === names[this.last] ? this.last : names.lastIndexOf(focused);
    this.last = (current + 1) % on.length;
    this.jump(names[this.last]);
  }

  elsewhere() {
    const link = document.querySelector("#panel .elsewhere a");
    if (link) link.focus();
  }

  jump(name) {
    const control = this.fields.control(name);
    if (!control) return false;
    control.scrollIntoView({ block: "center" });
    control.focus({ preventScroll: true });
    if (control.nodeName === "INPUT") control.select();
    return true;
  }

  pressed(event) {
    const link = event.target.closest("[data-jump]");
    const mend = event.target.closest("[data-mend]");
    if (link && this.jump(link.dataset.jump)) event.preventDefault();
    if (mend && this.fields.control(mend.dataset.mend)) {
      event.preventDefault();
      this.fields.set(mend.dataset.mend, mend.dataset.value);
      this.jump(mend.dataset.mend);
    }
  }
}

// No mistake, as long as somebody is at it.
function saysOnlyBlank(one, blank) {
  return one.cells.length === 1 && one.left === null && blank.has(one.at);
}

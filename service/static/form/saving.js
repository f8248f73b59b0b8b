// Saves what was typed: on leaving a field, 1.5 s after the last key, on Ctrl+S. One request at a time; never in the way.
import { t } from "./words.js";
import { listen } from "./moments.js";
import { post, renew } from "./post.js";

const PAUSE = 1500;
const WAITS = [2000, 4000, 8000, 16000, 30000, 60000];
const AT_ONCE = 300;

export function start(form, fields, { shelf, conflicts, status }) {
  const saving = new Saving(form, fields, shelf, conflicts, status);
  listen(form, fields, saving);
  conflicts.onChoice((name) => saving.chosen(name));
  saving.takeBack();
  return saving;
}

class Saving {
  constructor(form, fields, shelf, conflicts, status) {
    Object.assign(this, { form, fields, shelf, conflicts, status });
    this.refused = new Map();
    this.failed = 0;
    this.stands = fields.open ? "" : "closed";
    this.busy = false;
    this.wanted = false;
    this.at = "";
  }

  takeBack() {
    const { back, rivals } = this.shelf.taken;
    if (this.stands === "closed") return back.length ? this.closed(back) : this.show();
    rivals.forEach((entry) => this.conflicts.add({ ...entry, by: t("本机另一个窗口"), here: true }));
    if (back.length) this.status.tell(t("上次有 {n} 处没有存上，已从本机取回。", { n: back.length }));
    this.show();
    this.flush();
  }

  changed(names) {
    names.forEach((name) => this.refused.delete(name));
    this.conflicts.changed(names);
    this.show();
    if (!this.stands) this.later(PAUSE);
  }

  chosen(name) {
    if (this.fields.differs(name)) this.flush();
    else this.shelf.saved(name);
    this.show();
  }

  due() {
    const free = (name) => !this.conflicts.has(name) && !this.refused.has(name);
    return this.fields.unsaved().filter(free).slice(0, AT_ONCE).map((name) => this.change(name));
  }

  change(name) {
    const value = this.fields.isTotal(name) ? "" : this.fields.value(name);
    return { name, value, note: this.fields.note(name), version: this.fields.base(name).version };
  }

  later(wait) {
    clearTimeout(this.clock);
    this.clock = setTimeout(() => (this.stands ? this.retry() : this.flush()), wait);
  }

  // While something stands in the way, only its end (or the clock) tries again.
  flush() {
    return this.stands ? Promise.resolve() : this.save();
  }

  async retry() {
    if (this.stands === "closed") return;
    if ((this.stands === "signed_out" || this.stands === "stranger") && !this.busy) {
      this.busy = true;
      const { kind } = await renew(this.form);
      this.busy = false;
      if (kind !== "renewed") return this.is(kind);
    }
    await this.save();
  }

  // Leaving, the request outlives the page; the words stay on this computer until an answer was seen.
  async save(leaving = false) {
    if (this.busy) return void (this.wanted = true);
    clearTimeout(this.clock);
    if (this.composing && !leaving) return this.later(PAUSE);
    const changes = this.due();
    if (!changes.length) return this.is("");
    this.busy = true;
    this.show();
    const outcome = await post(this.form, changes, leaving);
    this.busy = false;
    this.became(outcome, changes);
  }

  became({ kind, answer, problems, title }, changes) {
    if (kind === "kept") this.kept(answer, changes);
    else if (kind === "closed") this.closed();
    else if (kind === "refused") this.refuse(changes, problems, title);
    else this.is(kind);
    const again = this.wanted;
    this.wanted = false;
    if (!this.stands && this.due().length) this.later(again || changes.length === AT_ONCE ? 0 : PAUSE);
  }

  kept(answer, changes) {
    const sent = new Map(changes.map((one) => [one.name, one.value]));
    answer.saved.forEach((one) => this.settle(one, sent.get(one.name)));
    answer.conflicts.forEach((one) => this.conflicts.add(one));
    this.at = answer.at || this.at;
    this.is("");
    this.form.dispatchEvent(new CustomEvent("form:answered", { detail: answer }));
  }

  settle({ name, value, note, version }, typed) {
    this.fields.settle(name, { value, note: note || "", version, typed });
    if (typed !== value && !this.fields.isTotal(name)) this.showCleaned(name, value, typed);
    this.shelf.saved(name);
  }

  // What the server took out of a text goes here too, once the clerk has left it.
  showCleaned(name, value, typed) {
    const control = this.fields.control(name);
    const put = () => this.fields.value(name) === typed && this.fields.set(name, value);
    if (control && control === document.activeElement) control.addEventListener("blur", put, { once: true });
    else put();
  }

  // A save stands or falls as a whole: what cannot be taken is put aside, by name, and the rest goes again.
  refuse(changes, problems, title) {
    const named = problems.filter((one) => changes.some(({ name }) => name === one.name));
    const aside = named.length ? named : changes.map(({ name }) => ({ name, reason: title, remedy: "" }));
    aside.forEach((one) => this.refused.set(one.name, one));
    const words = aside.slice(0, 3).map(({ name, reason, remedy }) => `${this.fields.label(name)}：${reason}；${remedy}`);
    this.status.tell(t("有 {n} 处没有收下，保留在本机。{words}", { n: aside.length, words: words.join(" ") }));
    this.is("");
  }

  closed(unsaved) {
    const open = unsaved || this.fields.unsaved().map((name) => this.change(name));
    this.fields.open = false;
    this.is("closed");
    this.status.closed(open.map((one) => ({ ...one, label: this.fields.label(one.name) })), t("这份报告已经报送，或已由他人报送，不能再改。"));
  }

  is(kind) {
    this.stands = this.stands === "closed" ? "closed" : kind;
    this.failed = kind ? this.failed + 1 : 0;
    const address = this.form.dataset.signIn || "/sign-in";
    if (kind === "signed_out") this.status.signedOut(address, () => this.retry());
    else if (kind === "stranger") this.status.stranger(address);
    else if (kind === "gone") this.status.tell(t("没有保存：您已不能填写这份报告。内容保留在本机，请复制出来，并联系管理员。"));
    else if (!kind && !this.refused.size && !this.fields.unsaved().length) this.status.quiet();
    if (kind && kind !== "closed") this.later(WAITS[Math.min(this.failed, WAITS.length) - 1]);
    this.show();
  }

  show() {
    const { stands, busy, at } = this;
    const counts = { unsaved: this.fields.unsaved().length, conflicts: this.conflicts.count, refused: this.refused.size };
    this.status.show({ stands, busy, at, full: this.shelf.full, ...counts });
  }
}

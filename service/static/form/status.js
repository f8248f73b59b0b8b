// What the clerk is told about saving: a few quiet words beside the heading, and a bar when something is to be done.
import { t } from "./words.js";
import { button, fill, part } from "./parts.js";

export function start(form) {
  return new Status(form);
}

class Status {
  constructor(form) {
    this.form = form;
    this.place = document.querySelector("[data-save-state]");
    this.bar = part("div", { class: "save-bar", role: "status", hidden: true });
    const heading = form.querySelector("header.top");
    if (heading) heading.after(this.bar);
    else form.prepend(this.bar);
  }

  // facts: {stands, busy, at, full, conflicts, refused, unsaved}; `stands` says in one word what is in the way.
  show(facts) {
    if (!this.place) return;
    const [look, words] = state(facts);
    if (!words || this.place.textContent === words) return;
    this.place.dataset.look = look;
    fill(this.place, look === "conflict" ? part("a", { href: "#conflicts" }, words) : words);
  }

  tell(words, ...more) {
    if (this.told === words) return;
    this.told = words;
    fill(this.bar, part("p", {}, words), ...more);
    this.bar.hidden = false;
  }

  quiet() {
    this.told = "";
    this.bar.hidden = true;
  }

  signedOut(address, goOn) {
    const again = part("a", { class: "btn", href: address, target: "_blank", rel: "noopener" }, t("在新窗口登录"));
    this.tell(t("登录已过期。可以接着填写，内容保留在本机；请在新窗口登录，然后回到这里，会自动保存。"), again, button(t("已登录，继续保存"), goOn));
  }

  stranger(address) {
    const again = part("a", { class: "btn", href: address, target: "_blank", rel: "noopener" }, t("换回原来的账号"));
    this.tell(t("这个浏览器现在登录的是另一个账号，没有用它保存。内容保留在本机；请用原来的账号登录后回到这里。"), again);
  }

  // The report can no longer be changed: what was not saved stands here to be copied, and nowhere may more be typed.
  closed(unsaved, why) {
    this.form.querySelectorAll("input[type=text], textarea").forEach((control) => (control.readOnly = true));
    const text = unsaved.map(({ label, value, note }) => `${label}\n${value}${note ? `（${note}）` : ""}`).join("\n\n");
    const lines = Math.min(text.split("\n").length + 1, 14);
    const copy = part("textarea", { readonly: true, rows: String(lines), "aria-label": t("没有保存的内容") });
    copy.value = text;
    const kept = unsaved.length ? [part("p", {}, t("下面 {n} 处没有保存，可以复制：", { n: unsaved.length })), copy] : [];
    this.tell(why, ...kept);
  }
}

function state({ stands, busy, at, full, conflicts, refused, unsaved }) {
  if (stands === "closed") return ["stopped", t("报告已不能修改")];
  if (full) return ["trouble", t("没有保存，本机也存不下，请不要关闭页面")];
  if (stands === "signed_out" || stands === "stranger" || stands === "gone") return ["trouble", t("没有保存，保留在本机")];
  if (conflicts) return ["conflict", t("有 {n} 处与他人不同", { n: conflicts })];
  if (stands === "away") return ["trouble", t("离线，保留在本机")];
  if (stands === "trouble") return ["trouble", t("服务器暂时不能保存，保留在本机")];
  if (refused) return ["trouble", t("有 {n} 处没有收下，保留在本机", { n: refused })];
  if (busy) return ["busy", t("正在保存")];
  if (unsaved) return ["busy", t("有修改未保存")];
  return ["saved", at ? t("已保存 {at}", { at }) : ""];
}

// How far each section has come, in the list at the side, as one types; the server counts the same way.
import { t } from "./words.js";
import { strip } from "./characters.js";

// found: every finding that is more than a blank, with its section; blank: the names still to be filled in.
export function showSections(fields, found, blank) {
  const every = Object.entries(fields.state.sections);
  document.querySelectorAll("[data-part]").forEach((link) => {
    const key = link.dataset.part;
    if (key === "findings") return show(link, ...verdict(found, blank.size > 0));
    const names = every.filter(([, section]) => section === key).map(([name]) => name);
    if (names.length) show(link, ...progress(fields, names, found.filter((one) => one.section === key), blank));
  });
}

function show(link, word, look) {
  const tag = link.querySelector(".tag");
  if (!tag) return;
  if (tag.textContent !== word) tag.textContent = word;
  tag.className = `tag ${look}`.trim();
}

function progress(fields, names, found, blank) {
  const errors = found.filter((one) => one.severity === "error").length;
  if (errors) return [t("{n} 处错误", { n: errors }), "bad"];
  if (names.some((name) => blank.has(name))) {
    return names.some((name) => strip(fields.value(name))) ? [t("填写中"), "now"] : [t("未开始"), ""];
  }
  return found.some((one) => unexplained(fields, one)) ? [t("需说明"), "ask"] : [t("完成"), "ok"];
}

function unexplained(fields, one) {
  return one.severity === "explain" && !strip(fields.value(`${one.rule}@${one.cells[0]}`));
}

function verdict(found, blanks) {
  const n = found.filter((one) => one.severity === "error").length;
  const m = found.filter((one) => one.severity === "explain").length;
  if (n && m) return [t("{n} 错误 · {m} 说明", { n, m }), "bad"];
  if (n) return [t("{n} 处错误", { n }), "bad"];
  if (m) return [t("{n} 处需说明", { n: m }), "ask"];
  return blanks ? [t("未填完"), ""] : [t("通过"), "ok"];
}

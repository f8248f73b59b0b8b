// The list: J and K go from row to row, Enter is the link's own, X ticks, A and R open the report with its form.
import { t } from "../form/words.js";
import { say } from "./keys.js";

export function start(list) {
  const rows = Array.from(list.querySelectorAll("[data-row]"));
  const links = rows.map((row) => row.querySelector("[data-open]")).filter(Boolean);
  const ticks = Array.from(list.querySelectorAll("input[name=report]"));
  markWhere(rows);
  tickAll(list, ticks);

  const current = () => links.indexOf(document.activeElement.closest && linkOf(document.activeElement));
  const step = (by) => {
    const at = current();
    const next = links[at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, at + by))];
    if (!next) return false;
    next.focus();
    return true;
  };
  const open = (form) => {
    const link = links[current()];
    if (link) window.location.href = `${link.href}#${form}`;
    return Boolean(link);
  };
  const tick = () => {
    const link = links[current()];
    const box = link && link.closest("[data-row]").querySelector("input[name=report]");
    if (!box) return false;
    box.checked = !box.checked;
    tell(ticks);
    return true;
  };
  return { j: () => step(1), k: () => step(-1), x: tick, a: () => open("approve"), r: () => open("return") };
}

function linkOf(element) {
  const row = element.closest("[data-row]");
  return row && row.querySelector("[data-open]");
}

function markWhere(rows) {
  rows.forEach((row) => {
    row.addEventListener("focusin", () => row.classList.add("on"));
    row.addEventListener("focusout", () => row.classList.remove("on"));
  });
}

function tickAll(list, ticks) {
  const all = list.querySelector("[data-all]");
  if (!all || !ticks.length) return;
  all.closest("label").hidden = false;
  all.addEventListener("change", () => {
    ticks.forEach((tick) => (tick.checked = all.checked));
    tell(ticks);
  });
  list.addEventListener("change", (event) => event.target.name === "report" && tell(ticks));
}

function tell(ticks) {
  say(t("已选 {n} 份", { n: ticks.filter((tick) => tick.checked).length }));
}

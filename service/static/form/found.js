// The list of findings in the panel. What stays keeps its place and whatever is being typed into it.
import { t } from "./words.js";
import { fill, part } from "./parts.js";

export function showFindings(form, fields, { here, elsewhere, blank }) {
  const place = document.querySelector("[data-findings]");
  if (!place) return;
  showCount(here.length);
  const list = place.querySelector("ol") || place.insertBefore(part("ol"), place.firstChild);
  const items = here.map((one, at) => item(list, form, fields, one, at));
  Array.from(list.children).filter((old) => !items.includes(old) && !old.contains(document.activeElement)).forEach((old) => old.remove());
  items.forEach((one, at) => settle(list, one, at));
  list.hidden = !list.children.length;
  const nothing = blank ? t("已填的没有发现问题；还没有填完。") : t("这一部分没有发现问题。");
  line(place, "nothing", items.length ? null : nothing);
  const address = form.dataset.save.replace(/fields$/, "findings");
  const others = elsewhere ? part("a", { href: address }, t("其他部分还有 {n} 处", { n: elsewhere })) : null;
  line(place, "elsewhere", others);
}

// What is typed into stays where it is, and the others go around it: a piece of the page that is moved loses the cursor.
function settle(list, one, at) {
  const typedInto = one.contains(document.activeElement);
  while (typedInto && list.children[at] !== one) list.append(list.children[at]);
  if (list.children[at] !== one) list.insertBefore(one, list.children[at] || null);
}

function showCount(n) {
  const count = document.querySelector("[data-count-findings]");
  const words = n ? ` ${n}` : "";
  if (count && count.textContent !== words) count.textContent = words;
}

function line(place, kind, words) {
  const old = place.querySelector(`:scope > .${kind}`);
  if (old && words !== null && old.textContent === (words.textContent || words)) return;
  if (old) old.remove();
  const after = kind === "nothing" ? place.querySelector(":scope > .elsewhere") : null;
  if (words !== null) place.insertBefore(part("p", { class: kind }, words), after);
}

function item(list, form, fields, one, at) {
  const old = Array.from(list.children).find((each) => each.dataset.finding === one.key);
  const made = old || part("li", { "data-finding": one.key }, part("div", { "data-words": true }));
  made.className = `finding ${one.look}`;
  made.id = `finding-${at}`;
  const says = [one.message, ...one.mends.map((mend) => mend.sentence)].join("\n");
  if (made.dataset.says === says) return made;
  made.dataset.says = says;
  fillItem(made, fields, one, form);
  return made;
}

function fillItem(made, fields, one, form) {
  const reason = one.reason ? made.querySelector("textarea") : null;
  const words = [heading(one), part("p", { class: "sum num" }, one.shown || one.message), ...one.mends.map(mendOf)];
  if (reason && made.contains(document.activeElement) && made.querySelector("[data-words]")) {
    return fill(made.querySelector("[data-words]"), ...words);
  }
  fill(made, part("div", { "data-words": true }, ...words), ...(one.reason ? reasonOf(fields, one) : []), jumpTo(form, one));
}

function heading(one) {
  return part("h3", {}, part("span", { class: "weight" }, one.weight), " ", one.where);
}

function mendOf(mend) {
  const press = part("button", { class: "link", type: "button", "data-mend": mend.cell, "data-value": mend.value }, t("改为 {value}", { value: mend.value }));
  return part("p", { class: "mend num" }, mend.sentence, " ", press);
}

function reasonOf(fields, { reason }) {
  const text = part("textarea", { id: reason, name: reason, form: "fill", rows: "3", placeholder: t("请写明原因，审核人会看到"), autocomplete: "off" });
  text.value = fields.value(reason);
  const seen = part("input", { type: "hidden", name: `version:${reason}`, form: "fill", value: `${fields.base(reason).version}-0` });
  return [part("label", { for: reason }, t("原因")), text, seen];
}

function jumpTo(form, one) {
  const link = part("a", { href: `#${one.at}`, "data-jump": one.at }, one.isText ? t("跳到这段文字") : t("跳到单元格"));
  return part("p", { class: "jump" }, link, " ", part("small", { title: t("依据编号") }, one.rule));
}

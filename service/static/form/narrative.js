// The texts: as tall as what is in them, counted as they grow, and clean when they are pasted.
import { t } from "./words.js";
import { button, fill, part } from "./parts.js";
import { characters, cleanText, fullWidth } from "./clean.js";

export function start(form, fields) {
  const texts = Array.from(form.querySelectorAll("textarea[data-text]"));
  if (!texts.length) return;
  const byName = new Map(texts.map((text) => [text.name, text]));
  const look = (text) => (grow(text), count(form, text));
  texts.forEach((text) => {
    look(text);
    text.addEventListener("paste", (event) => paste(event, text));
    text.addEventListener("blur", () => offer(text));
  });
  together(form, texts);
  window.addEventListener("resize", () => texts.forEach(grow));
  fields.onChange((names) => {
    const changed = names.filter((name) => byName.has(name));
    changed.forEach((name) => look(byName.get(name)));
    if (changed.length) together(form, texts);
  });
}

function grow(text) {
  // Not in one step: a box that is made small first would let the page jump.
  const above = window.pageYOffset;
  text.style.height = "auto";
  text.style.height = `${text.scrollHeight + text.offsetHeight - text.clientHeight}px`;
  if (window.pageYOffset !== above) window.scrollTo(window.pageXOffset, above);
}

function count(form, text) {
  const place = document.getElementById(`count-${text.name}`);
  if (place) place.textContent = t("{n} 字", { n: characters(text.value) });
}

function together(form, texts) {
  const place = form.querySelector("[data-together]");
  if (!place) return;
  const most = Number(place.dataset.together);
  const n = texts.reduce((sum, text) => sum + characters(text.value), 0);
  const over = n > most;
  place.classList.toggle("ask", over);
  place.textContent = over
    ? t("本部分共 {n} 字，宜在 {most} 字以内，多 {over} 字。", { n, most, over: n - most })
    : t("本部分共 {n} 字，宜在 {most} 字以内。", { n, most });
}

function paste(event, text) {
  const raw = event.clipboardData ? event.clipboardData.getData("text/plain") : "";
  const { text: clean, bullets, spaces } = cleanText(raw);
  if (!raw || clean === raw.replace(/\r\n?/g, "\n")) return;
  event.preventDefault();
  const from = text.selectionStart;
  type(text, clean);
  const said = t("粘贴时已整理：去掉项目符号 {bullets} 个、多余空格 {spaces} 个及看不见的字符。", { bullets, spaces });
  const undo = () => {
    if (text.value.slice(from, from + clean.length) !== clean) return;
    text.setSelectionRange(from, from + clean.length);
    type(text, raw.replace(/\r\n?/g, "\n"));
    say(text);
  };
  say(text, said, button(t("恢复原样"), undo, { class: "link" }));
  offer(text, said);
}

// Half-width punctuation is never changed unasked: it may stand in an address or a number.
function offer(text, before = "") {
  const { text: wide, marks } = fullWidth(text.value);
  const place = text.parentNode.querySelector("[data-cleaning]");
  if (!marks) return before || (place && !place.dataset.offers) ? undefined : say(text);
  const was = text.value;
  const put = (value) => {
    text.focus();
    text.select();
    type(text, value);
  };
  const change = () => {
    put(wide);
    const back = () => (text.value === wide && put(was), say(text));
    say(text, t("已改为全角标点 {n} 处。", { n: marks }), button(t("撤销"), back, { class: "link" }));
  };
  const fix = button(t("改为全角"), change, { class: "link" });
  const found = t("中文里有半角标点 {n} 处。", { n: marks });
  const kept = before && place ? Array.from(place.childNodes) : [];
  say(text, ...kept, found, fix);
  text.parentNode.querySelector("[data-cleaning]").dataset.offers = "punctuation";
}

function say(text, ...words) {
  let place = text.parentNode.querySelector("[data-cleaning]");
  if (!place && !words.length) return;
  if (!place) text.after((place = part("p", { class: "cleaning small", role: "status", "data-cleaning": true })));
  fill(place, ...words);
  delete place.dataset.offers;
  place.hidden = !words.length;
}

// As if typed, so that Ctrl+Z of the browser takes it back too.
function type(text, words) {
  text.focus();
  const done = words ? document.execCommand("insertText", false, words) : document.execCommand("delete");
  if (done) return;
  text.setRangeText(words, text.selectionStart, text.selectionEnd, "end");
  text.dispatchEvent(new Event("input", { bubbles: true }));
}

// What fingers and spreadsheets put into a cell, made plain: reports.typed in the browser, tested with the same cases.
import { blank } from "./characters.js";
import { add, compare, plain, read, ZERO } from "./decimals.js";

// Spaces as they come out of Word, Excel and web pages; the last two have no width at all.
const SPACES = " \\t\\r\\n\\u00a0\\u2002\\u2003\\u2009\\u202f\\u3000\\u200b\\ufeff";
const GROUP = "[, \\u00a0\\u2009\\u202f\\u3000]";
const AROUND = new RegExp(`^[${SPACES}]+|[${SPACES}]+$`, "g");
const BETWEEN = new RegExp(GROUP, "g");
// 元 is not among the measures: in a cell that counts 万元 it would make ten thousand times too much.
const NUMBER = new RegExp(`^([0-9]+|[0-9]{1,3}(?:${GROUP}[0-9]{3})+)(\\.[0-9]+)?[${SPACES}]*(?:件|个|条|万元)?$`);

// No kind of cell takes more than twelve digits, and six decimals: a fen is 0.000001 of 万元.
const AMOUNT = /^(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,6})?$/;
const LOOKS_LIKE_FIGURE = /^[-－−+]?[0-9０-９][0-9０-９.．,，\s]*(?:[件个条次元%％]|万元)?$/;
const LOOKS_LIKE_NOTHING = /^(?:[-－−–—/／〇○]+|无|零|没有|未发生|不适用|N\/?A)$/i;
const WITH_NOTE = /^([0-9０-９.．,，]+\s*(?:[件个条]|万元)?)\s*[（(]([^]+)[）)]$/;

// `１，２３４ 件` is 1234; what is not certain stays as it is.
export function plainNumber(raw) {
  const found = NUMBER.exec(halfWidth(raw.replace(AROUND, "")));
  if (!found) return blank(raw) ? "" : raw;
  return found[1].replace(BETWEEN, "") + (found[2] || "");
}

// `22（其中修订16件）` is a figure and a note; anything else has no note.
export function apart(raw) {
  const [, before = "", note = ""] = WITH_NOTE.exec(raw.replace(AROUND, "")) || [];
  const value = plainNumber(before);
  return isAmount(value) ? { value, note: note.trim() } : { value: plainNumber(raw), note: "" };
}

// Whether somebody meant a figure, readable or not: what tells figures from the names of rows.
export function looksLikeFigure(raw) {
  return LOOKS_LIKE_FIGURE.test(raw.trim()) || WITH_NOTE.test(raw.trim());
}

// —, /, 无: said to be nothing, and never silently 0.
export function looksLikeNothing(raw) {
  return LOOKS_LIKE_NOTHING.test(raw.trim());
}

// Whether a literal is an amount that some kind of cell can hold.
export function isAmount(literal) {
  return AMOUNT.test(literal);
}

// Amounts added up digit for digit, with as many decimals as the one that has most.
export function sum(literals) {
  return plain(literals.map((one) => read(one)).reduce((all, one) => add(all, one), ZERO));
}

// Whether two literals are the same amount: 12.5 and 12.50 are.
export function sameAmount(one, other) {
  return isAmount(one) && isAmount(other) && compare(read(one), read(other)) === 0;
}

function halfWidth(text) {
  return text.replace(/[０-９．，]/g, (one) => String.fromCharCode(one.charCodeAt(0) - 0xfee0));
}

// How a figure is read from what somebody typed, and why it is refused: Python's reports.kinds, word for word.
import { strip, visible } from "./characters.js";
import { plain, read } from "./decimals.js";

const PLAIN = /^(0|[1-9][0-9]*)(?:\.([0-9]+))?$/;
const SHOWN = 24;

// → {number} or {refusal}; kind: {measure, digits, places}; words: the sentences that came with the rules.
export function figure(kind, literal, words) {
  const say = (sentence, found) => ({ refusal: filled(sentence, { ...kind, ...found }) });
  const found = PLAIN.exec(literal);
  if (!found) return whyNotPlain(strip(literal), words, say);
  const [, whole, decimals] = found;
  if (whole.length > kind.digits) return say(words.too_large);
  if (decimals && kind.places === 0) return say(words.not_whole, { shown: visible(literal, SHOWN) });
  if (decimals && decimals.length > kind.places) return say(words.too_fine, { count: decimals.length });
  return { number: read(literal, kind.places === 0) };
}

// A total may be too large for its cell though no part of it is.
export function total(kind, number, words) {
  const [whole] = plain(number).split(".");
  return whole.length > kind.digits ? { refusal: filled(words.too_large, kind) } : { number };
}

// A sentence with its {places} filled in.
export function filled(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (place, name) => (name in values ? String(values[name]) : place));
}

function whyNotPlain(text, words, say) {
  const shown = visible(text, SHOWN);
  if (PLAIN.test(text)) return { refusal: words.spaces || "数的前后有空格或换行，请删去" };
  for (const { pattern, what } of words.excuses) {
    const found = new RegExp(`^(?:${pattern})$`).exec(text);
    if (found) return say(what, { shown, number: visible((found.groups && found.groups.number) || "", SHOWN) });
  }
  return say(words.no_number, { shown });
}

// How a figure is read from what somebody typed, and why it is refused: Python's reports.kinds, word for word.
import { strip, visible } from "./characters.js";
import { plain, read } from "./decimals.js";

const PLAIN = /^(0|[1-9][0-9]*)(?:\.([0-9]+))?$/;
const NOTHING = /^(?:[-－−–—/／无〇○零]+|没有|未发生|不适用|N\/?A)$/i;
const NEGATIVE = /^[-－−][0-9０-９.]+$/;
const NUMERIC = /^[0-9０-９.,，．eE+\- ]+$/;
const WITH_NOTE = /^([0-9.]+)\s*[（(][\s\S]*[）)]$/;
export const ONLY_A_NOTE = "只有说明，没有数，没有发生的填 0";

// → {number} or {refusal}; kind: {measure, digits, places}
export function figure(kind, literal) {
  const found = PLAIN.exec(literal);
  if (!found) return { refusal: whyNotPlain(literal) };
  const [, whole, decimals] = found;
  if (whole.length > kind.digits) return { refusal: tooLarge(kind) };
  if (decimals && kind.places === 0) return { refusal: `${visible(literal, 24)} 不是整数，${kind.measure}数只能填整数` };
  if (decimals && decimals.length > kind.places) {
    return { refusal: `小数有 ${decimals.length} 位，单位是${kind.measure}，最多 ${kind.places} 位小数` };
  }
  return { number: read(literal, kind.places === 0) };
}

// A total may be too large for its cell though every part of it is not.
export function sum(kind, number) {
  const [whole] = plain(number).split(".");
  return whole.length > kind.digits ? { refusal: tooLarge(kind) } : { number };
}

function tooLarge(kind) {
  return `数过大，整数部分最多 ${kind.digits} 位，请核对`;
}

function whyNotPlain(literal) {
  const text = strip(literal);
  const quoted = `“${visible(text, 24)}”`;
  if (PLAIN.test(text)) return "数的前后有空格或换行，请删去";
  if (NOTHING.test(text)) return `${quoted}不是数，没有发生的填 0`;
  if (NEGATIVE.test(text)) return `${visible(text, 24)} 是负数，这一格不能小于 0`;
  if (NUMERIC.test(text)) return `${quoted}不是普通写法的数，请只用半角数字和小数点，例如 1234 或 59237.2449`;
  const withNote = WITH_NOTE.exec(text);
  if (withNote) return `${quoted}不只是数，格内只填 ${visible(withNote[1], 24)}，括号里的话写成格内说明`;
  return `${quoted}不是数，请只填数字，没有发生的填 0`;
}

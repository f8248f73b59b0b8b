// How Python's reports.characters sees a text; the findings of browser and server must agree to the letter.

const SPACE = "\\t-\\r\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const AROUND = new RegExp(`^[${SPACE}]+|[${SPACE}]+$`, "g");
const PRINTED = /[^\p{C}\p{Z}]/u;

export function strip(text) {
  return text.replace(AROUND, "");
}

// Whether nothing of the text would be seen on paper.
export function blank(text) {
  return !PRINTED.test(text);
}

// A stranger's string, short and harmless enough to be quoted in a message.
export function visible(text, atMost) {
  const all = Array.from(text);
  const code = (one) => one.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
  const shown = all.slice(0, atMost).map((one) => (one === " " || PRINTED.test(one) ? one : `<U+${code(one)}>`));
  return shown.join("") + (all.length > atMost ? "…" : "");
}

export function paragraphs(text) {
  return text.split(/\r\n?|\n/).filter((line) => !blank(line)).map(strip);
}

// What Word and web pages bring along into a text, and how it reads without. Nothing here touches the page.
import { paragraphs } from "./characters.js";

// Signs that stand for a bullet at the head of a line: Word's own are drawn with a font of symbols (U+F0B7 and the like).
const BULLET = /^[ \t\u3000]*(?:[\u2022\u25cf\u25cb\u25aa\u25a0\u25a1\u25c6\u25c7\u2666\u27a2\u2713\u2714\uf06c-\uf0ff][ \t\u3000]*|[\u00b7o\u00a7][\t]+)/;
const NUMBERED = /^([ \t\u3000]*(?:[0-9]{1,2}[.．、]|[（(][0-9一二三四五六七八九十]{1,3}[)）]|[一二三四五六七八九十]{1,3}、))[ \t\u3000]+/;
const UNSEEN = /[\u00ad\u200b-\u200f\u2060\ufeff\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u202a-\u202e\u2066-\u2069]/g;
const HAN = "\u3400-\u9fff\uf900-\ufaff《》“”‘’「」（）【】、。，；：？！";
const HALF = { ",": "，", ";": "；", ":": "：", "?": "？", "!": "！", ".": "。", "(": "（", ")": "）" };
const BESIDE_HAN = new RegExp(`(?<=[${HAN}])([,;:?!])|([,;:?!])(?=[${HAN}])|(?<=[${HAN}])(\\.)(?![.0-9A-Za-z])`, "g");
const BRACKETS = new RegExp(`\\(([^()\\n]*[${HAN}][^()\\n]*)\\)`, "g");

// → {text, bullets, spaces}: one line for each paragraph, and how much was taken away.
export function cleanText(raw) {
  let bullets = 0;
  let spaces = 0;
  const counted = (found) => ((spaces += found.length), "");
  const lines = raw.replace(/\r\n?|[\u000b\u000c\u0085\u2028\u2029]/g, "\n").replace(UNSEEN, "").replace(/\u00a0/g, " ").split("\n");
  const clean = lines.map((line) => {
    const bare = line.replace(BULLET, () => ((bullets += 1), "")).replace(NUMBERED, "$1").replace(/^[ \t\u3000]+|[ \t\u3000]+$/g, counted);
    return bare.replace(/\t/g, " ").replace(/ {2,}|\u3000 *\u3000+/g, (found) => ((spaces += found.length - 1), found[0]));
  });
  // An empty line at either end belongs to what stands around the place of the paste.
  const text = clean.filter((line, at) => line || at === 0 || at === clean.length - 1).join("\n");
  return { text, bullets, spaces };
}

// Half-width punctuation between Chinese characters: {text, marks} as it would be.
export function fullWidth(text) {
  let marks = 0;
  const wide = (mark) => ((marks += 1), HALF[mark]);
  const outside = text.replace(BESIDE_HAN, wide);
  const done = outside.replace(BRACKETS, (_, inside) => ((marks += 2), `（${inside}）`));
  return { text: done, marks };
}

// How many characters a text will have on paper: its paragraphs without the space around them.
export function characters(text) {
  return paragraphs(text).reduce((sum, line) => sum + Array.from(line).length, 0);
}

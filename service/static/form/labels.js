// Which of our rows or columns a name means that came with a paste: shortened, renumbered, broken over lines, mistyped.

const NUMBERING = /^(?:[（(]?(?:[一二三四五六七八九十]+|[0-9]+)(?:[)）、．.]|$)[、．.]?|[①-⑳])/;
const PUNCTUATION = /[\s\u200b\ufeff“”"'‘’「」、，,。；;：:（）()《》〈〉·．.—-]/g;
const TOTALS = ["合计", "共计", "小计"];
// Shorter pieces of a name stand in too many names.
const TELLING = 3;
const ALIKE = 0.6;

export function plainLabel(text) {
  const joined = text.replace(/\s+/g, "");
  const bare = joined.replace(NUMBERING, "").replace(PUNCTUATION, "");
  return TOTALS.includes(bare) ? "总计" : bare;
}

// The index of the line that `texts` (outermost heading first) mean, or -1. Among equals, those under the same group
// win, then the first from `from` on: tables are pasted top to bottom.
export function meant(texts, lines, from = 0) {
  const name = plainLabel(texts[texts.length - 1]);
  if (!name) return -1;
  const ways = [equal, within, inOrder, alike];
  for (const way of ways) {
    const found = lines.map((_, at) => at).filter((at) => way(name, plainLabel(leaf(lines[at]))));
    if (found.length) return chosen(found, texts, lines, from, way === equal);
  }
  return -1;
}

// Whether a text is a heading over some of the lines, as 法人或其他组织 is over five columns.
export function isHeading(text, lines) {
  return plainLabel(text) !== "" && lines.some((line) => line.heads.some((head) => isSameName(text, head)));
}

function chosen(found, texts, lines, from, certain) {
  if (found.length === 1) return found[0];
  const groups = texts.slice(0, -1).map(plainLabel).filter(Boolean);
  const related = found.filter((at) => lines[at].heads.slice(0, -1).some((head) => groups.includes(plainLabel(head))));
  if (related.length === 1) return related[0];
  if (!certain) return -1;
  const rest = related.length ? related : found;
  const next = rest.find((at) => at >= from);
  return next === undefined ? -1 : next;
}

export function isSameName(one, other) {
  return plainLabel(one) === plainLabel(other);
}

function equal(name, ours) {
  return name === ours;
}

function within(name, ours) {
  return (name.length >= TELLING && ours.includes(name)) || (ours.length > TELLING && name.includes(ours));
}

// 逾期未缴费 for 申请人逾期未按收费通知要求缴纳费用…: every character, in order.
function inOrder(name, ours) {
  let at = -1;
  return name.length > TELLING && Array.from(name).every((one) => (at = ours.indexOf(one, at + 1)) >= 0);
}

function alike(name, ours) {
  const mine = pairs(name);
  const theirs = pairs(ours);
  const common = mine.filter((pair) => theirs.includes(pair)).length;
  return mine.length > 1 && (2 * common) / (mine.length + theirs.length) >= ALIKE;
}

function pairs(text) {
  return Array.from({ length: Math.max(0, text.length - 1) }, (_, at) => text.slice(at, at + 2));
}

function leaf(line) {
  return line.heads[line.heads.length - 1] || "";
}

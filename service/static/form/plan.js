// What a paste would do, before it does it: which cells it writes, what it writes over, what nobody can read.
import { placesOf } from "./places.js";
import { figure } from "./kinds.js";
import { apart, isAmount, plainNumber, sameAmount, sum } from "./numbers.js";
import { t } from "./words.js";

// rows: what was copied; sheet: our tables; caret: the cell pasted into; held(name): {value, note} as it stands.
export function planOf({ rows, sheet, caret, held }) {
  const plan = planFrom(placesOf(rows, sheet, caret), sheet, held);
  const skipping = planFrom(placesOf(rows, sheet, caret, true), sheet, held);
  return leavesTotalsOut(plan, skipping) ? skipping : plan;
}

// The same where it is known which value goes into which cell.
export function planOfPairs(pairs, sheet, held) {
  return planFrom({ pairs, strangers: [], astray: [], beyond: 0 }, sheet, held);
}

// As many rows as there are without totals: either these were left out, or the last row was. If one that would be a
// total is the sum of the others, the totals are there.
function leavesTotalsOut(plan, skipping) {
  const kept = new Set(skipping.cells);
  const skipped = plan.cells.filter((cell) => cell.total && !kept.has(cell));
  return skipped.length > 0 && !plan.agreeing.some(({ cell, pasted }) => skipped.includes(cell) && !sameAmount(pasted, "0"));
}

function planFrom({ pairs, ...told }, sheet, held) {
  const plan = { cells: pairs.map(({ cell }) => cell), writes: [], over: [], unreadable: [], agreeing: [], differing: [], ...told };
  const typed = pairs.filter(({ cell, raw }) => !cell.total && raw.trim());
  typed.forEach((pair) => readInto(plan, pair, sheet.rules));
  plan.over = plan.writes.filter((one) => writesOver(one, held(one.cell.name)));
  const after = new Map(plan.writes.map(({ cell, value }) => [cell.name, value]));
  const standing = (name) => (after.has(name) ? after.get(name) : plainNumber(held(name).value));
  pairs.filter(({ cell }) => cell.total).forEach((pair) => compareInto(plan, pair, sheet.summands(pair.cell).map(standing)));
  return plan;
}

function readInto(plan, { cell, raw }, rules) {
  const { value, note } = apart(raw);
  const reason = whyNot(value, cell.kind, rules);
  if (reason) plan.unreadable.push({ cell, raw, reason });
  else plan.writes.push({ cell, value, note });
}

// Before the rules have come there is no more to say than that it is no figure.
function whyNot(literal, kind, rules) {
  if (rules) return figure(rules.kinds[kind], literal, rules.words).refusal || "";
  return isAmount(literal) ? "" : t("不是数");
}

function writesOver({ value, note }, before) {
  return Boolean(before.value.trim()) && (before.value !== value || (Boolean(note) && before.note !== note));
}

function compareInto(plan, { cell, raw }, parts) {
  const pasted = apart(raw).value;
  if (!parts.length || ![pasted, ...parts].every(isAmount)) return;
  const computed = sum(parts);
  (sameAmount(pasted, computed) ? plan.agreeing : plan.differing).push({ cell, pasted, computed });
}

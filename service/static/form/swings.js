// The ▲▼ beside last year's figures, kept true while one types: changes of half or more, and of ten at least. The server
// draws them the same way (SectionForm.swing).
import { isAmount, plainNumber } from "./numbers.js";
import { sheetOf } from "./sheet.js";

const SWING = 0.5;
const A_HANDFUL = 10;

export function start(form, fields) {
  const sheet = sheetOf(form);
  fields.onChange((names) => names.map((name) => sheet.cell(name)).filter(Boolean).forEach((cell) => mark(cell, fields)));
}

function mark(cell, fields) {
  const place = cell.td.querySelector("[data-then]");
  if (place) place.textContent = swing(plainNumber(fields.value(cell.name)), place.dataset.then);
}

function swing(now, then) {
  if (!isAmount(now) || !isAmount(then)) return "";
  const change = Number(now) - Number(then);
  if (Math.abs(change) < Math.max(A_HANDFUL, Number(then) * SWING)) return "";
  return change > 0 ? " ▲" : " ▼";
}

// Where copied values go: to the rows and columns they are named after, else to the right of the caret and down.
import { linesOf } from "./lines.js";
import { isHeading, isSameName, meant } from "./labels.js";
import { isAmount, plainNumber, sameAmount, sum } from "./numbers.js";

// → {pairs: [{cell, raw}], strangers: names that none of our rows has, astray: such names of lines that were placed by
// position, beyond: how many values have no place}. Without names, rows and columns of totals may have been left out:
// then `skipping` makes them so.
export function placesOf(rows, sheet, caret, skipping = false) {
  const ours = {
    row: (text) => rowOf([text], sheet, caret.table) !== null,
    column: (text) => sheet.tables.some(({ columns }) => meant([text], columns) >= 0 || isHeading(text, columns)),
  };
  const lines = linesOf(rows, ours);
  const found = { pairs: [], strangers: [], astray: [], beyond: 0 };
  if (lines.some((line) => rowOf(line.names, sheet, caret.table))) byName(lines, sheet, caret, found);
  else byPosition(lines, caret, skipping, found);
  return found;
}

function byName(lines, sheet, caret, found) {
  const next = new Map();
  const placed = lines.filter((line) => line.values.some(Boolean)).map((line) => {
    const ours = rowOf(line.names, sheet, caret.table, next);
    if (ours) next.set(ours.table, ours.row + 1);
    return { line, cells: ours && ours.table.cells[ours.row], columns: ours && columnsOf(line, ours.table, caret) };
  });
  placed.forEach((one) => {
    const sure = one.columns && isOnlyOne(one, placed.filter(({ cells }) => cells === one.cells));
    if (sure) put(one.line.values, one.cells, one.columns, found);
    else found.strangers.push(lastOf(one.line.names) || one.line.values.join(" "));
  });
}

// Two lines that seem to mean the same row: only the one that bears its very name does, if there is one.
function isOnlyOne(one, rivals) {
  const exact = rivals.filter(({ line, cells }) => isSameName(lastOf(line.names), lastOf(cells[0].table.rows[cells[0].row].heads)));
  return rivals.length === 1 || (exact.length === 1 && exact[0] === one);
}

// {table, row} that names mean, looked for in the caret's own table first; of equal names, the next one down.
function rowOf(names, sheet, first, next = new Map()) {
  if (!lastOf(names)) return null;
  const tables = [first, ...sheet.tables.filter((table) => table !== first)];
  const found = tables.map((table) => ({ table, row: meant(names, table.rows, next.get(table)) }));
  return found.find(({ row }) => row >= 0) || null;
}

// Our column for each value of a line, or null when nobody can tell.
function columnsOf(line, table, caret) {
  const headed = byHeading(line.header, table);
  if (headed) return headed;
  const count = line.values.map(Boolean).lastIndexOf(true) + 1;
  const all = indexes(table.width);
  const typed = all.filter((at) => !isTotal(columnOf(table, at)));
  if (count === all.length) return all;
  if (count === typed.length) return typed;
  if (line.listed) return null;
  return caret.table === table ? all.slice(caret.column) : all;
}

// By the heading rows above the values; null when they name none of our columns.
function byHeading(header, table) {
  const width = Math.max(0, ...header.map((row) => row.length));
  const taken = new Set();
  let next = 0;
  const columns = indexes(width).map((at) => {
    const names = header.map((row, level) => row[at] || (level < header.length - 1 ? lastBefore(row, at) : "")).filter(Boolean);
    const column = names.length ? meant(names, table.columns, next) : -1;
    if (column < 0 || taken.has(column)) return -1;
    taken.add(column);
    next = column + 1;
    return column;
  });
  return columns.some((column) => column >= 0) ? columns : null;
}

// A heading over several columns stands in the first of them.
function lastBefore(row, at) {
  return row.slice(0, at).filter(Boolean).pop() || "";
}

function byPosition(lines, caret, skipping, found) {
  const { table } = caret;
  found.astray = lines.map((line) => lastOf(line.names)).filter(Boolean);
  const values = runs(lines.map((line) => line.values), table, caret.row);
  const width = Math.max(0, ...values.map((row) => row.length));
  const columns = indexes(table.width).map((at) => columnOf(table, at));
  const across = (lines.length && byHeading(lines[0].header, table)) || along(width, columns, caret.column, skipping);
  const down = along(values.length, table.cells, caret.row, skipping);
  values.forEach((row, at) => put(row, table.cells[down[at]] || [], across, found));
}

// Which of our rows (or columns) take `count` copied ones: those from the caret on; all of them, wherever the caret is,
// when only so they fit; and without the totals when these were left out.
function along(count, ours, start, skipping) {
  const all = indexes(ours.length);
  const typed = all.filter((at) => !isTotal(ours[at]));
  if (skipping && start === 0 && count === typed.length) return typed;
  const rest = all.slice(start);
  return count > rest.length && count === all.length ? all : rest;
}

// One value in each line runs through the rows when it cannot be a column: seven to a row, the last their sum.
function runs(values, table, start) {
  if (values.some((row) => row.length !== 1)) return values;
  const all = [].concat(...values).filter(Boolean);
  const { width } = table;
  if (table.cells.length === 1) return [all];
  if (width === 1 || all.length % width) return values;
  const rows = indexes(all.length / width).map((at) => all.slice(at * width, (at + 1) * width));
  const tooLong = all.length === values.length && all.length > table.cells.length - start;
  return tooLong || addUp(rows) ? rows : values;
}

function addUp(rows) {
  const plain = rows.map((row) => row.map(plainNumber));
  if (!plain.every((row) => row.every(isAmount))) return false;
  const totals = plain.map((row) => row[row.length - 1]);
  return totals.some((total) => !sameAmount(total, "0")) && plain.every((row, at) => sameAmount(sum(row.slice(0, -1)), totals[at]));
}

function put(values, cells, columns, found) {
  values.forEach((raw, at) => {
    const cell = cells[columns[at]];
    if (cell) found.pairs.push({ cell, raw });
    else if (raw.trim()) found.beyond += 1;
  });
}

function lastOf(names) {
  return names.length ? names[names.length - 1] : "";
}

function columnOf(table, at) {
  return table.cells.map((row) => row[at]);
}

function isTotal(cells) {
  return cells.every((cell) => cell.total);
}

function indexes(count) {
  return Array.from({ length: count }, (_, at) => at);
}

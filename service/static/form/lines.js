// Rows that were copied, as lines: the names before the figures, the figures, and the heading rows above them.
import { looksLikeFigure, looksLikeNothing } from "./numbers.js";

// ours: {row(text), column(text)}: whether a text is the name of one of our rows or columns.
// → [{names, values, header: rows of headings, each as wide as the values}]
export function linesOf(rows, ours) {
  const filled = withoutEmptyEdges(rows.map((row) => row.map((text) => text.trim())));
  return isList(filled, ours) ? listed(filled.map((row) => row[0])) : new Reader(filled, ours).lines();
}

class Reader {
  constructor(rows, ours) {
    Object.assign(this, { rows, ours });
    // A page that drops the places of merged cells gives rows of unequal length.
    this.even = rows.every((row) => row.length === rows[0].length);
    this.names = this.even ? this._columnsOfNames() : 0;
    this.named = this.even ? this.names > 0 : rows.some((row) => ours.row(row[0]));
  }

  lines() {
    const lines = [];
    let header = [];
    let wasHeading = false;
    this.rows.forEach((row) => {
      const isHeading = this._isHeading(row);
      if (isHeading) header = wasHeading ? header.concat([row]) : [row];
      else lines.push(this._line(row, header));
      wasHeading = isHeading;
    });
    return carryGroups(lines);
  }

  // Over rows of unequal length nobody knows which heading stands where.
  _line(row, header) {
    const names = this.even || !this.named ? this.names : this._namesIn(row);
    const over = this.even ? header.map((above) => above.slice(names)) : [];
    return { names: row.slice(0, names).filter(Boolean), values: row.slice(names), header: over };
  }

  // How many columns hold names: up to the last that names one of our rows, else the leading ones without any figure.
  _columnsOfNames() {
    const body = this.rows.filter((row) => row.some(looksLikeFigure));
    const columns = (this.rows[0] || []).map((_, at) => body.map((row) => row[at]));
    const known = columns.map((texts) => texts.some((text) => this.ours.row(text))).lastIndexOf(true) + 1;
    const leading = columns.slice(0, Math.max(0, columns.findIndex((texts) => texts.some(looksLikeFigure))));
    const speaks = leading.some((texts) => texts.some((text) => text && !looksLikeNothing(text)));
    return known || (speaks ? leading.length : 0);
  }

  // In rows of unequal length each tells for itself where its names end.
  _namesIn(row) {
    const known = row.map((text) => this.ours.row(text)).lastIndexOf(true) + 1;
    const first = row.findIndex(isValue);
    return known || (first < 0 ? row.length : first);
  }

  // A row without figures is a heading if it speaks our columns' names, or stands where rows have names and has none.
  _isHeading(row) {
    if (row.some(isValue) || !row.some(Boolean)) return false;
    if (this.named) return !row.slice(0, this.names || 1).some((text) => this.ours.row(text));
    return row.some((text) => this.ours.column(text));
  }
}

function isValue(text) {
  return looksLikeFigure(text) || looksLikeNothing(text);
}

// A merged name stands in its first row only: （三）不予公开 goes on until the next of its kind.
function carryGroups(lines) {
  let group = [];
  return lines.map((line) => {
    if (line.names.length > 1) group = line.names.slice(0, -1);
    return line.names.length === 1 ? { ...line, names: group.concat(line.names) } : line;
  });
}

// Blank rows between others keep their place: what is below them goes below.
function withoutEmptyEdges(rows) {
  const height = rows.map((row) => row.some(Boolean)).lastIndexOf(true) + 1;
  const width = Math.max(0, ...rows.map((row) => row.map(Boolean).lastIndexOf(true) + 1));
  return rows.slice(0, height).map((row) => row.slice(0, width));
}

// One value in each line, as web pages give their tables: a name, its figures, the next name.
function isList(rows, ours) {
  return rows.length > 1 && rows.every((row) => row.length === 1) && rows.some((row) => ours.row(row[0]));
}

function listed(texts) {
  const lines = [{ names: [], values: [], header: [] }];
  texts.filter(Boolean).forEach((text) => {
    const line = lines[lines.length - 1];
    if (isValue(text)) line.values.push(text);
    else if (line.values.length) lines.push({ names: [text], values: [], header: [] });
    else line.names.push(text);
  });
  return lines.map((line) => ({ ...line, listed: true })).filter((line) => line.values.length);
}

// What spreadsheets, word processors and web pages put on the clipboard, as rows of texts; and our cells as they like it.
import { rectangle } from "./spans.js";

// Our security policy would complain of looks and of handlers, in a page that nobody sees.
const LOOKS = /<style\b[^]*?<\/style>/gi;
const HANDLERS = /\s(?:style|on\w+)\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+)/gi;
const BLOCKS = "p, div, li, h1, h2, h3, h4, h5, h6";

// The rows of what was copied: its tables if it has any, else its lines; null when it is a single value.
export function rowsOf(data) {
  const tables = tableRows(data.getData("text/html"));
  const rows = tables.length ? tables : parseTsv(data.getData("text/plain"));
  return rows.length > 1 || (rows.length && rows[0].length > 1) ? rows : null;
}

// The one value there is, when there are no rows.
export function singleOf(data) {
  return data.getData("text/plain").trim();
}

// Tab-separated values as Excel writes them: quoted where a cell holds a line end, quotes doubled within.
export function parseTsv(text) {
  const rows = [[]];
  const cell = /(?:"((?:[^"]|"")*)"(?![^\t\r\n])|([^\t\r\n]*))(\t|\r\n|\r|\n|$)/y;
  while (cell.lastIndex < text.length) {
    const [, quoted, bare, end] = cell.exec(text);
    rows[rows.length - 1].push(quoted === undefined ? bare : quoted.replace(/""/g, '"'));
    if (end !== "\t" && cell.lastIndex < text.length) rows.push([]);
  }
  return rows;
}

export function printTsv(rows) {
  const quoted = (text) => (/[\t\r\n"]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);
  return rows.map((row) => row.map(quoted).join("\t")).join("\r\n");
}

export function printHtml(rows) {
  const lines = rows.map((row) => `<tr>${row.map((text) => `<td>${escaped(text)}</td>`).join("")}</tr>`);
  return `<table>${lines.join("")}</table>`;
}

// The rows of every table in a piece of HTML, one below the other; a table that only holds tables is a frame.
export function tableRows(html) {
  if (!/<t[rd]\b/i.test(html)) return [];
  const bare = html.replace(LOOKS, "").replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(HANDLERS, ""));
  const page = new DOMParser().parseFromString(bare, "text/html");
  const tables = Array.from(page.querySelectorAll("table")).filter((table) => !table.querySelector("table"));
  return [].concat(...tables.map((table) => rectangle(Array.from(table.rows), textOf, () => "")));
}

// Paragraphs and line breaks stay apart: 12 above 13 in one cell is not 1213.
function textOf(cell) {
  cell.querySelectorAll("br").forEach((end) => end.replaceWith("\n"));
  cell.querySelectorAll(BLOCKS).forEach((block) => block.append("\n"));
  return cell.textContent.replace(/[ \t\r\u00a0]*\n\s*/g, "\n").replace(/[\t ]+/g, " ").trim();
}

function escaped(text) {
  return text.replace(/[&<>"]/g, (one) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" }[one]));
}

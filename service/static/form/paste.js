// A block from Excel, WPS, Word or a web page, pasted into the tables: planned, shown, then written in one step.
import { barOf } from "./bar.js";
import { rowsOf, singleOf } from "./clipboard.js";
import { planOf, planOfPairs } from "./plan.js";
import { sheetOf } from "./sheet.js";
import { t } from "./words.js";

// More rows than all tables of a report have; no report is that long.
const MOST_ROWS = 500;

export function start(form, fields, { undo, picked }) {
  const sheet = sheetOf(form);
  const paste = new Paste({ fields, sheet, bar: barOf(form, fields), undo, picked });
  form.addEventListener("paste", (event) => {
    const caret = sheet.at(event.target) || sheet.focused;
    if (caret && paste.take(event.clipboardData, caret)) event.preventDefault();
  });
}

class Paste {
  constructor(parts) {
    Object.assign(this, parts);
  }

  // Whether it was for us; a single value is the browser's to put where the caret is, or goes into every picked cell.
  take(data, caret) {
    const rows = rowsOf(data);
    if (!rows && !this.picked.isBlock) return caret.total;
    const plan = this._plan(rows, singleOf(data), caret);
    if (!plan) this.bar.tell(t("粘贴的内容有 {n} 行，比整张表还多，没有写入。请只复制需要的表格", { n: rows.length }));
    else if (!plan.writes.length) this.bar.tell(t("没有可以写入的数，各格未改动"), { remarks: remarks(plan) });
    else if (plan.writes.length === 1 && !remarks(plan).length) this._write(plan);
    else this._ask(plan);
    return true;
  }

  _plan(rows, single, caret) {
    const held = (name) => ({ value: this.fields.value(name), note: this.fields.note(name) });
    if (rows) return rows.length > MOST_ROWS ? null : planOf({ rows, sheet: this.sheet, caret, held });
    const cells = [].concat(...this.picked.rows).filter((cell) => !cell.total);
    return planOfPairs(cells.map((cell) => ({ cell, raw: single })), this.sheet, held);
  }

  _ask(plan) {
    const cells = plan.writes.map(({ cell }) => cell);
    this.bar.ask(announced(plan), { cells, remarks: remarks(plan), apply: () => this._apply(plan) });
  }

  _apply(plan) {
    this._write(plan);
    const sentence = t("已写入 {n} 格", { n: plan.writes.length });
    return { sentence, remarks: remarks(plan), back: () => this.undo.undo() };
  }

  // A figure without a note leaves the cell's note alone.
  _write({ writes }) {
    const values = {};
    const notes = {};
    writes.forEach(({ cell, value, note }) => {
      values[cell.name] = value;
      if (note) notes[cell.name] = note;
    });
    this.fields.setMany(values, notes);
  }
}

function announced({ writes, over, unreadable }) {
  const counts = { n: writes.length, over: over.length, bad: unreadable.length };
  if (counts.over && counts.bad) return t("将写入 {n} 格，覆盖 {over} 格，{bad} 格无法识别", counts);
  if (counts.over) return t("将写入 {n} 格，覆盖 {over} 格", counts);
  if (counts.bad) return t("将写入 {n} 格，{bad} 格无法识别", counts);
  return t("将写入 {n} 格", counts);
}

function remarks({ unreadable, agreeing, differing, strangers, astray, beyond }) {
  const said = unreadable.map(({ cell, reason }) => ({ cell, words: t("{reason}；保持原样", { reason }) }));
  differing.forEach(({ cell, pasted, computed }) => {
    said.push({ cell, words: t("粘贴的总计 {pasted}，按明细计算为 {computed}", { pasted, computed }) });
  });
  if (agreeing.length) said.push({ words: t("{n} 个总计与明细相符", { n: agreeing.length }) });
  if (strangers.length) said.push({ words: t("有 {n} 行对不上本表的行，没有写入：{names}", { n: strangers.length, names: strangers.join("、") }) });
  if (astray.length) said.push({ words: t("行名对不上本表，按位置从当前格起填：{names}", { names: astray.join("、") }) });
  if (beyond) said.push({ words: t("{n} 个数在本表中没有位置，没有写入", { n: beyond }) });
  return said;
}

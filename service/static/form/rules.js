// The rules of a report on what stands in its fields: the same findings as Python's check_draft, message included.
// Only which year a text tells of is for the server to find.
import { blank, paragraphs } from "./characters.js";
import { add, compare, constant, plain, read, toJson, ZERO } from "./decimals.js";
import { figure, filled, total } from "./kinds.js";
import { plainNumber } from "./numbers.js";

const HOLDS = {
  "==": (order) => order === 0,
  "<=": (order) => order <= 0,
  ">=": (order) => order >= 0,
  "<": (order) => order < 0,
  ">": (order) => order > 0,
};

// report: {unit, fields: {value(name), note(name)}, previous: {name: as printed} or null}
// → {findings, blank}: in reading order, and the names of what is only still to be filled in.
export function check(rules, { unit, fields, previous }) {
  const draft = new Draft(rules, fields, previous || {});
  const concerned = rules.relations.filter(({ unless_unit: unless }) => !unless || !new RegExp(unless).test(unit));
  const failed = concerned.map((relation) => draft.relation(relation)).filter(Boolean);
  const findings = [...draft.figureFindings(), ...draft.textFindings(), ...draft.lengths(), ...toldOnce(rules, failed)];
  return { findings, blank: draft.blank };
}

// Between totals alone a rule fails because it fails for their parts: then these are told, not the totals.
function toldOnce(rules, failed) {
  const ofTotals = ({ cells }) => cells.every((name) => rules.totals[name]);
  const place = ({ rule, cells }) => `${rule} ${cells[0].slice(0, cells[0].indexOf("."))}`;
  const ofParts = new Set(failed.filter((one) => !ofTotals(one)).map(place));
  return failed.filter((one) => !ofTotals(one) || !ofParts.has(place(one)));
}

class Draft {
  constructor(rules, fields, previous) {
    Object.assign(this, { rules, fields, previous, figures: new Map(), refused: new Map(), blank: new Set() });
    const names = Object.keys(rules.cells);
    names.filter((name) => !rules.totals[name]).forEach((name) => this.read(name));
    names.filter((name) => rules.totals[name]).forEach((name) => this.add(name, rules.totals[name]));
  }

  kind(name) {
    return this.rules.kinds[this.table(name).kind];
  }

  table(name) {
    return this.rules.tables[name.slice(0, name.indexOf("."))];
  }

  read(name) {
    const { words } = this.rules;
    const literal = plainNumber(this.fields.value(name));
    if (literal) this.keep(name, figure(this.kind(name), literal, words));
    else if (this.fields.note(name)) this.refused.set(name, words.note_only);
    else this.blank.add(name);
  }

  add(name, parts) {
    if (!parts.every((part) => this.figures.has(part))) return;
    const all = parts.reduce((sum, part) => add(sum, this.figures.get(part)), ZERO);
    this.keep(name, total(this.kind(name), all, this.rules.words));
  }

  keep(name, { number, refusal }) {
    if (refusal) this.refused.set(name, refusal);
    else this.figures.set(name, number);
  }

  figureFindings() {
    const { cells, totals, words, laws } = this.rules;
    const wrong = Object.keys(cells).filter((name) => this.refused.has(name) || (!this.figures.has(name) && !totals[name]));
    return wrong.map((name) => {
      const label = `${this.table(name).title}，${cells[name]}`;
      return about(words, laws.figures, name, label, this.refused.get(name) || words.blank);
    });
  }

  textFindings() {
    const { texts, words, laws } = this.rules;
    const empty = Object.keys(texts).filter((name) => texts[name].required && blank(this.fields.value(name)));
    empty.forEach((name) => this.blank.add(name));
    return empty.map((name) => about(words, laws.texts, name, texts[name].label, words.blank));
  }

  lengths() {
    const { lengths, words } = this.rules;
    const long = ({ texts }) => texts.reduce((all, name) => all + characters(this.fields.value(name)), 0);
    const over = lengths.filter((one) => long(one) > one.at_most);
    return over.map((one) => ({
      rule: one.rule,
      severity: "hint",
      cells: one.texts,
      message: filled(words.too_long, { ...one, count: long(one) }),
      left: long(one),
      right: one.at_most,
    }));
  }

  relation(relation) {
    const left = this.side(relation.left);
    const right = this.side(relation.right);
    if (!left || !right || HOLDS[relation.operator](compare(left, right))) return null;
    const { rule, severity, cells } = relation;
    return { rule, severity, cells, message: this.message(relation, left, right), left: toJson(left), right: toJson(right) };
  }

  side({ terms, constant: whole }) {
    let all = constant(whole);
    for (const term of terms) {
      const number = this.number(term);
      if (!number) return null;
      all = add(all, number, term.sign);
    }
    return all;
  }

  number({ name, previous }) {
    if (!previous) return this.figures.get(name);
    const printed = this.previous[name];
    return printed ? read(printed.split("（")[0], this.kind(name).places === 0) : null;
  }

  message({ place, says, operator, left, right }, leftValue, rightValue) {
    const { words } = this.rules;
    const apart = compare(leftValue, rightValue) > 0 ? add(leftValue, rightValue, -1) : add(rightValue, leftValue, -1);
    const difference = left.terms.length && right.terms.length ? filled(words.difference, { value: plain(apart) }) : "";
    const sides = { left: this.words(left, leftValue), right: this.words(right, rightValue) };
    return filled(words.not_held, { place, says, ...sides, should: words.should[operator], difference });
  }

  words({ terms, constant: whole }, value) {
    const { words } = this.rules;
    if (!terms.length) return ` ${plain(value)}`;
    if (terms.length > words.named_one_by_one) return filled(words.together, { count: terms.length, value: plain(value) });
    const each = terms.map((term, at) => {
      const sign = term.sign < 0 ? " − " : at ? " + " : "";
      return `${sign}${term.called} ${plain(this.number(term))}`;
    });
    const said = each.join("") + (whole ? ` ${whole > 0 ? "+" : "−"} ${Math.abs(whole)}` : "");
    return terms.length === 1 && !whole ? said : `${said} ＝ ${plain(value)}`;
  }
}

function about(words, { rule, says }, name, label, what) {
  const message = filled(words.about, { label, what, says });
  return { rule, severity: "error", cells: [name], message, left: null, right: null };
}

function characters(text) {
  return paragraphs(text).reduce((all, line) => all + Array.from(line).length, 0);
}

// The buttons above the tables: blanks become 0 after asking once, last year's figures come and go.
import { barOf } from "./bar.js";
import { sheetOf } from "./sheet.js";
import { t } from "./words.js";

export function start(form, fields, { undo }) {
  const sheet = sheetOf(form);
  const bar = barOf(form, fields);
  on(form, "zeros", () => askForZeros(sheet, fields, bar, undo));
  on(form, "was", (control) => showLastYear(form, control));
}

function on(form, what, act) {
  form.querySelectorAll(`[data-do="${what}"]`).forEach((control) => {
    control.addEventListener("click", (event) => {
      event.preventDefault();
      act(control);
    });
  });
}

function askForZeros(sheet, fields, bar, undo) {
  const cells = sheet.cells.filter((cell) => !cell.total && !fields.value(cell.name).trim());
  if (!cells.length) return bar.tell(t("没有空白格"));
  const apply = () => {
    fields.setMany(cells.reduce((all, cell) => ({ ...all, [cell.name]: "0" }), {}));
    return { sentence: t("已把 {n} 个空白格填为 0", { n: cells.length }), back: () => undo.undo() };
  };
  return bar.ask(t("将把 {n} 个空白格填为 0", { n: cells.length }), { cells, apply });
}

function showLastYear(form, control) {
  const shown = control.getAttribute("aria-pressed") !== "true";
  control.setAttribute("aria-pressed", String(shown));
  form.querySelectorAll("td[data-cell] [data-was], .tools [data-was]").forEach((was) => (was.hidden = !shown));
  form.querySelectorAll("table.grid").forEach((table) => table.classList.toggle("with-was", shown));
}

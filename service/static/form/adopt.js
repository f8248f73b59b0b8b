// Last year's text, taken over with one press, and given back with another.
import { t } from "./words.js";
import { button, fill, part } from "./parts.js";

export function start(form, fields) {
  const texts = fields.state.previous_texts || {};
  form.querySelectorAll("[data-adopt]").forEach((press) => {
    const name = press.dataset.adopt;
    const around = press.closest("[data-was]");
    const said = part("p", { class: "small", role: "status", hidden: true });
    around.after(said);
    press.addEventListener("click", (event) => {
      event.preventDefault();
      adopt(fields, name, texts[name] || "", around, said);
    });
    show(fields, name, press);
    fields.onChange((names) => names.includes(name) && show(fields, name, press));
  });
}

function adopt(fields, name, text, around, said) {
  const before = fields.value(name);
  fields.set(name, text);
  const undo = () => {
    if (fields.value(name) === text) fields.set(name, before);
    said.hidden = true;
    fields.control(name).focus();
  };
  fill(said, t("已采用上年文字，请改写年份、数字和做法。"), " ", button(t("撤销"), undo, { class: "link" }));
  said.hidden = false;
  around.open = false;
  fields.control(name).focus();
}

// Only an empty text is filled: what is written is never replaced by last year's.
function show(fields, name, press) {
  press.hidden = Boolean(fields.value(name).trim());
}

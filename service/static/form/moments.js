// When to save: a field is left, Ctrl+S, several fields changed at once, the line is back, the page goes away.
import { t } from "./words.js";

export function listen(form, fields, saving) {
  fields.onChange((names) => saving.changed(names));
  form.addEventListener("form:many", () => saving.flush());
  // Later than whoever puts a value into shape when its field is left.
  document.addEventListener("focusout", () => !saving.stands && fields.unsaved().length && saving.later(0));
  document.addEventListener("compositionstart", () => (saving.composing = true));
  document.addEventListener("compositionend", () => (saving.composing = false));
  document.addEventListener("keydown", (event) => isSave(event) && (event.preventDefault(), saving.retry()));
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && saving.flush());
  form.addEventListener("submit", (event) => saving.stands && stay(event, saving));
  ["online", "focus"].forEach((moment) => window.addEventListener(moment, () => saving.stands && saving.retry()));
  window.addEventListener("offline", () => fields.open && saving.is("away"));
  window.addEventListener("pagehide", () => !saving.stands && saving.save(true));
  window.addEventListener("beforeunload", (event) => saving.shelf.full && ask(event));
}

function isSave(event) {
  return (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "s";
}

function ask(event) {
  event.preventDefault();
  event.returnValue = "";
}

// A button would lead to the browser's own page for a lost line, or to the sign-in with nothing in hand.
function stay(event, saving) {
  event.preventDefault();
  if (saving.stands === "away" || saving.stands === "trouble") {
    saving.status.tell(t("现在连不上服务器，留在这一页可以接着填写；内容保留在本机，连上后自动保存，再点按钮。"));
  }
}

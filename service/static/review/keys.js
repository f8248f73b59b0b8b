// Single keys, for whoever reviews sixty reports in an hour: never while somebody types, never with Ctrl, Alt or Shift.
import { ofTheInputMethod } from "../form/composing.js";

const CHOICE = "review-keys";
const NOT_TYPED_INTO = /^(checkbox|radio|button|submit)$/;

// acts: {j: event => …}; whatever is not among them presses what is marked with data-key.
export function listen(acts, isBusy, close) {
  const off = offSwitch();
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !ofTheInputMethod(event)) return close();
    if (off() || isBusy() || !isCommand(event)) return undefined;
    const key = event.key.toLowerCase();
    const act = acts[key] || (key === "?" ? help : press(key));
    if (act && act(event) !== false) event.preventDefault();
    return undefined;
  });
}

export function say(words) {
  const place = document.querySelector("[data-said]");
  if (place) place.textContent = words;
}

function isCommand(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || ofTheInputMethod(event)) return false;
  if (event.shiftKey && event.key !== "?") return false;
  return !isTypedInto(event.target);
}

function isTypedInto(element) {
  if (element.isContentEditable || /^(TEXTAREA|SELECT)$/.test(element.nodeName)) return true;
  return element.nodeName === "INPUT" && !NOT_TYPED_INTO.test(element.type);
}

function press(key) {
  const marked = /^[a-z]$/.test(key) && document.querySelector(`[data-key="${key}"]`);
  return marked ? () => marked.click() : null;
}

function help() {
  const title = document.getElementById("keys-title");
  title.focus();
  title.scrollIntoView({ block: "center" });
}

// Whoever dictates or leans on keys can do without them; the browser remembers it.
function offSwitch() {
  const box = document.querySelector("[data-keys-off]");
  if (!box) return () => false;
  box.closest("label").hidden = false;
  box.checked = localStorage.getItem(CHOICE) === "off";
  box.addEventListener("change", () => localStorage.setItem(CHOICE, box.checked ? "off" : "on"));
  return () => box.checked;
}

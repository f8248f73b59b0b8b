// Approving, returning and noting a word: forms of the page, shown above it one at a time.
import { begun, keep, restore } from "./shelf.js";

const FOCUSABLE = "a[href], button, input:not([type=hidden]), select, textarea, summary";

export function start(page) {
  const all = Array.from(page.querySelectorAll("[data-box]"));
  let opened = null;
  let from = null;

  function open(name, values) {
    const box = all.find((one) => one.dataset.box === name);
    if (!box) return false;
    close();
    from = document.activeElement;
    if (values) fill(page, box, values);
    box.classList.add("open");
    opened = box;
    (box.querySelector("[data-first], textarea") || box).focus();
    return true;
  }

  function close() {
    if (!opened) return;
    // What is no longer seen keeps the keys until the page is drawn anew, and would swallow the next one.
    if (opened.contains(document.activeElement)) document.activeElement.blur();
    opened.classList.remove("open");
    opened = null;
    if (from && from.focus) from.focus();
  }

  all.forEach((box) => {
    box.setAttribute("role", "dialog");
    box.setAttribute("aria-modal", "true");
    box.addEventListener("keydown", (event) => stayInside(event, box));
    box.addEventListener("mousedown", (event) => event.target === box && close());
    box.querySelectorAll("[data-closes]").forEach((button) => {
      button.hidden = false;
      button.addEventListener("click", (event) => (event.preventDefault(), close()));
    });
    box.querySelectorAll("[data-phrase]").forEach((tick) => tick.addEventListener("change", () => take(tick, box)));
    keep(page, box);
  });
  page.querySelectorAll("[data-opens]").forEach((link) =>
    link.addEventListener("click", (event) => open(link.dataset.opens) && event.preventDefault())
  );
  restore(page, all);
  const wanted = page.dataset.open || window.location.hash.slice(1);
  if (wanted) open(wanted);
  return { open, close, isOpen: () => opened !== null };
}

// A comment's place: which cell or text, in words, and the paragraph that is meant; with what was begun for it.
function fill(page, box, { on, place, quote }) {
  box.querySelector("[data-on]").value = on;
  box.querySelector("[data-quote]").value = quote;
  box.querySelector("[data-place]").textContent = place;
  const quoted = box.querySelector("[data-quoted]");
  quoted.textContent = quote;
  quoted.hidden = !quote;
  box.querySelector("textarea").value = begun(page, box);
}

// A phrase goes where one can still change it.
function take(tick, box) {
  const remark = box.querySelector("[data-remark]");
  const before = remark.value.replace(/\s+$/, "");
  remark.value = (before ? `${before}\n` : "") + tick.nextElementSibling.textContent;
  tick.checked = false;
  remark.dispatchEvent(new Event("input", { bubbles: true }));
  remark.focus();
}

function stayInside(event, box) {
  if (event.key !== "Tab") return;
  const inside = Array.from(box.querySelectorAll(FOCUSABLE)).filter((one) => one.offsetParent !== null);
  const last = inside[inside.length - 1];
  const edge = event.shiftKey ? inside[0] : last;
  if (document.activeElement !== edge) return;
  event.preventDefault();
  (event.shiftKey ? last : inside[0]).focus();
}

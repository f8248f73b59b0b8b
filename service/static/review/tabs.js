// Figures, texts, pages and record: one of the four at a time.
import { say } from "./keys.js";

export function start(page, box) {
  const links = Array.from(page.querySelectorAll("[data-tabs] a"));
  const parts = Array.from(page.querySelectorAll("[data-tab]"));

  function show(id) {
    parts.forEach((part) => (part.hidden = part.id !== id));
    links.forEach((link) => {
      const here = link.getAttribute("href") === `#${id}`;
      link.classList.toggle("here", here);
      if (here) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
  }

  function choose(number) {
    if (!links[number]) return false;
    show(links[number].getAttribute("href").slice(1));
    links[number].focus();
    say(links[number].textContent.trim());
    return true;
  }

  links.forEach((link, at) => link.addEventListener("click", (event) => (event.preventDefault(), choose(at))));
  const named = document.getElementById(decodeURIComponent(window.location.hash.slice(1)));
  const around = named && named.closest("[data-tab]");
  show(around ? around.id : parts[0].id);
  if (named && around && !box.isOpen()) {
    const folded = named.closest("details");
    if (folded) folded.open = true;
    named.scrollIntoView({ block: "center" });
  }
  return { 1: () => choose(0), 2: () => choose(1), 3: () => choose(2), 4: () => choose(3) };
}

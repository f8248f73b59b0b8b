// The cells and paragraphs on which a word can be noted: by a click, or by J, K and Enter.

export function start(page, box) {
  const all = Array.from(page.querySelectorAll("[data-spot]"));
  let here = null;

  function note(spot) {
    const { on, place, quote } = spot.dataset;
    return box.open("comment", { on, place, quote: quote || "" });
  }

  function step(by) {
    const seen = all.filter((spot) => spot.offsetParent !== null);
    if (!seen.length) return false;
    const at = seen.indexOf(here);
    const next = at < 0 ? (by > 0 ? 0 : seen.length - 1) : Math.min(seen.length - 1, Math.max(0, at + by));
    go(seen[next]);
    return true;
  }

  function go(spot) {
    if (here) here.classList.remove("on");
    here = spot;
    spot.classList.add("on");
    spot.focus();
    spot.scrollIntoView({ block: "nearest" });
  }

  all.forEach((spot) => {
    spot.tabIndex = -1;
    spot.addEventListener("click", (event) => {
      const link = within(spot, event.target.closest("a, button, summary, form, textarea, details"));
      if (link && !isNote(link)) return;
      // Whoever marks words to copy them has not asked for a comment.
      if (!link && !window.getSelection().isCollapsed) return;
      event.preventDefault();
      note(spot);
    });
  });
  page.querySelectorAll("a[data-on]").forEach((link) =>
    link.addEventListener("click", (event) => note(link) && event.preventDefault())
  );
  return {
    j: () => step(1),
    k: () => step(-1),
    enter: (event) => (all.includes(event.target) ? note(event.target) : false),
  };
}

// The row itself may lie in something that is folded.
function within(spot, element) {
  return element && spot.contains(element) && element !== spot ? element : null;
}

function isNote(link) {
  return link.nodeName === "A" && link.hash === "#comment";
}

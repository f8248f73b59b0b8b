// What a server does for its own pages, a script does for pages that lie in a folder: larger letters, contrast, finding.
(function () {
  "use strict";
  const root = document.documentElement;
  const reading = document.querySelector("[data-reading]");
  const print = document.querySelector("[data-print]");
  print.hidden = false;
  print.addEventListener("click", () => window.print());

  const apart = reading.hidden;
  if (apart) {
    reading.hidden = false;
    const known = () => {
      // Where a browser keeps nothing for files, the choice lasts as long as the page.
      try { return JSON.parse(localStorage.getItem("reading")) || {}; } catch { return {}; }
    };
    let look = known();
    const show = () => {
      const size = look.size || "standard", contrast = look.contrast || "standard";
      root.className = `size-${size} contrast-${contrast}`;
      reading.querySelectorAll("[name=size]").forEach((one) => one.setAttribute("aria-pressed", String(one.value === size)));
      reading.querySelector("[data-contrast]").setAttribute("aria-pressed", String(contrast === "high"));
    };
    reading.addEventListener("submit", (event) => event.preventDefault());
    reading.querySelectorAll("[name=size]").forEach((one) => one.addEventListener("click", () => keep({ size: one.value })));
    reading.querySelector("[data-contrast]").addEventListener("click", () => keep({ contrast: look.contrast === "high" ? "standard" : "high" }));
    const keep = (chosen) => {
      look = Object.assign({}, look, chosen);
      try { localStorage.setItem("reading", JSON.stringify(look)); } catch { /* See above. */ }
      show();
    };
    show();
  }

  const narrow = document.querySelector("[data-narrow]");
  if (narrow) {
    narrow.hidden = false;
    narrow.addEventListener("submit", (event) => event.preventDefault());
    narrow.querySelector("input").addEventListener("input", (event) => {
      const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
      document.querySelectorAll("section.group").forEach((group) => {
        let any = false;
        group.querySelectorAll("[data-find]").forEach((row) => {
          const text = row.dataset.find.toLowerCase();
          row.hidden = !words.every((word) => text.includes(word));
          any = any || !row.hidden;
        });
        group.hidden = !any;
      });
    });
  }
}());

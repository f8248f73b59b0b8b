// Copying and printing need a script. Over plain HTTP browsers have no clipboard but the old command.
(function () {
  "use strict";
  const copy = (text) => {
    const held = document.createElement("textarea");
    held.value = text;
    held.setAttribute("aria-hidden", "true");
    document.body.appendChild(held);
    held.select();
    const done = document.execCommand("copy");
    held.remove();
    return done;
  };
  const offer = (button, text) => {
    button.hidden = false;
    button.addEventListener("click", () => {
      if (copy(text())) {
        button.classList.add("done");
        button.textContent = "✓ " + button.textContent.replace(/^✓ /, "");
      }
      button.focus();
    });
  };
  document.querySelectorAll("[data-copy]").forEach((button) => offer(button, () => button.dataset.copy));
  document.querySelectorAll("[data-copy-from]").forEach((button) => {
    offer(button, () => document.getElementById(button.dataset.copyFrom).innerText);
  });
  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
}());

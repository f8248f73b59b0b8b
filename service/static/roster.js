// Whoever has many units to choose from ticks all of them, or none, at once. Without a script each is ticked by itself.
document.querySelectorAll(".pick").forEach((box) => {
  const ticks = Array.from(box.querySelectorAll("input[type=checkbox]"));
  const all = document.querySelector("[data-all]");
  if (ticks.length < 2 || !all) {
    return;
  }
  all.hidden = false;
  all.addEventListener("click", () => {
    const wanted = ticks.some((tick) => !tick.checked);
    ticks.forEach((tick) => {
      tick.checked = wanted;
    });
  });
});

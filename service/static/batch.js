// Every unit is a tile. What the page asks for every two seconds brings a letter for each; here the tiles follow.
(function () {
  "use strict";

  const tiles = () => Array.from(document.querySelectorAll("[data-tiles] > a"));
  const known = {};
  document.querySelectorAll("[data-legend] > li").forEach((one) => {
    const tile = one.querySelector(".tile");
    known[one.dataset.letter] = {look: tile.className, sign: one.dataset.sign, word: one.querySelector("span").textContent};
  });

  function paint(letters, before) {
    tiles().forEach((tile, at) => {
      const mark = known[letters[at]];
      if (!mark || letters[at] === before[at]) return;
      tile.className = mark.look;
      tile.textContent = mark.sign;
      tile.title = tile.title.slice(0, tile.title.lastIndexOf("：") + 1) + mark.word;
    });
  }

  let shown = "";
  function look() {
    const state = document.getElementById("batch-state");
    const letters = state ? state.dataset.letters : "";
    if (!letters || letters === shown) return;
    paint(letters, shown);
    shown = letters;
  }

  look();
  document.body.addEventListener("htmx:afterSettle", look);
}());

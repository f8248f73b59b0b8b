// The list of the sections is folded where it would stand above the form and push it out of sight.

const narrow = window.matchMedia("(max-width: 900px)");
const list = document.querySelector("[data-parts]");

function fold() {
  list.open = !narrow.matches;
}

if (list) {
  narrow.addListener(fold);
  fold();
}

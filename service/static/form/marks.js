// Marks on the fields that findings are about: a look for the eye, and for whoever hears the page the finding's words.

export function showMarks(form, here) {
  const marked = new Map();
  here.forEach((one, at) => {
    const names = one.mends.length ? [one.mends[0].cell] : [one.at];
    Array.from(new Set(names)).forEach((name) => marked.set(name, [...(marked.get(name) || []), { ...one, id: `finding-${at}` }]));
  });
  form.querySelectorAll("td[data-cell]").forEach((cell) => mark(cell, cell.dataset.cell, marked));
  form.querySelectorAll(".passage[data-text]").forEach((passage) => mark(passage, passage.dataset.text, marked));
}

function mark(around, name, marked) {
  const found = marked.get(name) || [];
  const has = (look) => found.some((one) => one.look === look);
  around.classList.toggle("bad", has("bad"));
  around.classList.toggle("ask", has("ask") && !has("bad"));
  around.classList.toggle("hint", has("hint") && !has("ask") && !has("bad"));
  const control = document.getElementById(name);
  if (!control) return;
  if (has("bad")) control.setAttribute("aria-invalid", "true");
  else control.removeAttribute("aria-invalid");
  const others = (control.getAttribute("aria-describedby") || "").split(" ").filter((id) => id && !id.startsWith("finding-"));
  const ids = [...others, ...found.map((one) => one.id)];
  if (ids.length) control.setAttribute("aria-describedby", ids.join(" "));
  else control.removeAttribute("aria-describedby");
}

// What is typed into a box stays there when one looks at another report in between, until it was sent.

const SENT = "review:sent";

export function keep(page, box) {
  box.querySelectorAll("textarea").forEach((area) => area.addEventListener("input", () => put(nameOf(page, box), area.value)));
  box.querySelectorAll("form").forEach((form) => form.addEventListener("submit", () => put(SENT, nameOf(page, box))));
}

export function restore(page, boxes) {
  const sent = sessionStorage.getItem(SENT);
  sessionStorage.removeItem(SENT);
  const refused = boxes.find((box) => box.dataset.box === page.dataset.open && nameOf(page, box) === sent);
  if (sent && !refused) sessionStorage.removeItem(sent);
  boxes.forEach((box) => {
    const area = box.querySelector("textarea");
    if (area && !area.value) area.value = begun(page, box);
  });
}

// What was begun for the place that a box is for now.
export function begun(page, box) {
  return sessionStorage.getItem(nameOf(page, box)) || "";
}

// By report and box; of comments by their place as well: what was begun for one must not be said of another.
function nameOf(page, box) {
  const place = Array.from(box.querySelectorAll("input[data-on], input[data-quote]"), (one) => one.value);
  return [page.dataset.looking, box.dataset.box, ...place].join(":");
}

function put(name, value) {
  try {
    sessionStorage.setItem(name, value);
  } catch (_) {
    // No room, or not allowed: the words still stand in the box.
  }
}

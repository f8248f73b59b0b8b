// The panel beside the form: one of its four parts at a time, and this year's figures beside last year's.

export function start(form, fields) {
  const panel = document.getElementById("panel");
  const tabs = panel ? Array.from(panel.querySelectorAll("[data-tabs] a")) : [];
  if (!tabs.length) return { open() {} };
  const open = (id) => {
    tabs.forEach((tab) => {
      const here = tab.getAttribute("href") === `#${id}`;
      tab.classList.toggle("here", here);
      if (here) tab.setAttribute("aria-current", "true");
      else tab.removeAttribute("aria-current");
    });
    panel.querySelectorAll("[data-tab]").forEach((part) => (part.hidden = part.id !== id));
  };
  tabs.forEach((tab) =>
    tab.addEventListener("click", (event) => {
      event.preventDefault();
      open(tab.getAttribute("href").slice(1));
    })
  );
  open(tabs[0].getAttribute("href").slice(1));
  const thisYear = Array.from(panel.querySelectorAll("[data-now]"));
  const beside = () => thisYear.forEach((place) => put(place, shown(fields, place.dataset.now)));
  fields.onChange(() => window.requestAnimationFrame(beside));
  return { open };
}

function put(place, words) {
  if (place.textContent !== words) place.textContent = words;
}

function shown(fields, name) {
  const control = fields.control(name);
  const value = control && control.nodeName === "OUTPUT" ? control.textContent : fields.value(name);
  const note = fields.note(name);
  return value && note ? `${value}（${note}）` : value;
}

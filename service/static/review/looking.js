// Says now and then that this report is open here, and shows who else has it open and what was done with it meanwhile.
import { t } from "../form/words.js";

const EVERY = 15000;

export function start(page) {
  const ask = () => tell(page, {}).then((told) => told && show(page, told)).catch(() => {});
  ask();
  setInterval(ask, EVERY);
  window.addEventListener("pagehide", () => navigator.sendBeacon(page.dataset.looking, filled(page, { leaves: "yes" })));
}

async function tell(page, more) {
  const answer = await fetch(page.dataset.looking, {
    method: "POST",
    credentials: "same-origin",
    cache: "no-store",
    // Signed out, it is told so, and the page with what is typed in it stays.
    headers: { Accept: "application/json" },
    body: filled(page, more),
  });
  return answer.ok ? answer.json() : null;
}

function filled(page, more) {
  const form = new FormData();
  form.set("csrf_token", document.querySelector("meta[name=csrf-token]").content);
  form.set("step", page.dataset.step);
  Object.keys(more).forEach((name) => form.set(name, more[name]));
  return form;
}

function show(page, told) {
  const names = told.others.join("、");
  put(page.querySelector("[data-others]"), names && t("{names}也在看这份报告。", { names }));
  put(page.querySelector("[data-news]"), told.news);
}

// Said once, not every time that it is asked.
function put(place, words) {
  if (place.textContent === words) return;
  place.textContent = words;
  place.hidden = !words;
}

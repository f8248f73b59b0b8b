// One save over the wire, and what became of it, in one word.

const PATIENCE = 20000;

// → {kind: "kept", answer} | {kind: "refused", problems} | {kind: "closed" | "signed_out" | "stranger" | "gone" | "away" | "trouble"}
export async function post(form, changes, leaving = false) {
  const first = await send(form, changes, leaving);
  if (first.kind !== "expired" || leaving) return first;
  // Whoever signed in again has a new token; the page still has the old one.
  const again = await renew(form);
  return again.kind === "renewed" ? send(form, changes, leaving) : again;
}

// Asks for the page anew and takes its token, if the same person is still signed in.
export async function renew(form) {
  const response = await ask(window.location.pathname, { headers: { Accept: "text/html" } });
  if (!response) return { kind: "away" };
  if (!response.ok) return { kind: response.status >= 500 ? "trouble" : "signed_out" };
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const here = page.getElementById("form");
  if (!here || here.dataset.report !== form.dataset.report) return { kind: "signed_out" };
  if (here.dataset.account !== form.dataset.account) return { kind: "stranger" };
  document.querySelector("meta[name=csrf-token]").content = page.querySelector("meta[name=csrf-token]").content;
  return { kind: "renewed" };
}

async function send(form, changes, leaving) {
  const response = await ask(form.dataset.save, {
    method: "POST",
    keepalive: leaving,
    headers: {
      Accept: "application/json",
      "Content-Type": "application/json",
      "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content,
    },
    body: JSON.stringify({ changes }),
  });
  if (!response) return { kind: "away" };
  const told = await response.json().catch(() => ({}));
  if (response.ok && told.saved) return { kind: "kept", answer: told };
  return { kind: why(response.status, told.code || ""), problems: told.problems || [], title: told.title || told.message || "" };
}

function why(status, code) {
  if (status === 409) return "closed";
  if (status === 401 || code === "password_due") return "signed_out";
  if (status === 400 && code === "form_expired") return "expired";
  if (status === 403 || status === 404) return "gone";
  if (status === 400 || status === 413 || status === 422) return "refused";
  return "trouble";
}

// The answer, or nothing when none came.
async function ask(address, options) {
  const giveUp = new AbortController();
  const clock = setTimeout(() => giveUp.abort(), PATIENCE);
  try {
    return await fetch(address, { credentials: "same-origin", cache: "no-store", signal: giveUp.signal, ...options });
  } catch (_) {
    return null;
  } finally {
    clearTimeout(clock);
  }
}

// Writing a post: previews while it is written, counters, and drafts that save themselves.
// Without this module the button "Update preview" does the same.
const form = document.querySelector("form.compose");
const saved = document.getElementById("saved");
const PAUSE = 400; // milliseconds without a change, after which the draft is saved and shown
const LONGEST = 4000; // or so long after the first change, however fast somebody writes

let timer;
let firstChange = 0;
let current = new AbortController();

// What the server has made takes the place of what the page has under the same id.
const put = (text) => {
  const parts = new DOMParser().parseFromString(text, "text/html");
  for (const part of parts.querySelectorAll("body > [id]")) {
    document.getElementById(part.id)?.replaceChildren(...part.childNodes);
  }
};

// What was wrong when the page came may be right now; the previews say what is wrong still.
const forgetFaults = () => {
  for (const fault of form.querySelectorAll("[role=alert], .field .error, fieldset > .error")) {
    fault.remove();
  }
  for (const field of form.querySelectorAll("[aria-invalid]")) {
    field.removeAttribute("aria-invalid");
    field.closest(".wrong")?.classList.remove("wrong");
  }
};

const ask = async (act, signal, keepalive = false) => {
  const typed = new FormData(form);
  typed.delete("files");
  const body = new URLSearchParams(typed);
  const answer = await fetch(`${form.action}/${act}`, { method: "POST", body, signal, keepalive });
  if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
  put(await answer.text());
};

const update = async (keepalive = false) => {
  clearTimeout(timer);
  firstChange = 0;
  current.abort();
  current = new AbortController();
  const { signal } = current;
  try {
    await ask("preview", signal, keepalive);
    forgetFaults();
    // The draft has an address now, which may be bookmarked and loaded anew.
    if (!keepalive) history.replaceState(null, "", form.action);
    if (!keepalive) await ask("forecast", signal);
  } catch (error) {
    if (error.name !== "AbortError") saved.textContent = saved.dataset.unsaved;
  }
};

const later = () => {
  firstChange ||= Date.now();
  clearTimeout(timer);
  const rest = Math.max(0, firstChange + LONGEST - Date.now());
  timer = setTimeout(update, Math.min(PAUSE, rest));
};

if (form) {
  for (const button of form.querySelectorAll("[data-plain]")) button.remove();
  form.addEventListener("input", ({ target }) => {
    const counter = form.querySelector(`[data-count-of="${target.id}"]`);
    if (counter) counter.textContent = [...target.value].length;
    // A typed time is meant: its button is chosen.
    if (target.id === "at") document.getElementById("when-at").checked = true;
    if (target.type !== "file") later();
  });
  form.addEventListener("change", ({ target }) => {
    // Pictures go with the whole form, and come back with fields for their alt texts.
    if (target.type === "file" || target.name === "take-out") form.requestSubmit();
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    current.abort();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && firstChange) update(true);
  });
}

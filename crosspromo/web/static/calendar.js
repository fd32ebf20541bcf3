// The calendar: a move in a dialog, by keys or by drag, and what becomes of it while a time is typed.
// Without this module the same forms are pages, and the same links lead to them.
const dialog = document.getElementById("over");
const PAUSE = 400; // milliseconds without a change, after which it is asked what would become of it
const ARROWS = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };
const ENTRIES = "[data-day] li a:has(> bdi)";

let timer;
let current = new AbortController();

// The latest question alone is answered: an answer to an earlier one would take away what was typed.
const read = async (address, options = {}) => {
  current.abort();
  current = new AbortController();
  const answer = await fetch(address, { ...options, signal: current.signal });
  if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
  return new DOMParser().parseFromString(await answer.text(), "text/html");
};

// Somebody in another zone reads the time of their own clocks, too.
const showHere = (root) => {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  for (const place of root.querySelectorAll("[data-here]")) {
    const moment = new Date(place.previousElementSibling?.dateTime);
    if (place.dataset.zone === timeZone || Number.isNaN(moment.getTime())) continue;
    const clock = moment.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    place.textContent = `(${clock} ${place.dataset.here})`;
  }
};

const foretell = async (form) => {
  const body = new URLSearchParams(new FormData(form));
  try {
    const parts = await read(`${form.action}/consequence`, { method: "POST", body });
    for (const part of parts.querySelectorAll("body > [id]")) {
      form.querySelector(`#${part.id}`)?.replaceChildren(...part.childNodes);
    }
    showHere(form);
  } catch (error) {
    if (error.name !== "AbortError") form.querySelector("#then").replaceChildren();
  }
};

const liven = (box) => {
  const form = box.querySelector("form");
  for (const button of form.querySelectorAll("[data-plain]")) button.remove();
  form.addEventListener("input", ({ target }) => {
    const at = form.querySelector("[value=at]");
    if (at && target.name === "at") at.checked = true;
    current.abort();
    clearTimeout(timer);
    timer = setTimeout(foretell, PAUSE, form);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    current.abort();
  });
  box.addEventListener("keydown", (event) => {
    if (event.target.closest("input, select")) return;
    const step = ARROWS[event.key] && form.querySelector(`[data-step=${ARROWS[event.key]}]`);
    const leave = event.key === "Escape" && !dialog?.open && box.querySelector("[data-leave]");
    if (!step && !leave) return;
    event.preventDefault();
    (step || leave).click();
  });
  showHere(box);
  form.querySelector(".first").focus();
};

const open = async (address) => {
  const whole = new URL(address, location.href);
  whole.searchParams.set("back", location.pathname + location.search);
  try {
    const box = (await read(whole)).querySelector(".move");
    dialog.replaceChildren(box);
    if (!dialog.open) dialog.showModal();
    liven(box);
  } catch (error) {
    if (error.name !== "AbortError") location.href = address; // the page says what is the matter
  }
};

const besides = (entry, key) => {
  const all = [...document.querySelectorAll(ENTRIES)];
  if (key === "up" || key === "down") return all[all.indexOf(entry) + (key === "up" ? -1 : 1)];
  const days = [...document.querySelectorAll("[data-day]")].filter((day) => day.querySelector(ENTRIES));
  return days[days.indexOf(entry.closest("[data-day]")) + (key === "left" ? -1 : 1)]?.querySelector(ENTRIES);
};

if (dialog) {
  // Keys of the page below do nothing while the dialog is open.
  dialog.addEventListener("keydown", (event) => event.stopPropagation());
  dialog.addEventListener("click", (event) => {
    if (event.target.closest("[data-leave]")) dialog.close();
    else if (event.target.closest("[data-step]")) open(event.target.closest("[data-step]").href);
    else return;
    event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-over]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(link.href);
  });
  document.addEventListener("keydown", (event) => {
    const entry = event.target.closest?.(ENTRIES);
    if (!entry || event.ctrlKey || event.metaKey || event.altKey) return;
    if (ARROWS[event.key]) {
      event.preventDefault();
      besides(entry, ARROWS[event.key])?.focus();
    } else if (event.key === "m" && entry.dataset.move && !localStorage.getItem("keys-off")) {
      open(entry.dataset.move);
    }
  });
  document.addEventListener("dragstart", (event) => {
    const { move } = event.target.closest?.(ENTRIES)?.dataset ?? {};
    if (move) event.dataTransfer.setData("text/x-move", move);
  });
  document.addEventListener("dragover", (event) => {
    const isMove = event.dataTransfer.types.includes("text/x-move");
    if (isMove && event.target.closest("[data-day]")) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    const day = event.target.closest("[data-day]")?.dataset.day;
    const move = event.dataTransfer.getData("text/x-move");
    if (!day || !move) return;
    event.preventDefault();
    open(`${move}${move.includes("?") ? "&" : "?"}day=${day}`);
  });
}

const page = document.querySelector("main > .move");
if (page) liven(page);

// The console's scripts: everything works without them.

// The focus goes to what is wrong with a form.
document.querySelector("[role=alert]")?.focus();

// The sending strip is kept young, without stealing the focus.
const STRIP_EVERY = 30_000;

async function renewStrip() {
  const strip = document.querySelector(".strip");
  if (!strip || document.hidden || strip.contains(document.activeElement)) return;
  try {
    const answer = await fetch("/strip");
    if (answer.ok && !answer.redirected) strip.outerHTML = await answer.text();
  } catch {
    // The console is not there: the strip stays as old as it says.
  }
}

setInterval(renewStrip, STRIP_EVERY);

// Keys: a link or a button names its own in data-key. They are never caught inside a field.
const KEYS_OFF = "keys-off";
const GOES = { d: "/", c: "/calendar", p: "/partners", r: "/reports", a: "/accounts" };
const IN_LISTS = ".rows a, tbody th a";
let goes = false;

function step(by) {
  const all = [...document.querySelectorAll(IN_LISTS)];
  const at = all.indexOf(document.activeElement);
  const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by];
  next?.focus();
}

addEventListener("keydown", (event) => {
  const field = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (field || event.ctrlKey || event.metaKey || event.altKey) return;
  if (localStorage.getItem(KEYS_OFF)) return;
  let target = null;
  if (goes) {
    goes = false;
    target = GOES[event.key] && document.querySelector(`nav a[href="${GOES[event.key]}"]`);
  } else if (event.key === "g") {
    goes = true;
    setTimeout(() => { goes = false; }, 1500);
    return;
  } else if (event.key === "j" || event.key === "k") {
    step(event.key === "j" ? 1 : -1);
    event.preventDefault();
    return;
  } else {
    target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  }
  if (target) {
    event.preventDefault();
    target.click();
  }
});

const keysSwitch = document.querySelector("#keys-switch");

function showSwitch() {
  keysSwitch.hidden = false;
  keysSwitch.textContent = localStorage.getItem(KEYS_OFF) ? keysSwitch.dataset.on : keysSwitch.dataset.off;
}

if (keysSwitch) {
  showSwitch();
  keysSwitch.addEventListener("click", () => {
    if (localStorage.getItem(KEYS_OFF)) localStorage.removeItem(KEYS_OFF);
    else localStorage.setItem(KEYS_OFF, "yes");
    showSwitch();
  });
}

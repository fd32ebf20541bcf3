// The console's scripts: everything works without them.
// The focus goes to what is wrong with a form.
document.querySelector("[role=alert]")?.focus();

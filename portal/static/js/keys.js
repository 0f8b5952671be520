// "/" goes to the search field; print buttons print; a list of errors is read first.
const TYPING = "input, textarea, select, [contenteditable]";

export function keys(root) {
  const search = root.querySelector("[data-sw-search]");
  root.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || !search) return;
    if (event.target instanceof Element && event.target.matches(TYPING)) return;
    event.preventDefault();
    search.focus();
  });
  for (const button of root.querySelectorAll("[data-sw-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
  root.querySelector("[data-sw-errors]")?.focus();
}

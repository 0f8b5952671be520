// Menus and help notes are <details>: one open at a time, closed by Escape or a click elsewhere.
const FLOATING = "details.sw-menu, details.sw-help";

export function menus(root) {
  const open = () => [...root.querySelectorAll(FLOATING)].filter((one) => one.open);
  root.addEventListener("click", (event) => {
    for (const one of open()) if (!one.contains(event.target)) one.open = false;
  });
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const one of open()) {
      const inside = one.contains(document.activeElement);
      one.open = false;
      if (inside) one.querySelector("summary").focus();
    }
  });
}

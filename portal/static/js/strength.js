// How strong a password looks while it is typed; the server judges with word lists.
export function strengths(root) {
  for (const box of root.querySelectorAll("[data-sw-strength]")) {
    const input = box.querySelector("input");
    const words = box.dataset.swStrength.split("|");
    const said = document.createElement("div");
    said.className = "sw-strength";
    said.setAttribute("role", "status");
    box.append(said);
    input.addEventListener("input", () => {
      const text = input.value;
      const kinds = [/[A-Z]/, /[a-z]/, /[0-9]/, /[^A-Za-z0-9]/].filter((kind) => kind.test(text)).length;
      const different = new Set(text).size;
      const level = Math.min(4, Math.floor(Math.min(different, text.length / 1.5) / 4) + (kinds > 2 ? 1 : 0));
      said.textContent = text ? words[text.length < 8 ? Math.min(level, 1) : level] : "";
    });
  }
}

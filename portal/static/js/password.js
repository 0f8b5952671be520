// The eye beside a password.
export function passwords(root) {
  for (const eye of root.querySelectorAll("[data-sw-reveal]")) {
    const input = document.getElementById(eye.dataset.swReveal);
    const use = eye.querySelector("use");
    eye.hidden = false;
    eye.addEventListener("click", () => {
      const shown = input.type === "text";
      input.type = shown ? "password" : "text";
      eye.setAttribute("aria-pressed", String(!shown));
      use.setAttribute("href", use.getAttribute("href").replace(/#.*/, shown ? "#eye" : "#eye-slash"));
      input.focus();
    });
    input.form?.addEventListener("submit", () => { input.type = "password"; });
  }
}

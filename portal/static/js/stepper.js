// − and + beside a number: to the next multiple of the step, within the bounds.
export function steppers(root) {
  for (const box of root.querySelectorAll("[data-sw-stepper]")) {
    const input = box.querySelector("input");
    const { step, low, high } = Object.fromEntries(["step", "low", "high"].map((key) => [key, Number(box.dataset[key])]));
    for (const button of box.querySelectorAll("button")) {
      const by = Number(button.dataset.by);
      button.hidden = false;
      button.addEventListener("click", () => {
        const now = Number(input.value) || 0;
        const next = by > 0 ? Math.floor(now / step) * step + step : Math.ceil(now / step) * step - step;
        input.value = String(Math.min(high, Math.max(low, next)));
        input.dispatchEvent(new Event("input", { bubbles: true }));
      });
    }
  }
}

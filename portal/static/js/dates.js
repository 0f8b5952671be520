// Today, yesterday, or a picked day, in front of a date field.
export function dates(root) {
  for (const box of root.querySelectorAll("[data-sw-dates]")) {
    const input = box.querySelector("input");
    const chips = [...box.querySelectorAll("[data-date]")];
    const near = chips.map((chip) => chip.dataset.date).filter(Boolean);
    let picking = input.value !== "" && !near.includes(input.value);

    const show = () => {
      for (const chip of chips) {
        const pressed = chip.dataset.date ? !picking && chip.dataset.date === input.value : picking;
        chip.setAttribute("aria-pressed", String(pressed));
      }
      input.hidden = !picking;
    };
    for (const chip of chips) {
      chip.addEventListener("click", () => {
        picking = !chip.dataset.date;
        if (!picking) input.value = chip.dataset.date;
        show();
        if (picking) input.focus();
        input.dispatchEvent(new Event("input", { bubbles: true }));
      });
    }
    box.querySelector(".sw-chips").hidden = false;
    show();
  }
}

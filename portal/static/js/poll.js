// A page that waits for work: looks again every few seconds and swaps the part that changed.
// Without script the page's <noscript> refresh does the same.
export function polls(root) {
  const part = root.querySelector("[data-sw-poll]");
  if (part) setTimeout(look, Number(part.dataset.swPoll), part);
}

async function look(part) {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-sw-poll]");
    if (!fresh) return location.reload();
    if (fresh.innerHTML !== part.innerHTML) part.innerHTML = fresh.innerHTML;
  } catch {
    // No network for a moment: look again later.
  }
  setTimeout(look, Number(part.dataset.swPoll), part);
}

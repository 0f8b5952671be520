// The QR code brings the one-time code behind #, which no server ever logs: into its field, and out of the address.
export function activation(root) {
  const input = root.querySelector("[data-sw-code] input");
  if (!input || !location.hash) return;
  input.value = decodeURIComponent(location.hash.slice(1)).slice(0, 64);
  history.replaceState(null, "", location.pathname);
  root.querySelector("input[type=password]")?.focus();
}

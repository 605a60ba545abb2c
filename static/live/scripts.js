// What the QActions cost, as it moves.

/** Takes what a QAction cost up to now. */
export function script(s) {
  const row = document.querySelector(`[data-script="${s.id}"]`);
  if (!row) return;
  for (const name of ["state", "calls", "errors", "total", "longest"]) {
    const cell = row.querySelector(`[data-script-${name}]`);
    if (cell.textContent !== s[name]) cell.textContent = s[name];
  }
  const failure = document.querySelector(`[data-script-failure="${s.id}"]`);
  failure.hidden = !s.error;
  failure.querySelector("[data-script-error]").textContent = s.error ?? "";
}

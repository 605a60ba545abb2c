// What the QActions cost, as it moves. The words are those of
// views/scripts.templ; they are to be changed in both.

import { visible } from "./marks.js";

const milliseconds = (ms) => `${Math.round(ms * 100) / 100} ms`;

function state(s) {
  if (s.runs) return "runs";
  return s.language === "jscript" ? "switched off" : `${s.language} is not run here`;
}

/** Takes what a QAction cost up to now. */
export function script(s) {
  const row = document.querySelector(`[data-script="${s.id}"]`);
  if (!row) return;
  const write = (name, text) => {
    const cell = row.querySelector(`[data-script-${name}]`);
    if (cell.textContent !== text) cell.textContent = text;
  };
  write("state", state(s));
  write("calls", String(s.calls));
  write("errors", String(s.errors));
  write("total", milliseconds(s.totalMs));
  write("longest", milliseconds(s.longestMs));
  const failure = document.querySelector(`[data-script-failure="${s.id}"]`);
  failure.hidden = !s.lastError;
  failure.querySelector("[data-script-error]").textContent = visible(s.lastError ?? "");
}

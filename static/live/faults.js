// What keeps the program from doing all it is for. The words are the server's;
// the marks are those of views/layout.templ.

import { visible } from "./marks.js";

/** Shows the faults of the program: [{name, message}], none when it is well. */
export function faults(list) {
  const place = document.getElementById("faults");
  const texts = list.map((f) => visible(f.message));
  const shown = [...place.querySelectorAll("p")].map((p) => p.textContent);
  if (texts.length === shown.length && texts.every((t, i) => t === shown[i])) return;
  place.replaceChildren(
    ...list.map((f) => {
      const line = document.createElement("p");
      line.className = "fault";
      line.dataset.fault = f.name;
      line.textContent = visible(f.message);
      return line;
    }),
  );
}

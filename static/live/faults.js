// What keeps the program from doing all it is for, in the server's words.

/** Shows the faults of the program: [{name, message}], none when it is well. */
export function faults(list) {
  const place = document.getElementById("faults");
  const texts = list.map((f) => f.message);
  const shown = [...place.querySelectorAll("p")].map((p) => p.textContent);
  if (texts.length === shown.length && texts.every((t, i) => t === shown[i])) return;
  place.replaceChildren(
    ...list.map((f) => {
      const line = document.createElement("p");
      line.className = "fault";
      line.dataset.fault = f.name;
      line.textContent = f.message;
      return line;
    }),
  );
}

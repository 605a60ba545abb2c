// The filter of a table: rows without the text are hidden. What is hidden is
// not selected: nothing is done to rows that nobody sees.

const filters = new Map(); // by table id: in small letters

const textOf = (line) =>
  [line.querySelector("th.key")?.title ?? "", ...[...line.querySelectorAll("[data-value]")].map((v) => v.textContent)]
    .join("\n")
    .toLowerCase();

/** Hides or shows one row; reports whether that changed anything. */
export function filterRow(sheet, line) {
  const text = filters.get(sheet.dataset.table) ?? "";
  const out = text !== "" && !line.querySelector(".row-edit[open], .row-question") && !textOf(line).includes(text);
  if (out === line.hidden) return false;
  line.hidden = out;
  const box = line.querySelector("[data-select]");
  if (out && box) box.checked = false;
  return true;
}

/** Hides and shows the rows of a table. */
export function filterRows(sheet) {
  for (const line of sheet.querySelectorAll("tbody tr")) filterRow(sheet, line);
  tellFound(sheet);
}

/** Says how many rows have the text. */
export function tellFound(sheet) {
  const note = sheet.querySelector("[data-filtered]");
  if (!note) return;
  const n = sheet.querySelectorAll("tbody tr:not([hidden])").length;
  const text = filters.get(sheet.dataset.table) ? `${n} found` : "";
  if (note.textContent !== text) note.textContent = text;
}

/** Wires the fields; after is called with a table whose rows were filtered. */
export function wire(after) {
  document.addEventListener("input", (e) => {
    if (!e.target.matches?.("[data-filter-rows]")) return;
    const sheet = e.target.closest("[data-table]");
    filters.set(sheet.dataset.table, e.target.value.trim().toLowerCase());
    filterRows(sheet);
    after(sheet);
  });
}

// Rows that have the colour of a value: the column and the hues are those of
// views/tint.go.

const known = new WeakMap(); // by table: its hues, by value

const hues = (table) => {
  if (!known.has(table)) known.set(table, JSON.parse(table.dataset.tints));
  return known.get(table);
};

/** Colours a row by its newest cells. */
export function tint(line, cells) {
  const table = line.closest("[data-tinted]");
  if (!table) return;
  const value = cells[table.dataset.tinted]?.value ?? null;
  const all = hues(table);
  const as = value === null ? undefined : Object.keys(all).find((v) => v === String(value) || (v !== "" && typeof value === "number" && Number(v) === value));
  if (as === undefined) delete line.dataset.tint;
  else line.dataset.tint = all[as];
}

// Values that are texts: long ones are clamped until somebody asks for all.
// The rules are those of views/text.go; they are to be changed in both.

const LONG = 60; // length from which a value is a text to be read
const shown = new Set(); // data-row of the rows of which somebody wants all

/** Reports whether a value is a text to be read, not a reading to be seen. */
export const isLong = (text) => text.length > LONG || text.includes("\n");

/** Reports whether a text is for machines: JSON, XML or bytes. */
export function isCode(text) {
  const t = text.trim();
  return (t.length > 1 && "{[<".includes(t[0])) || /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u2400-\u2421\ufffd]/.test(text);
}

/** The address that a text is when a browser may open it, else "". */
export function linkIn(text) {
  const t = text.trim();
  return t.length <= 2048 && /^(?:(?:https?|ftp):\/\/[^\s/]|mailto:[^\s])\S*$/i.test(t) ? t : "";
}

/** Writes a number of bytes for a person. */
export function size(n) {
  if (n < 1000) return `${n} ${n === 1 ? "byte" : "bytes"}`;
  return n < 1e6 ? `${(n / 1e3).toFixed(1)} kB` : `${(n / 1e6).toFixed(1)} MB`;
}

/** Says how much of a text of n bytes is shown. */
export const shownPart = (n) => `The first 4 KiB of ${size(n)}.`;

/** Draws how a row's value looks as a text; p is its newest state, if known. */
export function fit(row, p) {
  const cell = row.querySelector("[data-p]");
  const value = cell?.querySelector("[data-value]");
  if (!value) return;
  const text = value.textContent;
  cell.toggleAttribute("data-long", isLong(text));
  cell.toggleAttribute("data-code", isCode(text));
  const more = row.querySelector("[data-more]");
  if (!more) return;
  if (p) {
    more.querySelector("[data-cut]").hidden = !p.truncated;
    more.querySelector("[data-cut-note]").textContent = p.truncated ? shownPart(p.size) : "";
  }
  measure(row, value, more);
}

function measure(row, value, more) {
  const all = shown.has(row.dataset.row) && value.parentElement.hasAttribute("data-long");
  row.toggleAttribute("data-all", all);
  const button = more.querySelector("[data-show-all]");
  const open = row.querySelector(".row-main")?.open;
  button.hidden = !all && (open || value.scrollHeight <= value.clientHeight + 1);
  button.textContent = all ? "Show less" : "Show all";
  button.setAttribute("aria-expanded", String(all));
  more.hidden = button.hidden && more.querySelector("[data-cut]").hidden && more.querySelector("[data-open]").hidden;
}

function fitAll() {
  for (const row of document.querySelectorAll("[data-row]")) fit(row);
}

/** Wires the buttons and measures all rows. */
export function wire() {
  document.addEventListener("click", (e) => {
    const all = e.target.closest?.("[data-cell-all]");
    if (all) {
      const open = all.closest(".cell").toggleAttribute("data-all");
      all.textContent = open ? "Show less" : "Show all";
      all.setAttribute("aria-expanded", String(open));
      return;
    }
    const row = e.target.closest?.("[data-show-all]")?.closest("[data-row]");
    if (!row) return;
    if (!shown.delete(row.dataset.row)) shown.add(row.dataset.row);
    fit(row);
  });
  document.addEventListener("toggle", (e) => e.target.matches?.(".row-main") && fit(e.target.closest("[data-row]")), true);
  // Whoever marks a part of a value with the mouse does not want its row opened.
  document.addEventListener("click", (e) => {
    const value = e.target.closest?.("summary [data-value]");
    const marked = getSelection();
    if (value && !marked.isCollapsed && value.contains(marked.anchorNode)) e.preventDefault();
  });
  let wait;
  addEventListener("resize", () => {
    clearTimeout(wait);
    wait = setTimeout(fitAll, 150);
  });
  fitAll();
}

// Values that are texts: long ones are clamped until somebody asks for all.

const shown = new Set(); // data-row of the rows of which somebody wants all

/** Looks how much of a row's value can be seen. */
export function fit(row) {
  const value = row.querySelector("[data-p] [data-value]");
  const more = row.querySelector("[data-more]");
  if (value && more) measure(row, value, more);
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

// Tables: cells move in place, new rows come drawn by the server, a click on a
// header sorts. A row in which a person has an editor open is left alone.

import { cell, forget, pageAddress, redraw } from "./rows.js";
import { changed } from "./conditional.js";
import { counted } from "./count.js";
import { filterRow, filterRows, tellFound, wire as wireFilter } from "./filter.js";

const SETTLE = 500; // ms between a wish to draw or sort again and its doing
const sorts = new Map(); // by table id: {column, down}
let ready = () => {};
let fetching = 0;
const sorting = new Map(); // by table id: the timer

const sheets = () => document.querySelectorAll("[data-table]");
const sheetOf = (id) => document.querySelector(`[data-table="${id}"]`);
const lineOf = (sheet, key) => sheet.querySelector(`tr[data-key="${CSS.escape(key)}"]`);
const using = (node) => node.contains(document.activeElement) || node.querySelector(".row-edit[open], .row-question");

/** Takes the newest state of a row. */
export function row(r, seq) {
  const sheet = sheetOf(r.table);
  if (!sheet) return;
  const line = lineOf(sheet, r.key);
  if (!line) {
    refresh();
    return;
  }
  for (const place of line.querySelectorAll("[data-column]")) {
    const c = r.cells[place.dataset.column] ?? unset(sheet, place.dataset.column);
    cell(place.dataset.row, c, seq);
    if (place.dataset.order !== c.order) {
      place.dataset.order = c.order;
      changed(place.dataset.column);
      if (sorts.get(sheet.dataset.table)?.column === place.dataset.column) sortSoon(sheet);
    }
  }
  const key = line.querySelector("th.key");
  if (key && key.title !== r.display) key.title = r.display;
  colourRow(line, r.cells);
  if (filterRow(sheet, line)) later(sheet);
}

// unset is a cell that was never set; the head of its column has the words.
function unset(sheet, column) {
  const { none, order } = sheet.querySelector(`th[data-column="${column}"]`).dataset;
  return { value: null, text: none, unset: true, order };
}

function colourRow(line, cells) {
  const column = line.closest("[data-tinted]")?.dataset.tinted;
  if (!column) return;
  const tint = cells[column]?.tint;
  if (tint) line.dataset.tint = tint;
  else delete line.dataset.tint;
}

/** A row is not there any more. */
export function removed(r) {
  const sheet = sheetOf(r.table);
  const line = sheet && lineOf(sheet, r.key);
  if (!line) return;
  const first = line.querySelector("[data-row]")?.dataset.row ?? "";
  forget(first.slice(0, first.lastIndexOf("-") + 1));
  line.remove();
  later(sheet);
}

const removedFrom = new Set(); // sheets whose rows went in this frame: they are counted once

function later(sheet) {
  if (removedFrom.add(sheet).size > 1) return;
  requestAnimationFrame(() => {
    for (const s of removedFrom) {
      count(s);
      tellFound(s);
      selection(s);
    }
    removedFrom.clear();
  });
}

// isPart says that the table has more rows than the page.
const isPart = (sheet) => sheet.querySelector("[data-row-count]").hasAttribute("data-part");

function count(sheet) {
  if (!isPart(sheet)) counted(sheet.querySelector("[data-row-count]"), sheet.querySelectorAll("tbody tr").length);
}

/** Takes the rows as the server draws them, a moment from now. */
export function refresh() {
  if (fetching || !sheets().length) return;
  fetching = setTimeout(() => {
    take()
      .catch(() => {}) // the next row or snapshot asks again
      .finally(() => (fetching = 0));
  }, SETTLE);
}

async function take() {
  const answer = await fetch(pageAddress(), { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const sheet of sheets()) {
    const other = fresh.querySelector(`[data-table="${sheet.dataset.table}"]`);
    if (other) merge(sheet, other);
  }
}

// merge brings a table in line with a fresh drawing of it.
function merge(sheet, other) {
  const body = sheet.querySelector("tbody");
  const known = new Map([...body.rows].map((line) => [line.dataset.key, line]));
  for (const line of [...other.querySelectorAll("tbody tr")]) {
    const old = known.get(line.dataset.key);
    known.delete(line.dataset.key);
    if (old && (using(old) || seq(old) >= seq(line))) continue;
    const node = document.adoptNode(line);
    if (old?.querySelector("[data-select]:checked")) node.querySelector("[data-select]").checked = true;
    if (old) old.replaceWith(node);
    else body.append(node);
    ready(node);
  }
  for (const gone of known.values()) gone.remove();
  filterRows(sheet);
  selection(sheet);
  sheet.querySelector("[data-row-count]").replaceWith(document.adoptNode(other.querySelector("[data-row-count]")));
  if (sorts.has(sheet.dataset.table)) sortSoon(sheet);
}

const seq = (line) => Math.max(...[...line.querySelectorAll("[data-seq]")].map((c) => Number(c.dataset.seq)));

function sortSoon(sheet) {
  const id = sheet.dataset.table;
  if (sorting.has(id)) return;
  sorting.set(
    id,
    setTimeout(() => {
      sorting.delete(id);
      if (using(sheet.querySelector("tbody"))) sortSoon(sheet);
      else sort(sheet);
    }, SETTLE),
  );
}

// The server wrote into each cell a text by which its column is sorted.
function sort(sheet) {
  const { column, down } = sorts.get(sheet.dataset.table);
  const body = sheet.querySelector("tbody");
  const order = new Map([...body.rows].map((line) => [line, line.querySelector(`[data-column="${column}"]`).dataset.order]));
  const compare = (a, b) => (order.get(a) < order.get(b) ? -1 : Number(order.get(a) > order.get(b)));
  body.append(...[...body.rows].sort((a, b) => (down ? compare(b, a) : compare(a, b))));
}

// selection says how many rows are selected and offers what can be done with
// that many.
function selection(sheet) {
  const menu = sheet.querySelector("[data-menu]");
  if (!menu) return;
  const boxes = [...sheet.querySelectorAll("tr:not([hidden]) [data-select]")];
  const n = boxes.filter((b) => b.checked).length;
  for (const b of boxes) b.closest("tr").toggleAttribute("data-selected", b.checked);
  sheet.querySelector("[data-selected]").textContent = n === 0 ? "" : n === 1 ? "1 row selected" : `${n} rows selected`;
  const all = sheet.querySelector("[data-select-all]");
  all.checked = n > 0 && n === boxes.length;
  all.indeterminate = n > 0 && n < boxes.length;
  for (const b of menu.querySelectorAll("[data-rows]")) {
    const lacks = (b.dataset.rows === "one" && n !== 1) || (b.dataset.rows === "some" && n === 0);
    if (lacks === b.hasAttribute("aria-disabled")) continue;
    if (lacks) b.setAttribute("aria-disabled", "true");
    else b.removeAttribute("aria-disabled");
    b.title = lacks ? (b.dataset.rows === "one" ? "Select one row first." : "Select rows first.") : "";
  }
}

function onChange(e) {
  const sheet = e.target.closest?.("[data-table]");
  if (!sheet) return;
  if (e.target.matches("[data-select-all]")) {
    for (const b of sheet.querySelectorAll("tr:not([hidden]) [data-select]")) b.checked = e.target.checked;
  } else if (!e.target.matches("[data-select]")) return;
  selection(sheet);
}

// A key is copied; where a page may not do that it is marked, to be copied by
// hand.
async function copy(button) {
  const code = button.parentElement.querySelector("code");
  try {
    await navigator.clipboard.writeText(button.dataset.copy); // as it is, without marks
    button.textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(code);
    button.textContent = "Marked";
  }
  setTimeout(() => (button.textContent = "Copy"), 2000);
}

// edit takes the editor of a cell from the server and opens it.
async function edit(link) {
  const row = link.closest("[data-row]");
  let answer;
  try {
    answer = await fetch(link.href, { headers: { Accept: "text/html", "HX-Request": "true" } });
  } catch {
    answer = { ok: false };
  }
  const fresh = answer.ok && new DOMParser().parseFromString(`<table><tr><td>${await answer.text()}</td></tr></table>`, "text/html");
  const cellNow = fresh && fresh.getElementById(row.id);
  if (!cellNow) {
    location.assign(link.href); // whatever is wrong, the page says it
    return;
  }
  const node = document.adoptNode(cellNow);
  row.replaceWith(node);
  ready(node);
  redraw(node);
  node.querySelector("[data-control]")?.focus();
  node.querySelector("[data-control]")?.select?.();
}

function onClick(e) {
  const edits = e.target.closest("[data-edit-cell]");
  if (edits && !e.ctrlKey && !e.metaKey && !e.shiftKey) {
    e.preventDefault();
    edit(edits);
    return;
  }
  const copies = e.target.closest("[data-copy]");
  if (copies) copy(copies);
  if (e.target.closest('[data-menu] [aria-disabled="true"]')) e.preventDefault();
  const button = e.target.closest("[data-sort]");
  if (!button || e.ctrlKey || e.metaKey || e.shiftKey) return;
  const sheet = button.closest("[data-table]");
  if (isPart(sheet)) return; // the server sorts all its rows
  e.preventDefault();
  const head = button.closest("th");
  const down = head.getAttribute("aria-sort") === "ascending";
  for (const th of sheet.querySelectorAll("th[aria-sort]")) th.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
  sorts.set(sheet.dataset.table, { column: head.dataset.column, down });
  sort(sheet);
}

// The headers are links that work without scripts; with them they act like
// buttons, for the space bar too.
function onKey(e) {
  if (e.key !== " " || !e.target.matches?.("[data-sort]")) return;
  e.preventDefault();
  e.target.click();
}

/** Wires the headers; made readies nodes that came from the server. */
export function wire(made) {
  ready = made;
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onKey);
  document.addEventListener("change", onChange);
  wireFilter(selection);
  for (const sheet of sheets()) {
    const head = sheet.querySelector("th[aria-sort]");
    if (head) sorts.set(sheet.dataset.table, { column: head.dataset.column, down: head.ariaSort === "descending" });
    selection(sheet);
  }
}

// What depends on other values: the list of pages, the lists of fields, buttons
// with a condition, and whether a value waits for the next connect. That only
// the server decides; when a value changes on which something depends, the page
// is asked for anew and those parts of it are taken. A control that a person is
// using is left alone until they leave it.

import { busy, pageAddress, put, redraw } from "./rows.js";

const SETTLE = 250; // ms in which more may change
const AGAIN = 1000; // ms until something that was left alone is tried again
let ready = () => {};
let timer = 0;

/** A parameter took a value. */
export function changed(id) {
  if (document.querySelector(`[data-watch~="${id}"], #p-${id}[data-next-connect]`)) refresh();
}

/** A connection opened, or is not open any more. */
export function connected(id) {
  if (document.querySelector(`[data-next-connect~="${id}"]`)) refresh();
}

/** Takes the parts that depend on other values anew, a moment from now. */
export function refresh(after = SETTLE) {
  if (timer || !document.querySelector('[data-watch]:not([data-watch=""]), [data-next-connect]')) return;
  timer = setTimeout(async () => {
    let left = false;
    try {
      left = await take();
    } catch {
      left = true; // the server is away; the page says so itself
    } finally {
      timer = 0;
    }
    if (left) refresh(AGAIN);
  }, after);
}

// take reports whether something was left alone.
async function take() {
  const answer = await fetch(pageAddress(), { headers: { Accept: "text/html" } });
  if (!answer.ok) return false;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  let left = pageRows(fresh);
  for (const place of document.querySelectorAll("[data-watch]")) {
    const part = place.dataset.partOfPage;
    const other = part ? fresh.querySelector(`[data-part-of-page="${part}"]`) : fresh.getElementById(place.id);
    if (!other) continue;
    if (part) swap(place, other);
    else if (!list(place, other)) left = true;
  }
  for (const note of document.querySelectorAll("[data-pending]")) {
    const other = fresh.getElementById(note.closest("[data-row]").id)?.querySelector("[data-pending]");
    if (other) note.hidden = other.hidden;
  }
  return left;
}

const same = (a, b) =>
  a.childNodes.length === b.childNodes.length && [...a.childNodes].every((n, i) => n.isEqualNode(b.childNodes[i]));

// swap takes the children of another drawing; the focus stays on the same link.
function swap(place, other) {
  if (same(place, other)) return;
  const focused = place.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  place.replaceChildren(...document.adoptNode(other).childNodes);
  if (focused) [...place.querySelectorAll("a")].find((a) => a.getAttribute("href") === focused)?.focus();
}

// pageRows hides the rows of a page that is hidden now, unless somebody works
// in them; it reports whether they were left alone.
function pageRows(fresh) {
  const rows = document.querySelector("[data-page-rows]");
  const other = fresh.querySelector("[data-page-rows]");
  if (!rows || !other || rows.hidden === other.hidden) return false;
  if (other.hidden && (rows.contains(document.activeElement) || rows.querySelector(".row-edit[open], .row-question"))) return true;
  rows.hidden = other.hidden;
  return false;
}

// list takes what a row offers; false when a person is using it.
function list(row, other) {
  if (row.hasAttribute("data-locked") !== other.hasAttribute("data-locked")) return locked(row, other);
  const proposals = row.querySelector("datalist");
  proposals?.replaceChildren(...other.querySelectorAll("datalist > option"));
  const buttons = row.querySelector(".row-instant");
  const others = other.querySelector(".row-instant");
  if (buttons && others && !same(buttons, others)) {
    if (buttons.contains(document.activeElement)) return false;
    const node = document.adoptNode(others);
    buttons.replaceWith(node);
    ready(row);
  }
  const control = row.querySelector("select[data-control]");
  const options = other.querySelector("select[data-control]");
  if (!control || !options || same(control, options)) return true;
  if (busy(control)) return false;
  control.replaceChildren(...document.adoptNode(options).childNodes);
  put(control, control.dataset.base);
  return true;
}

// locked takes a cell that can be set now, or cannot any more.
function locked(row, other) {
  if (row.contains(document.activeElement) || row.querySelector(".row-edit[open], .row-question")) return false;
  const node = document.adoptNode(other);
  row.replaceWith(node);
  ready(node);
  redraw(node);
  return true;
}

/** Made readies nodes that came from the server. */
export function wire(made) {
  ready = made;
}

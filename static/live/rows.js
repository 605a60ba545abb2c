// Parameter rows: values move in their read cells; a control that a person is
// using is never touched.

import { setTime, tick, span } from "./clock.js";
import { fit } from "./texts.js";

const newest = new Map(); // by data-row, a parameter id or the place of a cell: {seq, p}
const begun = new Map(); // by write id: when it was first seen, ms
const FADE = 8000; // ms that the receipt of a finished write stays

const rowOf = (id) => document.getElementById(`p-${id}`);

/** Takes the newest state of a parameter. */
export function parameter(p, seq) {
  newest.set(String(p.id), { seq, p });
  draw(rowOf(p.id), seq, p);
}

/** Takes the newest state of a cell; key is its data-row. */
export function cell(key, p, seq) {
  newest.set(key, { seq, p });
  draw(rowOf(key), seq, p);
}

/** Forgets cells that are gone, by the beginning of their keys. */
export function forget(prefix) {
  for (const key of newest.keys()) if (key.startsWith(prefix)) newest.delete(key);
}

/** Draws again what came in while the server drew a row. */
export function redraw(row) {
  const last = row && newest.get(row.dataset.row);
  if (last) draw(row, last.seq, last.p);
  if (row) fit(row);
}

/** A snapshot of all parameters comes: what was drawn before counts no more. */
export function startAnew() {
  for (const row of document.querySelectorAll("[data-row]")) row.dataset.seq = "-1";
  newest.clear();
}

/** The address of the page that is shown; without its name another may be the first by now. */
export const pageAddress = () => (document.querySelector("[data-page]")?.dataset.page ?? location.pathname) + location.search;

// raw is a value as forms send it, field as it stands in its editor.
const raw = (p) => p.raw ?? p.value ?? "";
const field = (p) => p.field ?? raw(p);

function draw(row, seq, p) {
  if (!row || Number(row.dataset.seq) >= seq) return;
  row.dataset.seq = seq;
  const cell = row.querySelector("[data-p]");
  if (cell) {
    drawValue(cell, p);
    for (const b of row.querySelectorAll("[aria-pressed]")) b.setAttribute("aria-pressed", String(b.value === p.pressed));
  }
  setTime(row.querySelector("[data-p-changed] time"), p.changedAt);
  setTime(row.querySelector("[data-p-heard] time"), p.receivedAt);
  tools(row, p);
  fit(row);
  if (p.cut) {
    row.dataset.cut = seq;
    bringWhole(row);
  } else {
    delete row.dataset.cut;
    editor(row, p);
  }
  tick(row);
}

function drawValue(cell, p) {
  const value = cell.querySelector("[data-value]");
  if (value.textContent !== p.text) {
    value.textContent = p.text;
    const odd = value.classList.toggle("moved-a"); // the other name starts the fade anew
    value.classList.toggle("moved-b", !odd);
  }
  for (const flag of ["unset", "empty", "stale", "long", "code"]) cell.toggleAttribute(`data-${flag}`, p[flag] ?? false);
  const unit = cell.querySelector("[data-unit]");
  unit.textContent = p.unit ?? "";
  unit.hidden = !p.unit;
  const note = cell.querySelector("[data-stale-note]");
  note.hidden = !p.stale;
  setTime(note.querySelector("time"), p.receivedAt); // a cell tells no age
  const meter = cell.querySelector("[data-meter]");
  if (meter) meter.value = typeof p.value === "number" ? p.value : meter.min;
}

// tools stand below a text: the link that it is, and the file with the rest.
function tools(row, p) {
  const more = row.querySelector("[data-more]");
  if (!more) return;
  const open = more.querySelector("[data-open]");
  open.hidden = !p.link;
  if (p.link) open.href = p.link;
  more.querySelector("[data-cut]").hidden = !p.cut;
  more.querySelector("[data-cut-note]").textContent = p.cut ?? "";
}

/** Brings the whole of a value that came cut into its editor, when that is open. */
export async function bringWhole(row) {
  const details = row.querySelector(".row-edit");
  const seq = row.dataset.cut;
  const link = row.querySelector("[data-whole]");
  if (!details?.open || !seq || !link) return;
  const answer = await fetch(link.href);
  if (!answer.ok) return; // the editor keeps its text; an Apply is then refused as out of date
  const text = await answer.text();
  if (row.dataset.cut !== seq) return; // something newer came
  delete row.dataset.cut;
  const control = row.querySelector(".row-edit [data-control]");
  if (control.value === base(control)) take(row, text, text);
  else offer(row, control, { field: text, raw: text, now: newest.get(row.dataset.row)?.p.now ?? "another" });
}

// base is the text that a control started from.
const base = (control) => control.dataset.base ?? "";

/** Reports whether a person is using the control. */
export function busy(control) {
  return control === document.activeElement || control.value !== base(control);
}

function editor(row, p) {
  const control = row.querySelector(".row-edit [data-control]");
  if (!control || control.type === "password" || base(control) === field(p)) return;
  if (row.querySelector(".row-edit").open && busy(control)) offer(row, control, p);
  else take(row, field(p), raw(p));
}

// offer says what came in while a person uses the control.
function offer(row, control, p) {
  const offered = row.querySelector("[data-device-says]");
  offered.querySelector("[data-says]").textContent = p.now ?? p.text;
  offered.dataset.value = field(p);
  offered.dataset.raw = raw(p);
  offered.hidden = offered.dataset.value === control.value;
}

/** Puts a value into the editor, as the one it started from; pinned is the same as it is kept. */
export function take(row, value, pinned) {
  const control = row.querySelector(".row-edit [data-control]");
  put(control, value);
  control.dataset.base = value;
  const slider = row.querySelector("[data-slider]");
  if (slider) slider.value = value;
  const pin = row.querySelector('.row-edit [name="ifValue"]');
  if (pin && pinned !== undefined) pin.value = pinned;
  row.querySelector("[data-device-says]").hidden = true;
}

/** Puts the value that the device says now into the editor. */
export function takeOffered(row) {
  const offered = row.querySelector("[data-device-says]");
  take(row, offered.dataset.value, offered.dataset.raw);
}

/** Puts a value into a control, also one that a list does not offer. */
export function put(control, value) {
  control.value = value;
  if (control.localName === "select" && control.value !== value) {
    control.add(new Option(value, value), 0);
    control.value = value;
  }
}

/** Closes an editor and forgets what was typed. */
export function revert(row) {
  const control = row.querySelector(".row-edit [data-control]");
  if (row.querySelector("[data-device-says]").hidden) take(row, base(control));
  else takeOffered(row);
  control.removeAttribute("aria-invalid");
  row.querySelector(".row-edit .field-error")?.remove();
  const details = row.querySelector(".row-edit");
  details.open = false;
  details.querySelector("summary").focus();
}

// cellOf finds the cell that a write is about, by its column or its write
// parameter.
function cellOf(w) {
  const line = document.querySelector(`tr[data-key="${CSS.escape(w.row)}"]:has([data-column="${w.parameter}"], [data-post="${w.parameter}"])`);
  return line?.querySelector(`[data-column="${w.parameter}"], [data-post="${w.parameter}"]`);
}

/** Draws the receipt of a write below its row. */
export function receipt(w) {
  const row = w.row !== undefined ? cellOf(w) : rowOf(w.parameter) ?? document.querySelector(`[data-post="${w.parameter}"]`);
  const place = row?.querySelector("[data-receipt]");
  if (!place) return;
  const took = Date.parse(w.at) - (begun.get(w.id) ?? Infinity);
  if (!begun.has(w.id)) begun.set(w.id, Date.parse(w.at));
  const list = document.createElement("ol");
  for (const { word, kind } of w.steps) list.append(made("li", kind, word));
  place.replaceChildren(list, made("span", "receipt-by", w.timed && took > 0 ? `${span(took)}, ${w.by}` : w.by));
  if (w.detail) place.append(made("span", "receipt-detail", w.detail));
  place.hidden = false;
  place.dataset.write = w.id;
  if (w.failed) {
    const dismiss = made("button", "text-button", "Dismiss");
    dismiss.type = "button";
    dismiss.dataset.dismiss = "";
    place.append(dismiss);
  } else if (w.done) {
    setTimeout(() => {
      if (place.dataset.write === w.id && !place.querySelector(".failed")) place.hidden = true;
    }, FADE);
  }
}

function made(name, className, text) {
  const node = document.createElement(name);
  node.className = className ?? "";
  node.textContent = text;
  return node;
}

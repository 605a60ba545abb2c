// Parameter rows: values move in their read cells; a control that a person is
// using is never touched.

import { setTime, tick, span } from "./clock.js";
import { visible } from "./marks.js";
import { fit, linkIn } from "./texts.js";

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

const raw = (p) => (p.value === null || p.masked ? "" : String(p.value));

function words(p, none) {
  if (!p.initialized) return none ?? "not set yet";
  if (p.display === "" && !p.masked && raw(p) === "") return "empty";
  return p.display;
}

function draw(row, seq, p) {
  if (!row || Number(row.dataset.seq) >= seq) return;
  row.dataset.seq = seq;
  const cell = row.querySelector("[data-p]");
  if (cell) {
    const value = cell.querySelector("[data-value]");
    const text = visible(words(p, value.dataset.none));
    if (value.textContent !== text) {
      value.textContent = text;
      const odd = value.classList.toggle("moved-a"); // the other name starts the fade anew
      value.classList.toggle("moved-b", !odd);
    }
    cell.toggleAttribute("data-unset", !p.initialized);
    cell.toggleAttribute("data-empty", p.initialized && p.display === "");
    cell.toggleAttribute("data-stale", p.stale);
    const unit = cell.querySelector("[data-unit]");
    unit.textContent = visible(p.units ?? "");
    unit.hidden = !p.initialized || !p.units;
    fit(row, p);
    const note = cell.querySelector("[data-stale-note]");
    note.hidden = !p.stale;
    setTime(note.querySelector("time"), p.receivedAt); // a cell tells no age
    const meter = cell.querySelector("[data-meter]");
    if (meter) meter.value = Number(p.value);
    const buttons = [...row.querySelectorAll("[aria-pressed]")];
    for (const b of buttons) {
      const shown = b.dataset.shown ?? p.display; // an exception is shown as something else
      b.setAttribute("aria-pressed", String(p.initialized && b.value === raw(p) && shown === p.display));
    }
    cell.toggleAttribute("data-other", p.initialized && buttons.length > 0 && buttons.every((b) => b.getAttribute("aria-pressed") !== "true"));
  }
  setTime(row.querySelector("[data-p-changed] time"), p.changedAt);
  setTime(row.querySelector("[data-p-heard] time"), p.receivedAt);
  link(row, p);
  if (p.truncated) row.dataset.cut = seq;
  else delete row.dataset.cut;
  if (p.truncated) bringWhole(row);
  else editor(row, p);
  pending(row);
  tick(row);
}

// link leads to what a text names, where a row has room for it.
function link(row, p) {
  const open = row.querySelector("[data-open]");
  if (!open) return;
  const at = linkIn(p.masked ? "" : p.display);
  open.hidden = !at;
  if (at) open.href = at;
  fit(row);
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
  else offer(row, control, text, text);
}

// base is the text that a control started from.
const base = (control) => control.dataset.base ?? "";

/** Reports whether a person is using the control. */
export function busy(control) {
  return control === document.activeElement || control.value !== base(control);
}

// typed is a value as it stands in a control; views/row.go says how.
function typed(control, p) {
  if (!control.dataset.as || p.masked) return raw(p);
  const shown = p.initialized ? p.display : "";
  return control.dataset.as === "moment" ? shown.replace(" ", "T") : shown;
}

function editor(row, p) {
  const control = row.querySelector(".row-edit [data-control]");
  if (!control || control.type === "password") return;
  const value = typed(control, p);
  if (base(control) === value) return;
  if (row.querySelector(".row-edit").open && busy(control)) offer(row, control, value, raw(p));
  else take(row, value, raw(p));
}

// offer says what came in while a person uses the control.
function offer(row, control, value, rawValue) {
  const says = row.querySelector("[data-device-says]");
  says.querySelector("[data-says]").textContent = value === "" ? "empty" : visible(value.length > 200 ? `${value.slice(0, 199)}…` : value);
  says.dataset.value = value;
  says.dataset.raw = rawValue;
  says.hidden = says.dataset.value === control.value;
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
export function takeSaid(row) {
  const says = row.querySelector("[data-device-says]");
  take(row, says.dataset.value, says.dataset.raw);
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
  else takeSaid(row);
  control.removeAttribute("aria-invalid");
  row.querySelector(".row-edit .field-error")?.remove();
  const details = row.querySelector(".row-edit");
  details.open = false;
  details.querySelector("summary").focus();
}

/** Says whether a row's value waits for the next connect. */
export function pending(row) {
  const note = row.querySelector("[data-pending]");
  if (!note) return;
  const changed = Date.parse(row.querySelector("[data-p-changed] time")?.dateTime ?? "");
  const waits = (row.dataset.nextConnect ?? "").split(" ").some((id) => {
    const far = document.querySelector(`[data-conn="${id}"]`);
    return far?.dataset.status === "open" && changed > Date.parse(far.dataset.since);
  });
  note.hidden = !waits;
}

/** After a connection moved: which values still wait for it. */
export function allPending() {
  for (const row of document.querySelectorAll("[data-next-connect]")) pending(row);
}

const reached = { accepted: 1, saved: 2, sent: 3, confirmed: 4 };

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
  const at = Date.parse(w.at);
  if (!begun.has(w.id)) begun.set(w.id, at);
  const steps = ["requested"];
  const n = reached[w.status] ?? 0;
  if (n >= 2 && place.hasAttribute("data-saves")) steps.push("saved");
  if (n >= 3) steps.push("sent");
  if (n >= 4) steps.push("confirmed");
  const list = document.createElement("ol");
  for (const s of steps) list.append(item(s));
  if (w.status === "failed") list.append(item("failed", "failed"));
  const by = document.createElement("span");
  by.textContent = visible(`by ${w.by}`);
  if (n >= 4 && at > begun.get(w.id)) by.textContent = visible(`${span(at - begun.get(w.id))}, by ${w.by}`);
  place.replaceChildren(list, by);
  if (w.detail) {
    const detail = document.createElement("span");
    detail.className = "receipt-detail";
    detail.textContent = visible(w.detail);
    place.append(detail);
  }
  place.hidden = false;
  place.dataset.write = w.id;
  if (w.status === "failed") {
    const done = document.createElement("button");
    done.type = "button";
    done.className = "text-button";
    done.textContent = "Dismiss";
    done.dataset.dismiss = "";
    place.append(done);
  } else if ((w.status === "saved" && !w.detail) || w.status === "confirmed") {
    setTimeout(() => {
      if (place.dataset.write === w.id && !place.querySelector(".failed")) place.hidden = true;
    }, FADE);
  }
}

function item(word, className = "") {
  const li = document.createElement("li");
  li.textContent = word;
  li.className = className;
  return li;
}

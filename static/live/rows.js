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

/** A new snapshot of all parameters: what was drawn before counts no more. */
export function snapshot(parameters, seq) {
  for (const row of document.querySelectorAll("[data-row]")) {
    row.dataset.seq = "-1";
  }
  newest.clear();
  for (const p of parameters) parameter(p, seq);
}

const raw = (p) => (p.value === null || p.masked ? "" : String(p.value));

function words(p) {
  if (!p.initialized) return "not set yet";
  if (p.display === "" && !p.masked && raw(p) === "") return "empty";
  return p.display;
}

function draw(row, seq, p) {
  if (!row || Number(row.dataset.seq) >= seq) return;
  row.dataset.seq = seq;
  const cell = row.querySelector("[data-p]");
  if (cell) {
    const value = cell.querySelector("[data-value]");
    const text = words(p);
    if (value.textContent !== text) {
      value.textContent = text;
      const odd = value.classList.toggle("moved-a"); // the other name starts the fade anew
      value.classList.toggle("moved-b", !odd);
    }
    cell.toggleAttribute("data-unset", !p.initialized);
    cell.toggleAttribute("data-empty", p.initialized && p.display === "");
    cell.toggleAttribute("data-stale", p.stale);
    fit(row, p);
    const note = cell.querySelector("[data-stale-note]");
    note.hidden = !p.stale;
    setTime(note.querySelector("time"), p.receivedAt); // a cell tells no age
    const meter = cell.querySelector("[data-meter]");
    if (meter) meter.value = Number(p.value);
    for (const b of row.querySelectorAll("[aria-pressed]")) {
      b.setAttribute("aria-pressed", String(p.initialized && b.value === raw(p)));
    }
  }
  setTime(row.querySelector("[data-p-changed] time"), p.changedAt);
  setTime(row.querySelector("[data-p-heard] time"), p.receivedAt);
  if (p.truncated) row.dataset.cut = seq;
  else delete row.dataset.cut;
  if (p.truncated) bringWhole(row);
  else editor(row, raw(p));
  pending(row);
  tick(row);
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
  if (control.value === base(control)) take(row, text);
  else editor(row, text);
}

// base is the text that a control started from.
const base = (control) => control.dataset.base ?? "";

/** Reports whether a person is using the control. */
export function busy(control) {
  return control === document.activeElement || control.value !== base(control);
}

function editor(row, value) {
  const control = row.querySelector(".row-edit [data-control]");
  if (!control || control.type === "password" || base(control) === value) return;
  const says = row.querySelector("[data-device-says]");
  if (row.querySelector(".row-edit").open && busy(control)) {
    says.querySelector("[data-says]").textContent = value === "" ? "empty" : value.length > 200 ? `${value.slice(0, 199)}…` : value;
    says.dataset.value = value;
    says.hidden = says.dataset.value === control.value;
    return;
  }
  take(row, value);
}

/** Puts a value into the editor, as the one it started from. */
export function take(row, value) {
  const control = row.querySelector(".row-edit [data-control]");
  control.value = value;
  control.dataset.base = value;
  const pin = row.querySelector('.row-edit [name="ifValue"]');
  if (pin) pin.value = value;
  row.querySelector("[data-device-says]").hidden = true;
}

/** Closes an editor and forgets what was typed. */
export function revert(row) {
  const control = row.querySelector(".row-edit [data-control]");
  const says = row.querySelector("[data-device-says]");
  take(row, says.hidden ? base(control) : says.dataset.value);
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
  by.textContent = `by ${w.by}`;
  if (n >= 4 && at > begun.get(w.id)) by.textContent = `${span(at - begun.get(w.id))}, by ${w.by}`;
  place.replaceChildren(list, by);
  if (w.detail) {
    const detail = document.createElement("span");
    detail.className = "receipt-detail";
    detail.textContent = w.detail;
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
  } else if (w.status === "saved" || w.status === "confirmed") {
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

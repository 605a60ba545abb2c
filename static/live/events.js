// The event list, newest first. New lines are put into the page's own template.
// While somebody reads further down they wait, counted.

import { tick, setTime } from "./clock.js";
import { paint } from "./json.js";

const QUEUE = 500; // lines that wait while somebody reads

let waiting = []; // oldest first
let unseen = 0;
let newest = -1; // seq of the newest event that the page holds
let epoch = document.body.dataset.epoch; // of the numbers of the events
let query = ""; // what the list is searched for, in small letters
const replaced = new Set(); // lines that a waiting event takes the place of

const list = () => document.getElementById("event-list");

function node(e) {
  const li = document.getElementById("event-template").content.firstElementChild.cloneNode(true);
  li.dataset.event = e.seq;
  li.dataset.line = place(e);
  li.dataset.group = e.group;
  li.classList.toggle("bad", e.bad ?? false);
  setTime(li.querySelector("time"), e.at);
  const times = li.querySelector("[data-times]");
  times.hidden = !e.times;
  times.querySelector("[data-count]").textContent = e.times ?? "";
  setTime(times.querySelector("time"), e.since);
  li.querySelector("[data-kind]").textContent = e.word;
  li.querySelector("[data-text]").textContent = e.text;
  arrow(li.querySelector("[data-arrow]"), e.arrow);
  if (e.full) unfold(li, e);
  else flatten(li);
  tick(li);
  match(li);
  return li;
}

function arrow(at, icon) {
  const use = at.querySelector("use");
  if (icon) use.setAttribute("href", `${use.getAttribute("href").split("#")[0]}#${icon}`);
  else at.replaceChildren();
}

function unfold(li, e) {
  li.querySelector("[data-full]").textContent = e.full;
  const note = li.querySelector("[data-note]");
  if (!e.note) {
    note.remove();
    return;
  }
  note.querySelector("[data-note-text]").textContent = e.note;
  const link = note.querySelector("[data-download]");
  link.hidden = !e.whole;
  link.textContent = `Download ${e.whole ?? ""}`;
  link.href = `${list().dataset.messages}${e.seq}?epoch=${encodeURIComponent(epoch)}`;
}

// flatten leaves the words of a line that says everything.
function flatten(li) {
  const plain = document.createElement("div");
  plain.className = "event-plain";
  plain.append(...li.querySelector("summary").childNodes);
  li.replaceChildren(plain);
}

// match hides a line that is not what the list is searched for.
function match(li) {
  li.toggleAttribute("data-unfound", query !== "" && !li.textContent.toLowerCase().includes(query));
}

function find(text) {
  query = text.trim().toLowerCase();
  for (const li of list().children) match(li);
  tellFound();
}

function tellFound() {
  const n = list().querySelectorAll(".event:not([data-unfound])").length;
  document.querySelector("[data-found]").textContent = query === "" ? "" : `${n} of ${list().children.length}`;
}

// place is the number of a line; events that are folded into one share it.
const place = (e) => e.line ?? e.seq;

const reading = (ol) => ol.scrollTop > 4 || ol.querySelector("details[open]") !== null;

/** Takes new events, oldest first. */
export function add(events, missed, of) {
  const ol = list();
  if (!ol) return;
  epoch = of;
  for (const e of events) {
    if (e.seq <= newest) continue; // a snapshot brought it already
    newest = e.seq;
    if (!fold(ol, e.line)) unseen += 1;
    waiting.push(e);
  }
  if (waiting.length > QUEUE) waiting = waiting.slice(-QUEUE);
  if (missed) tellMissed(missed);
  if (reading(ol)) {
    announceNew();
  } else {
    flush();
  }
}

// fold makes room for an event that takes the place of older ones of its line:
// it is news, so it stands where news do. False when none of them is here.
function fold(ol, line) {
  const queued = line ? waiting.findIndex((w) => place(w) === line) : -1;
  if (queued >= 0) {
    waiting.splice(queued, 1);
  } else if (line && ol.querySelector(`[data-line="${line}"]`)) {
    replaced.add(line);
  } else {
    return false;
  }
  return true;
}

let lost = 0;

function tellMissed(n) {
  lost += n;
  const note = document.querySelector("[data-missed]");
  note.hidden = false;
  note.textContent = `${lost} ${lost === 1 ? "event is" : "events are"} missing from this list: this page was disconnected or too slow.`;
}

function announceNew() {
  const button = document.querySelector("[data-follow]");
  button.hidden = unseen === 0;
  button.querySelector("[data-new-count]").textContent = unseen;
}

function flush() {
  const ol = list();
  for (const line of replaced) ol.querySelector(`[data-line="${line}"]`)?.remove();
  replaced.clear();
  ol.prepend(...waiting.map(node).reverse());
  waiting = [];
  unseen = 0;
  while (ol.children.length > Number(ol.dataset.limit)) ol.lastElementChild.remove();
  document.querySelector("[data-no-events]").hidden = ol.children.length > 0;
  tellFound();
  announceNew();
}

/** Puts a snapshot in the place of the list. */
export function replace(events, of) {
  const ol = list();
  if (!ol) return;
  epoch = of;
  newest = events.at(-1)?.seq ?? -1;
  ol.replaceChildren();
  waiting = events;
  flush();
}

/** Follow mode: at the top new lines appear, further down they are counted. */
export function follow() {
  const ol = list();
  if (!ol) return;
  newest = Number(ol.firstElementChild?.dataset.event ?? -1);
  ol.addEventListener("scroll", () => !reading(ol) && waiting.length && flush(), { passive: true });
  ol.addEventListener("toggle", (e) => {
    const pre = e.target.open && e.target.querySelector("[data-full]");
    if (pre) paint(pre, pre.textContent, e.target.querySelector("[data-note]") !== null);
    if (!reading(ol) && waiting.length) flush();
  }, true);
  document.querySelector("[data-find]").addEventListener("input", (e) => find(e.target.value));
  document.querySelector("[data-follow]").addEventListener("click", () => {
    for (const d of ol.querySelectorAll("details[open]")) d.open = false;
    ol.scrollTop = 0;
    flush();
    ol.focus();
  });
}

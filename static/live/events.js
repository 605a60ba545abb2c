// The event list, newest first. New lines are drawn from the page's own
// template, with the words of views/events.go. While somebody reads further
// down they wait, counted.

import { tick, setTime } from "./clock.js";
import { paint } from "./json.js";
import { visible } from "./marks.js";
import { isLong, shownPart, size } from "./texts.js";

const QUEUE = 500; // lines that wait while somebody reads
const COPIES = 20; // how many events the copy of a set may be after the set

let waiting = []; // oldest first
let unseen = 0;
let newest = -1; // seq of the newest event that the page holds
let epoch = document.body.dataset.epoch; // of the numbers of the events
let recent = []; // the last events of values, oldest first
let wanted = ""; // what the list is searched for, in small letters
const replaced = new Set(); // lines that a waiting event takes the place of

const list = () => document.getElementById("event-list");

function label(id) {
  return document.querySelector(`#labels option[value="${id}"]`)?.label || `Parameter ${id}`;
}

const oneLine = (s) => {
  const flat = s.trim().replace(/\s+/g, " ");
  return flat.length > 160 ? `${flat.slice(0, 159)}…` : flat;
};

const joined = (sep, ...parts) => parts.filter(Boolean).join(sep);

function message(e, word, arrow) {
  const cut = e.truncated ? { note: shownPart(e.size), whole: e.size } : {};
  if (e.opcode === "binary") {
    return { group: "message", word, arrow, text: `binary, ${e.size} bytes`, full: dump(e.base64 ?? ""), ...cut };
  }
  const full = e.text ?? "";
  const text = oneLine(full);
  return { group: "message", word, arrow, text, full: full === text && text.length < 80 && !/^[[{]/.test(text) ? "" : full, ...cut };
}

function dump(base64) {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  let out = "";
  for (let at = 0; at < bytes.length; at += 16) {
    const part = [...bytes.slice(at, at + 16)];
    const hex = part.map((b) => b.toString(16).padStart(2, "0")).join(" ");
    const text = part.map((b) => (b < 32 || b > 126 ? "." : String.fromCharCode(b))).join("");
    out += `${at.toString(16).padStart(4, "0")}  ${hex.padEnd(47)}  ${text}\n`;
  }
  return out;
}

function closed(e) {
  if (e.message) return e.message;
  const who = e.by === "device" ? "The device closed the connection" : "Closed by us";
  return joined(": ", `${who} (${e.code})`, e.reason);
}

// said are the first words of a refusal's body, its markup taken out.
function said(body) {
  const words = [...(body ?? "").replace(/<[^>]*>/g, " ").trim().replace(/\s+/g, " ")];
  if (!words.length) return "";
  return `It said: ${words.length > 80 ? `${words.slice(0, 79).join("")}…` : words.join("")}`;
}

/** What the line of an event shows. */
export function lineOf(e) {
  const l = { group: "connection", word: e.kind, at: e.at, times: 1, text: "", full: "", arrow: "", bad: false };
  switch (e.kind) {
    case "message-in":
      return { ...l, ...message(e, "received", "in") };
    case "message-out":
      return { ...l, ...message(e, "sent", "out") };
    case "connecting":
      return { ...l, text: e.attempt > 1 ? `attempt ${e.attempt}: ${e.url}` : e.url };
    case "open":
      return { ...l, text: joined(", ", e.url, e.subprotocol, e.extensions) };
    case "refused":
      return { ...l, bad: true, at: e.lastAt, times: e.count, text: joined(" ", e.message, said(e.body)), full: e.body ?? "" };
    case "closed":
      return { ...l, bad: e.by === "device" && e.code !== 1000, text: closed(e) };
    case "parameter": {
      const who = e.by === "logic" ? "the connector" : e.by;
      const by = who && who !== "device" ? `, by ${who}` : "";
      const text = `${label(e.parameter)} = ${oneLine(e.display) || "empty"}${by}`;
      const full = isLong(e.display) ? e.display : "";
      return { ...l, group: "value", word: "value", text, full, note: e.truncated ? shownPart(e.size) : "" };
    }
    case "write": {
      const text = joined(": ", `${label(e.parameter)}, ${e.status}, by ${e.by}`, e.detail);
      return { ...l, group: "value", bad: e.status === "failed", text };
    }
    case "state":
      return { ...l, text: joined(", by ", e.state, e.by) };
    case "version": {
      const back = e.back ? ", with the values kept with it" : "";
      return { ...l, text: joined(", by ", `${e.from} → ${e.to}${back}`, e.by) };
    }
    default:
      return { ...l, group: "log", word: e.level ?? e.kind, text: e.message ?? "", bad: e.level === "error" };
  }
}

function node(e) {
  const l = lineOf(e);
  const li = document.getElementById("event-template").content.firstElementChild.cloneNode(true);
  li.dataset.event = e.seq;
  li.dataset.line = standsFor(e);
  li.dataset.group = l.group;
  li.classList.toggle("bad", l.bad);
  setTime(li.querySelector("time"), l.at);
  const times = li.querySelector("[data-times]");
  times.hidden = l.times < 2;
  times.querySelector("[data-count]").textContent = l.times;
  setTime(times.querySelector("time"), e.at);
  li.querySelector("[data-kind]").textContent = l.word;
  li.querySelector("[data-text]").textContent = visible(e.kind === "parameter" || l.bad ? l.text : oneLine(l.text));
  const use = li.querySelector("[data-arrow] use");
  if (l.arrow) {
    const href = use.getAttribute("href").split("#")[0];
    use.setAttribute("href", `${href}#${l.arrow === "in" ? "arrow-down-left" : "arrow-up-right"}`);
  } else {
    li.querySelector("[data-arrow]").replaceChildren();
  }
  if (l.full) {
    li.querySelector("[data-full]").textContent = visible(l.full);
    const note = li.querySelector("[data-note]");
    if (l.note) {
      note.querySelector("[data-note-text]").textContent = l.note;
      const link = note.querySelector("[data-download]");
      link.hidden = !l.whole;
      link.textContent = `Download ${size(l.whole ?? 0)}`;
      link.href = `${list().dataset.messages}${e.seq}?epoch=${encodeURIComponent(epoch)}`;
    } else {
      note.remove();
    }
  } else {
    const plain = document.createElement("div");
    plain.className = "event-plain";
    plain.append(...li.querySelector("summary").childNodes);
    li.replaceChildren(plain);
  }
  tick(li);
  match(li);
  return li;
}

// match hides a line that is not what the list is searched for.
function match(li) {
  li.toggleAttribute("data-unfound", wanted !== "" && !li.textContent.toLowerCase().includes(wanted));
}

function find(text) {
  wanted = text.trim().toLowerCase();
  for (const li of list().children) match(li);
  tellFound();
}

function tellFound() {
  const n = list().querySelectorAll(".event:not([data-unfound])").length;
  document.querySelector("[data-found]").textContent = wanted === "" ? "" : `${n} of ${list().children.length}`;
}

// forgetCopied takes a write parameter's new value off the list when its read
// twin takes the same one right after it, from the same hand.
function forgetCopied(e) {
  const write = Number(document.querySelector(`#labels option[value="${e.parameter}"]`)?.dataset.write);
  const set = recent.findLast((r) => r.parameter === write && r.by === e.by && r.display === e.display && e.seq - r.seq <= COPIES);
  if (set) {
    const at = waiting.indexOf(set);
    if (at >= 0) {
      waiting.splice(at, 1);
      unseen -= 1;
    }
    list().querySelector(`[data-event="${set.seq}"]`)?.remove();
  }
  recent = [...recent.slice(-COPIES), e];
}

const standsFor = (e) => e.line ?? e.seq;

const reading = (ol) => ol.scrollTop > 4 || ol.querySelector("details[open]") !== null;

/** Takes new events, oldest first. */
export function add(events, missed, of) {
  const ol = list();
  if (!ol) return;
  epoch = of;
  for (const e of events) {
    if (e.seq <= newest) continue; // a snapshot brought it already
    newest = e.seq;
    if (e.kind === "parameter") forgetCopied(e);
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
  const queued = line ? waiting.findIndex((w) => standsFor(w) === line) : -1;
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
  note.textContent = `${lost} ${lost === 1 ? "event is" : "events are"} not in this list: this page was away or too slow.`;
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
  recent = [];
  waiting = [];
  for (const e of events) {
    if (e.kind === "parameter") forgetCopied(e);
    waiting.push(e);
  }
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

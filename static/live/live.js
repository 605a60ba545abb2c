// Keeps a page alive: one socket, small patches, ages that tick. Every page
// works without this file; with it, it moves.

import { setServerTime, tick } from "./clock.js";
import { keep } from "./socket.js";
import * as line from "./line.js";
import * as rows from "./rows.js";
import * as tables from "./tables.js";
import * as events from "./events.js";
import * as forms from "./forms.js";
import * as texts from "./texts.js";
import * as conditional from "./conditional.js";
import * as numbers from "./numbers.js";
import { script } from "./scripts.js";
import { faults } from "./faults.js";

const page = document.body.dataset;
const topics = new Map();
let queue = []; // news that waits for the next frame
let spoken = 0;
let stranger = false; // news told of an element that no list on the page has

// say announces a change of a connection to screen readers, politely and not
// more than every two seconds.
function say(text) {
  if (Date.now() - spoken < 2000) return;
  spoken = Date.now();
  document.getElementById("announce").textContent = text;
}

function patch(stream, p) {
  if (p.parameter) {
    rows.parameter(p.parameter, p.seq);
    conditional.changed(p.parameter.id);
  } else if (p.row) {
    tables.row(p.row, p.seq);
  } else if (p.rowRemoved) {
    tables.removed(p.rowRemoved);
  } else if (p.script) {
    script(p.script);
  } else if (p.write) {
    rows.receipt(p.write);
  } else if (p.element) {
    if (p.element.page) {
      line.element(p.element, say).forEach(conditional.connected);
      forms.setFrozen(p.element.page.frozen ?? false);
    }
    if (!line.listed(p.element) && stream === "fleet") stranger = true;
  } else if (p.removed) {
    for (const place of document.querySelectorAll(`[data-el="${CSS.escape(p.removed)}"]`)) place.remove();
  }
}

function patches(m) {
  for (const p of m.patches ?? []) patch(m.stream, p);
  if (m.stream === "fleet") line.count();
  if (!stranger) return Promise.resolve();
  stranger = false;
  return redrawFleet();
}

function frame() {
  const batch = queue;
  queue = [];
  for (const m of batch) {
    patches(m);
    if (m.events || m.missed) events.add(m.events ?? [], m.missed ?? 0, m.cursor.epoch);
  }
}

function news(m) {
  if (queue.push(m) === 1) requestAnimationFrame(frame);
}

// snapshot takes the state of a stream anew, in place: scroll and open
// editors stay.
async function snapshot(stream) {
  const answer = await fetch(`${page.socket}/${encodeURIComponent(stream)}`, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${answer.status}`);
  const m = await answer.json();
  if (stream === "fleet") {
    const ids = new Set((m.patches ?? []).map((p) => p.element.id));
    for (const place of document.querySelectorAll("[data-el]")) {
      if (!ids.has(place.dataset.el)) place.remove();
    }
    await patches(m);
    return;
  }
  rows.startAnew();
  await patches(m);
  tables.refresh();
  conditional.refresh();
  events.replace(m.events ?? [], m.cursor.epoch);
  const topic = topics.get(stream);
  if (topic) topic.cursor = m.cursor;
}

// again takes a snapshot, and tries until it has one.
function again(stream) {
  snapshot(stream).catch(() => setTimeout(again, 2000, stream));
}

// redrawFleet takes the lists of elements as the server draws them: an
// element that the page does not know has no row to patch.
async function redrawFleet() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const list of document.querySelectorAll("[data-fleet]")) {
    const other = fresh.querySelector(`[data-fleet="${list.dataset.fleet}"]`);
    if (other) list.replaceChildren(...document.adoptNode(other).childNodes);
  }
  if (document.querySelector(".teach") && fresh.querySelector('[data-fleet="table"]')) location.reload();
  tick();
}

function state(name, detail) {
  const before = document.documentElement.dataset.hop1State;
  line.near(name, detail);
  if (before === name) return;
  forms.setWritable(name !== "lost");
  if (name === "lost") say("The server cannot be reached. Values are the last ones received.");
  if (name === "live" && before === "lost") say("Connected to the server again.");
}

function gone(m) {
  if (m.stream !== page.stream) return;
  forms.setWritable(false);
  forms.notice("This element was deleted. What stands here is what was last known of it.");
}

// frameHeight tells a portal how tall the framed page is; it knows the portal
// by the referrer only and says nothing to strangers.
function frameHeight() {
  if (window.parent === window || !document.referrer) return;
  const origin = new URL(document.referrer).origin;
  const tell = (message) => window.parent.postMessage(message, origin);
  tell({ type: "fieldline:ready" });
  const main = document.getElementById("main");
  new ResizeObserver(() => tell({ type: "fieldline:height", px: Math.ceil(main.offsetHeight) })).observe(main);
}

setServerTime(page.now);
if (page.stream) {
  topics.set(page.stream, { cursor: { epoch: page.epoch, seq: Number(page.seq) }, events: true });
}
if (page.fleetEpoch) {
  topics.set("fleet", { cursor: { epoch: page.fleetEpoch, seq: Number(page.fleetSeq) }, events: false });
}
forms.wire();
texts.wire();
numbers.wire();
conditional.wire(forms.ready);
tables.wire(forms.ready);
events.follow();
tick();
setInterval(tick, 1000, document);
if (document.body.classList.contains("embedded")) frameHeight();
if (topics.size) {
  const url = new URL(page.socket, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  keep(url.href, topics, {
    welcome: (m) => setServerTime(m.now),
    news,
    reset: (m) => again(m.stream),
    gone,
    faults,
    state,
    poll: async () => {
      await Promise.all([...topics.keys()].map(snapshot));
      return true;
    },
  });
}

// The two hops and the states of elements. What the far one says comes from
// the server (package present); here it is put in place.

import { setTime, tick, span, clock } from "./clock.js";
import { counted } from "./count.js";

const tell = (node, text) => {
  node.textContent = text ?? "";
  node.hidden = !text;
};

// connection draws one connection and reports whether it opened or is not open
// any more.
function connection(c, say) {
  const far = document.querySelector(`[data-conn="${c.id}"]`);
  if (!far) return false;
  const was = far.dataset.status;
  const part = (name) => far.querySelector(`[data-part="${name}"]`);
  const moment = (name, at) => {
    setTime(part(name).querySelector("time"), at);
    part(name).hidden = !at;
  };
  if (was !== c.status && far.dataset.shape !== c.shape) {
    say(`Device: ${c.word}${c.cause ? `. ${c.cause}` : ""}`);
  }
  far.dataset.shape = c.shape;
  far.dataset.status = c.status;
  far.querySelector("[data-word]").textContent = c.word;
  far.querySelector("[data-url]").textContent = c.address;
  far.querySelector("[data-url]").title = c.url;
  moment("since", c.since);
  moment("message", c.message);
  moment("next", c.next);
  far.querySelector("[data-attempt]").textContent = c.attempt ?? 0;
  part("attempt").hidden = !c.attempt;
  part("last").hidden = !c.last;
  tell(part("cause"), c.cause);
  tell(part("insecure"), c.weakened);
  tell(part("note"), c.note);
  tell(far.querySelector("[data-slow]"), c.slow);
  part("slow").hidden = !c.slow;
  if (c.reconnect) far.querySelector("[data-reconnect-word]").textContent = c.reconnect;
  part("reconnect").hidden = !c.reconnect;
  tick(far);
  return (was === "open") !== (c.status === "open");
}

/** Draws the element that the page shows; returns the connections that opened or are not open any more. */
export function element(e, say) {
  const page = document.querySelector("[data-el-page]");
  if (page?.dataset.elPage !== e.id) return [];
  const { state, banner, faults, connections } = e.page;
  page.dataset.state = state;
  page.querySelector("h1").textContent = e.name;
  for (const form of page.querySelectorAll("[data-when]")) {
    form.hidden = !form.dataset.when.split(" ").includes(state);
  }
  for (const b of page.querySelectorAll("[data-faulty]")) tell(b, faults);
  for (const b of page.querySelectorAll("[data-banner]")) b.hidden = b.dataset.banner !== banner;
  return (connections ?? []).filter((c) => connection(c, say)).map((c) => c.id);
}

/** Draws an element in the rail and in the overview; false when it is not there. */
export function listed(e) {
  const places = document.querySelectorAll(`[data-el="${CSS.escape(e.id)}"]`);
  for (const place of places) {
    const find = (name) => place.querySelector(`[data-el-${name}]`);
    find("name").textContent = e.name;
    find("mark").dataset.shape = e.shape;
    find("word").textContent = e.word;
    if (find("line") && e.row) row(place, find, e.row);
  }
  return places.length > 0;
}

function row(place, find, r) {
  place.toggleAttribute("data-attention", r.attention ?? false);
  place.toggleAttribute("data-faulty", r.faulty ?? false);
  find("line").dataset.shape = r.shape;
  find("cause").textContent = r.cause ?? "";
  tell(find("others"), r.others);
  tell(find("slow"), r.slow);
  tell(find("note"), r.note);
  find("tries").hidden = !r.attempt;
  find("attempt").textContent = r.attempt ?? 0;
  find("next").hidden = !r.next;
  setTime(find("next").querySelector("time"), r.next);
  find("last").hidden = !r.last;
  find("address").textContent = r.address;
  setTime(find("age"), r.heard);
  find("never").hidden = Boolean(r.heard);
  tick(place);
}

/** Counts the overview's rows for the sentence above them. */
export function count() {
  const [all, attention] = document.querySelector("[data-fleet-count]")?.children ?? [];
  if (!all) return;
  counted(all, document.querySelectorAll('[data-fleet="table"] [data-el]').length);
  counted(attention, document.querySelectorAll('[data-fleet="table"] [data-attention]').length);
}

/** Draws the first hop: "live", "lost", "polling" or "paused". */
export function near(name, detail) {
  const shape = { live: "open", lost: "lost", polling: "open", paused: "asof" }[name];
  const word = { live: "Live", lost: "Server unreachable", polling: "Asking every few seconds", paused: "Asleep" }[name];
  let more = "";
  if (name === "live" && detail.rtt !== undefined) more = `· ${span(Math.max(detail.rtt, 50))}`;
  if (name === "lost") more = `since ${clock(detail.at)}`;
  if (name === "polling") more = "· no socket gets through";
  document.documentElement.dataset.hop1State = name;
  const hop = document.querySelector("[data-hop1]");
  if (hop) {
    hop.dataset.shape = shape;
    hop.querySelector("[data-hop1-word]").textContent = word;
    if (more || name !== "live") hop.querySelector("[data-hop1-detail]").textContent = more;
  }
  for (const bar of document.querySelectorAll("[data-hop-word]")) {
    bar.textContent = name === "live" ? "" : `${word} ${more}`;
    bar.dataset.shape = shape;
  }
  for (const note of document.querySelectorAll("[data-lost]")) {
    note.hidden = name !== "lost";
  }
}

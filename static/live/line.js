// The two hops and the states of elements. The words are those of
// views/words.go; they are to be changed in both.

import { setTime, tick, span, clock } from "./clock.js";
import { visible } from "./marks.js";

/** What of an element does not do what it is for, in a row. */
const faultWords = (e) => (e.faults ?? []).map((f) => f.message).join(" ");

/** The shape of a connection and the words under it. */
export function hopOf(c, state) {
  switch (c.status) {
    case "open":
      return { shape: "open", word: "Open", since: true, message: heard(c) };
    case "connecting":
      return {
        shape: "trying",
        word: "Connecting",
        attempt: c.attempt > 0,
        cause: Boolean(c.lastCause),
        last: Boolean(c.lastCause),
      };
    case "closing":
      return { shape: "trying", word: "Closing" };
    case "waiting":
      return {
        shape: "trying",
        word: "Not connected",
        attempt: c.attempt > 0,
        next: Boolean(c.nextTry),
        cause: Boolean(c.lastCause),
        last: Boolean(c.lastCause),
      };
    default:
      if (state === "stopped") return { shape: "off", word: "Stopped" };
      if (c.type === "http" && !c.lastCause && !c.lastMessageAt) return { shape: "off", word: "Not asked yet" };
      return { shape: "down", word: "Closed", since: Boolean(c.since), cause: Boolean(c.lastCause) };
  }
}

// Whether the open connection has had a message: the last one may be of the
// connection before it. An HTTP connection opens with an answer.
function heard(c) {
  if (!c.lastMessageAt) return false;
  return c.type === "http" || Date.parse(c.lastMessageAt) >= Date.parse(c.since);
}

/** Whether Reconnect does something: what is polled over HTTP has a wait to end, or nothing. */
function reconnectable(c) {
  return c.type !== "http" || c.status === "waiting" || (c.status === "closed" && c.attempt > 0);
}

/** What is sent in slow poll; "" when all is. */
function slowWords(c, state) {
  if (!c.slowPollMs || state !== "active") return "";
  if (c.type !== "http" && c.status !== "open") return "slow poll until it answers";
  return `slow poll: pings every ${c.slowPollMs / 1000} s until it answers`;
}

/** The state of an element as a word and a shape. */
export function stateOf(e) {
  if (e.state === "stopped") return ["Stopped", "off"];
  if (e.state === "paused") return ["Paused", "paused"];
  if (e.timeout) return ["Timeout", "timeout"];
  const shapes = (e.connections ?? []).map((c) => hopOf(c, e.state).shape);
  if (shapes.includes("down")) return ["Disconnected", "down"];
  if (shapes.includes("trying")) return ["Connecting", "trying"];
  return ["Active", "open"];
}

function address(url) {
  const rest = url.includes("://") ? url.slice(url.indexOf("://") + 3) : url;
  return rest.split(/[/?]/)[0] || "no address";
}

/** Draws one connection of the element that the page shows. */
export function connection(c, say) {
  const far = document.querySelector(`[data-conn="${c.id}"]`);
  if (!far) return;
  const state = document.querySelector("[data-el-page]").dataset.state;
  const h = hopOf(c, state);
  const part = (name) => far.querySelector(`[data-part="${name}"]`);
  if (far.dataset.status !== c.status && far.dataset.shape !== h.shape) {
    say(`Device: ${h.word}${h.cause && c.lastCause ? `. ${c.lastCause.message}` : ""}`);
  }
  far.dataset.shape = h.shape;
  far.dataset.status = c.status;
  far.dataset.since = c.since || "";
  far.querySelector("[data-word]").textContent = h.word;
  far.querySelector("[data-url]").textContent = visible(address(c.url));
  far.querySelector("[data-url]").title = visible(c.url);
  far.querySelector("[data-attempt]").textContent = c.attempt;
  far.querySelector("[data-reconnect-word]").textContent = c.status === "waiting" ? "Reconnect now" : "Reconnect";
  part("reconnect").hidden = !reconnectable(c);
  setTime(part("since").querySelector("time"), c.since);
  setTime(part("message").querySelector("time"), c.lastMessageAt);
  setTime(part("next").querySelector("time"), c.nextTry);
  for (const name of ["since", "message", "attempt", "next", "last", "cause"]) {
    part(name).hidden = !h[name];
  }
  part("insecure").hidden = !c.weakened;
  part("insecure").textContent = `· ${(c.weakened ?? []).join(" · ")}`;
  const slow = slowWords(c, state);
  part("slow").hidden = !slow;
  part("slow").querySelector("[data-slow]").textContent = slow;
  part("cause").textContent = visible(c.lastCause?.message ?? "");
  part("note").textContent = visible(c.note ?? "");
  part("note").hidden = !c.note;
  tick(far);
}

/** Draws the state of the element that the page shows. */
export function element(e, say) {
  const page = document.querySelector("[data-el-page]");
  if (!page || page.dataset.elPage !== e.id) return;
  page.dataset.state = e.state;
  page.querySelector("h1").textContent = visible(e.name);
  for (const form of page.querySelectorAll("[data-when]")) {
    form.hidden = !form.dataset.when.split(" ").includes(e.state);
  }
  for (const b of page.querySelectorAll("[data-faulty]")) {
    b.textContent = visible(faultWords(e));
    b.hidden = !b.textContent;
  }
  const banner = e.state === "active" ? (e.timeout ? "timeout" : "") : e.state;
  for (const b of page.querySelectorAll("[data-banner]")) {
    b.hidden = b.dataset.banner !== banner;
  }
  for (const c of e.connections ?? []) connection(c, say);
}

// worst is the connection whose line a row shows, and others says how the rest
// are; views/overview.templ chooses in the same way.
function worst(e) {
  const rank = (c) => ({ down: 2, trying: 1 })[hopOf(c, e.state).shape] ?? 0;
  return (e.connections ?? []).reduce((w, c) => {
    const [a, b] = [rank(c), rank(w)];
    return a > b || (a === b && c.attempt > w.attempt) ? c : w;
  }, e.connections?.[0]);
}

function others(e, shown) {
  const rest = (e.connections ?? []).filter((c) => c.id !== shown.id);
  if (!rest.length || e.state === "stopped") return "";
  const closed = rest.filter((c) => c.status !== "open").length;
  return `${rest.length} ${rest.length === 1 ? "other" : "others"}${closed ? `, ${closed} not open` : " open"}`;
}

/** Draws an element in the rail and in the overview; false when it is not there. */
export function listed(e) {
  const places = document.querySelectorAll(`[data-el="${CSS.escape(e.id)}"]`);
  const [word, shape] = stateOf(e);
  const c = worst(e);
  for (const place of places) {
    const find = (name) => place.querySelector(`[data-el-${name}]`);
    find("name").textContent = visible(e.name);
    find("mark").dataset.shape = shape;
    find("word").textContent = word;
    if (!find("line") || !c) continue;
    const h = hopOf(c, e.state);
    find("line").dataset.shape = h.shape;
    find("cause").textContent = visible(h.cause ? c.lastCause.message : "");
    find("others").textContent = others(e, c);
    find("others").hidden = !find("others").textContent;
    find("slow").textContent = (e.connections ?? []).map((x) => slowWords(x, e.state)).find(Boolean) ?? "";
    find("slow").hidden = !find("slow").textContent;
    find("note").textContent = visible(faultWords(e) || ((e.connections ?? []).map((x) => x.note).find(Boolean) ?? ""));
    place.toggleAttribute("data-faulty", Boolean(e.faults?.length));
    find("note").hidden = !find("note").textContent;
    find("tries").hidden = !h.attempt;
    find("attempt").textContent = c.attempt;
    find("next").hidden = !h.next;
    setTime(find("next").querySelector("time"), c.nextTry);
    find("last").hidden = !h.last;
    tick(place);
    find("address").textContent = visible(address(c.url));
    setTime(find("age"), c.lastMessageAt);
    find("never").hidden = Boolean(c.lastMessageAt);
  }
  return places.length > 0;
}

/** Counts the overview's rows for the sentence above them. */
export function count() {
  const note = document.querySelector("[data-fleet-count]");
  if (!note) return;
  const rows = document.querySelectorAll('[data-fleet="table"] [data-el]');
  const bad = [...rows].filter((r) =>
    r.hasAttribute("data-faulty") || ["down", "timeout", "trying"].includes(r.querySelector("[data-el-mark]").dataset.shape),
  ).length;
  note.textContent = `${rows.length} ${rows.length === 1 ? "element" : "elements"}${bad ? `, ${bad} ${bad === 1 ? "needs" : "need"} attention` : ""}`;
}

/** Draws the first hop: "live", "lost", "polling" or "paused". */
export function near(name, detail) {
  const shape = { live: "open", lost: "lost", polling: "open", paused: "asof" }[name];
  const word = { live: "Live", lost: "Server not heard", polling: "Asking every few seconds", paused: "Asleep" }[name];
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

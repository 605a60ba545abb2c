// The server's clock and the words for moments. Ages are told by the server's
// time: a tablet's clock may be hours off.

let offset = 0; // milliseconds to add to Date.now()

/** Sets the server's time, RFC 3339. */
export function setServerTime(text) {
  const at = Date.parse(text);
  if (!Number.isNaN(at)) {
    offset = at - Date.now();
  }
}

/** The server's time now, in milliseconds. */
export function now() {
  return Date.now() + offset;
}

const two = (n) => String(n).padStart(2, "0");

/** A clock time in the browser's zone, with the date when it is another day. */
export function clock(at) {
  const d = new Date(at);
  const time = `${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`;
  const today = new Date(now()).toDateString() === d.toDateString();
  return today ? time : `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())} ${time}`;
}

/** A length of time: "0.4 s", "12 s", "4 min", "3 h 12 min", "2 d 4 h". */
export function span(ms) {
  const s = Math.max(0, ms) / 1000;
  if (s < 9.95) return `${s.toFixed(1)} s`;
  if (s < 60) return `${Math.round(s)} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min`;
  if (s < 86400) return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
  return `${Math.floor(s / 86400)} d ${Math.floor((s % 86400) / 3600)} h`;
}

/** The age of a moment: relative up to an hour, then the clock. */
export function age(at) {
  const ms = now() - at;
  if (ms < 0) return "now";
  return ms < 3_600_000 ? `${span(ms)} ago` : clock(at);
}

// What a moment is shown as, by the attribute data-show of its element.
const shows = {
  age,
  plain: (at) => clock(at),
  clock: (at) => {
    const d = new Date(at);
    return `${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}.${String(d.getMilliseconds()).padStart(3, "0")}`;
  },
  span: (at) => span(now() - at),
  until: (at) => (at - now() > 950 ? `in ${Math.round((at - now()) / 1000)} s` : "now"),
};

/** Writes all moments below root anew: <time datetime data-show>. */
export function tick(root = document) {
  for (const node of root.querySelectorAll("time[data-show]")) {
    const at = Date.parse(node.dateTime);
    const text = Number.isNaN(at) ? "" : shows[node.dataset.show](at);
    if (node.textContent !== text) {
      node.textContent = text;
    }
    if (node.dataset.titled !== node.dateTime && !Number.isNaN(at)) {
      node.dataset.titled = node.dateTime;
      node.title = new Date(at).toString();
    }
  }
}

/** Sets one moment; an empty text when it is null. */
export function setTime(node, text) {
  if (!node) return;
  node.dateTime = text || "";
  if (!text) node.textContent = "";
}

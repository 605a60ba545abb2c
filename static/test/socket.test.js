import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { keep } from "../live/socket.js";

// A page's end of the world: sockets that a test opens, feeds and closes.
let sockets = [];
let listeners = {};

class Socket {
  static OPEN = 1;
  sent = [];
  readyState = 0;
  constructor(url) {
    this.url = url;
    sockets.push(this);
  }
  send(text) {
    this.sent.push(JSON.parse(text));
  }
  close(code) {
    this.closed = code;
  }
  accept() {
    this.readyState = Socket.OPEN;
    this.onopen();
    this.say({ type: "welcome", now: "2026-11-22T14:00:00.000Z" });
  }
  say(message) {
    this.onmessage({ data: JSON.stringify(message) });
  }
  lose(code) {
    this.readyState = 3;
    this.onclose({ code });
  }
}

const listen = (type, f) => (listeners[type] = f);

beforeEach(() => {
  sockets = [];
  listeners = {};
  globalThis.WebSocket = Socket;
  globalThis.document = { visibilityState: "visible", addEventListener: listen };
  globalThis.window = { addEventListener: listen };
});

function start(t, poll = () => Promise.resolve(true)) {
  t.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  t.mock.method(performance, "now", () => t.mock.timers.passed);
  t.mock.timers.passed = 0;
  const heard = { states: [], news: [], resets: [], gone: [], faults: [], polls: 0 };
  const topics = new Map([["e1", { cursor: { epoch: "a", seq: 7 }, events: true }]]);
  keep("ws://h/live", topics, {
    welcome: () => {},
    news: (m) => heard.news.push(m),
    reset: (m) => heard.resets.push(m),
    gone: (m) => heard.gone.push(m),
    faults: (list) => heard.faults.push(list),
    state: (name) => heard.states.at(-1) !== name && heard.states.push(name),
    poll: () => {
      heard.polls += 1;
      return poll();
    },
  });
  const pass = (ms) => {
    for (let left = ms; left > 0; left -= 100) {
      t.mock.timers.passed += 100;
      t.mock.timers.tick(100);
    }
  };
  // next waits for the page to try again: soon, but nobody knows when.
  const next = () => {
    const before = sockets.length;
    for (let i = 0; i < 120 && sockets.length === before; i++) pass(100);
    assert.equal(sockets.length, before + 1);
    return sockets.at(-1);
  };
  return { heard, topics, pass, next };
}

test("a page says where it is and goes on from there", (t) => {
  const { heard, topics, next } = start(t);
  sockets[0].accept();
  assert.deepEqual(sockets[0].sent[0], { type: "hello", topics: [{ stream: "e1", cursor: { epoch: "a", seq: 7 }, events: true }] });
  sockets[0].say({ type: "news", stream: "e1", cursor: { epoch: "a", seq: 9 }, patches: [{}] });
  assert.equal(heard.news.length, 1);
  sockets[0].lose(1012);
  const again = next();
  again.accept();
  assert.deepEqual(again.sent[0].topics[0].cursor, { epoch: "a", seq: 9 });
  again.say({ type: "reset", stream: "e1", cursor: { epoch: "b", seq: 1 } });
  assert.equal(heard.resets.length, 1);
  assert.deepEqual(topics.get("e1").cursor, { epoch: "b", seq: 1 });
  again.say({ type: "gone", stream: "e1" });
  assert.equal(topics.size, 0);
});

test("a short loss is not shown, a long one is", (t) => {
  const { heard, pass } = start(t);
  sockets[0].accept();
  sockets[0].lose(1006);
  pass(1400);
  assert.deepEqual(heard.states, ["live"]);
  pass(200);
  if (sockets.length === 1) assert.deepEqual(heard.states, ["live", "lost"]);
});

test("a socket that says nothing is dead", (t) => {
  const { heard, pass } = start(t);
  sockets[0].accept();
  pass(4100);
  assert.equal(sockets[0].sent.at(-1).type, "beat");
  pass(6000);
  assert.ok(heard.states.includes("lost"));
  assert.equal(sockets[0].closed, 1000);
});

test("a page that no socket reaches asks by plain HTTP", async (t) => {
  const { heard, next } = start(t);
  sockets[0].lose(1006);
  for (let i = 0; i < 2; i++) next().lose(1006);
  await new Promise((done) => setImmediate(done));
  assert.equal(heard.polls, 1);
  assert.equal(heard.states.at(-1), "polling");
});

test("a page in the background gives its socket up and comes back", (t) => {
  const { heard, pass } = start(t);
  sockets[0].accept();
  document.visibilityState = "hidden";
  listeners.visibilitychange();
  for (let i = 0; i < 8; i++) {
    pass(4000);
    if (!sockets[0].closed) sockets[0].say({ type: "beat", at: 0 });
  }
  assert.equal(heard.states.at(-1), "paused");
  document.visibilityState = "visible";
  listeners.visibilitychange();
  assert.equal(sockets.length, 2);
});

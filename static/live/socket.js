// The page's one socket to the server: hello, beats, resume by cursor, and
// coming back after a loss. The protocol is docs/browser-socket.md.

const BEAT = 4000; // ms between beats
const SILENCE = 9000; // ms without a word after which the socket is dead
const GRACE = 1500; // ms to come back before a loss is shown
const HIDDEN = 30_000; // ms in the background before the socket is given up
const POLL_AFTER = 3; // failed tries before the page asks by plain HTTP

/**
 * Keeps a socket for the topics: a Map of stream name to {cursor, events}.
 * on.welcome(message), on.news(message), on.reset(message), on.gone(message);
 * on.faults(list) with each word of the server;
 * on.state(name, detail) with "live" {rtt}, "lost" {at}, "polling" or "paused";
 * on.poll() resolves to true when the server answered a plain request.
 */
export function keep(url, topics, on) {
  let socket = null;
  let heard = 0; // performance.now() of the last word
  let failures = 0;
  let retry = 0; // timer of the next try
  let grace = 0; // timer of the loss
  let lost = true; // not shown as live
  let leave = 0; // timer that gives the socket up in the background

  function open() {
    clearTimeout(retry);
    retry = 0;
    drop();
    heard = performance.now();
    const mine = new WebSocket(url);
    socket = mine;
    mine.onopen = () => {
      const list = [...topics].map(([stream, t]) => ({ stream, cursor: t.cursor, events: t.events }));
      mine.send(JSON.stringify({ type: "hello", topics: list }));
    };
    mine.onmessage = (e) => {
      if (mine === socket) {
        heard = performance.now();
        take(JSON.parse(e.data));
      }
    };
    mine.onclose = (e) => {
      if (mine === socket) {
        socket = null;
        again(e.code);
      }
    };
  }

  // drop forgets the socket; what it still says is not for us.
  function drop() {
    if (socket) {
      const old = socket;
      socket = null;
      old.onopen = old.onmessage = old.onclose = null;
      old.close(1000);
    }
  }

  function take(m) {
    switch (m.type) {
      case "welcome":
        failures = 0;
        clearTimeout(grace);
        grace = 0;
        lost = false;
        on.welcome(m);
        on.faults(m.faults ?? []);
        on.state("live", {});
        beat();
        break;
      case "beat":
        on.state("live", { rtt: performance.now() - m.at });
        on.faults(m.faults ?? []);
        break;
      case "news":
        topics.get(m.stream).cursor = m.cursor;
        on.news(m);
        break;
      case "reset":
        topics.get(m.stream).cursor = m.cursor;
        on.reset(m);
        break;
      case "gone":
        topics.delete(m.stream);
        on.gone(m);
        break;
    }
  }

  function beat() {
    if (socket?.readyState === WebSocket.OPEN) {
      socket.send(JSON.stringify({ type: "beat", at: performance.now() }));
    }
  }

  function again(code) {
    failures += 1;
    if (!lost && !grace) {
      const at = Date.now();
      grace = setTimeout(() => {
        grace = 0;
        lost = true;
        on.state("lost", { at });
      }, GRACE);
    }
    retry = setTimeout(open, pause(code));
    if (failures >= POLL_AFTER && document.visibilityState === "visible") {
      lost = true;
      on.poll().then(
        (ok) => !socket && on.state(ok ? "polling" : "lost", { at: Date.now() }),
        () => on.state("lost", { at: Date.now() }),
      );
    }
  }

  // Full jitter: everybody who lost the same server comes back at another time.
  function pause(code) {
    if (code === 1012 && failures < 3) return 500 + Math.random() * 1000;
    if (code === 1013) return 5000 + Math.random() * 5000;
    return 300 + Math.random() * Math.min(9700, 500 * 2 ** Math.min(failures, 5));
  }

  setInterval(beat, BEAT);
  setInterval(() => {
    if (socket && performance.now() - heard > SILENCE) {
      lost = true;
      on.state("lost", { at: Date.now() - SILENCE });
      drop();
      again(0);
    }
  }, 1000);

  document.addEventListener("visibilitychange", () => {
    clearTimeout(leave);
    if (document.visibilityState === "hidden") {
      leave = setTimeout(() => {
        clearTimeout(retry);
        clearTimeout(grace);
        grace = 0;
        lost = true;
        drop();
        on.state("paused", { at: Date.now() });
      }, HIDDEN);
    } else if (!socket || performance.now() - heard > BEAT + 1000) {
      failures = 0; // a socket that slept is not to be trusted: open anew
      open();
    }
  });
  window.addEventListener("online", () => {
    failures = 0;
    open();
  });
  window.addEventListener("pagehide", drop);
  window.addEventListener("pageshow", (e) => e.persisted && open());
  open();
}

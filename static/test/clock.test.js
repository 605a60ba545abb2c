import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { age, clock, now, setServerTime, setTime, span, tick } from "../live/clock.js";

// The server is held to the same table (views/present/age_test.go).
const ages = JSON.parse(readFileSync(new URL("../../views/present/testdata/ages.json", import.meta.url)));

test("ages are told as the server tells them", (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: Date.parse("2026-11-22T14:00:00Z") });
  for (const c of ages) {
    assert.equal(span(c.ms), c.span);
    if (c.age) assert.equal(age(now() - c.ms), c.age);
  }
});

test("the server's clock counts, not the tablet's", (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: Date.parse("2026-11-22T09:00:00Z") });
  setServerTime("2026-11-22T14:00:00.000Z");
  assert.equal(now(), Date.parse("2026-11-22T14:00:00Z"));
  setServerTime("no time");
  assert.equal(now(), Date.parse("2026-11-22T14:00:00Z"));
  assert.match(clock(now()), /^\d\d:\d\d:\d\d$/);
  assert.match(clock(now() - 3 * 86_400_000), /^2026-11-19 \d\d:\d\d:\d\d$/);
  setServerTime(new Date().toISOString());
});

test("moments tick, and an empty one is empty", () => {
  const node = { dateTime: "", dataset: { show: "age" }, textContent: "?", title: "" };
  const root = { querySelectorAll: () => [node] };
  setTime(node, new Date(now() - 12_000).toISOString());
  tick(root);
  assert.equal(node.textContent, "12 s ago");
  setTime(node, undefined);
  tick(root);
  assert.equal(node.textContent, "");
  setTime(null, "2026-11-22T14:00:00.000Z"); // a place that the page does not have
});

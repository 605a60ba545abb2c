import assert from "node:assert/strict";
import { test } from "node:test";

import { coloured, tokensOf } from "../live/json.js";

const kinds = (text, cut = false) => tokensOf(text, cut)?.filter((t) => t.kind !== "blank").map((t) => `${t.kind} ${t.text}`);

test("the parts of JSON are told apart and stay as they came", () => {
  const text = '{\n  "a": [\n    1.50,\n    "b: c"\n  ],\n  "d": null\n}';
  assert.deepEqual(kinds(text), ["mark {", 'key "a"', "mark :", "mark [", "number 1.50", "mark ,", 'string "b: c"', "mark ]", "mark ,", 'key "d"', "mark :", "word null", "mark }"]);
  assert.equal(coloured(tokensOf(text)).map((p) => p.text).join(""), text);
});

test("what is no JSON has no parts", () => {
  for (const text of ["hello", "[1] and more", '{"a":}', "<a/>", '{"a":1', ""]) assert.equal(tokensOf(text, false), null, text);
});

test("JSON that was cut may end anywhere", () => {
  assert.deepEqual(kinds('{"a": tr', true), ["mark {", 'key "a"', "mark :", "word tr"]);
  assert.deepEqual(kinds('["abc', true), ["mark [", 'string "abc']);
  assert.equal(tokensOf("[what is this", true), null);
});

test("many small parts get few colours", () => {
  const text = `[${"0,".repeat(20_000)}0]`;
  const pieces = coloured(tokensOf(text));
  assert.ok(pieces.filter((p) => p.kind).length <= 128 + text.length / 16);
  assert.equal(pieces.map((p) => p.text).join(""), text);
});

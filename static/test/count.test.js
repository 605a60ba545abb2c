import assert from "node:assert/strict";
import { test } from "node:test";

import { counted } from "../live/count.js";

test("things are counted in the server's words", () => {
  const node = { dataset: { none: "no rows", one: "1 row", many: "# rows" }, textContent: "" };
  for (const [n, words] of [[0, "no rows"], [1, "1 row"], [12, "12 rows"]]) {
    counted(node, n);
    assert.equal(node.textContent, words);
  }
});

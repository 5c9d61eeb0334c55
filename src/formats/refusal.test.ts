import assert from "node:assert/strict";
import { test } from "node:test";
import { renderPlainRefusal } from "./refusal.ts";

test("a refusal of unknown traffic is JSON with code and decision id", () => {
  const { headers, body } = renderPlainRefusal({
    status: 403,
    code: "unrecognised",
    message: 'Not "known".',
    decisionId: "0193",
  });
  assert.deepEqual(headers, [{ name: "content-type", value: "application/json" }]);
  assert.deepEqual(JSON.parse(body.toString()), {
    error: { code: "unrecognised", message: 'Not "known". (decision 0193)' },
  });
});

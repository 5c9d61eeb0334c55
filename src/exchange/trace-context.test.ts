import assert from "node:assert/strict";
import { test } from "node:test";
import { parseTraceparent } from "./trace-context.ts";

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const spanId = "00f067aa0ba902b7";

test("the ids and the flag of a traceparent are read", () => {
  const context = { traceId, spanId, isSampled: true };
  assert.deepEqual(parseTraceparent(`00-${traceId}-${spanId}-01`), context);
  assert.deepEqual(parseTraceparent(`00-${traceId}-${spanId}-03`), context);
  assert.equal(parseTraceparent(`00-${traceId}-${spanId}-00`)?.isSampled, false);
  assert.deepEqual(parseTraceparent(`01-${traceId}-${spanId}-01-more`), context, "a later version");
});

test("anything else is no trace", () => {
  const others = [
    undefined,
    "",
    `00-${traceId}-${spanId}`,
    `00-${traceId}-${spanId}-01-more`,
    `ff-${traceId}-${spanId}-01`,
    `00-${"0".repeat(32)}-${spanId}-01`,
    `00-${traceId}-${"0".repeat(16)}-01`,
    `00-${traceId.toUpperCase()}-${spanId}-01`,
  ];
  for (const header of others) assert.equal(parseTraceparent(header), undefined, header);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { Fault } from "../base/index.ts";
import { toOpening } from "./opening.ts";
import type { AcceptedBodyModes } from "./options.ts";

const accepted: AcceptedBodyModes = {
  request: ["BUFFERED"],
  response: ["FULL_DUPLEX_STREAMED", "STREAMED"],
};
const plain = { protocolConfig: undefined, isObservability: false };

test("the first accepted modes stand in where the proxy announces none", () => {
  const opening = toOpening(plain, accepted, undefined);
  assert.equal(opening.requestBodyMode, "BUFFERED");
  assert.equal(opening.responseBodyMode, "FULL_DUPLEX_STREAMED");
});

test("announced modes are in force when they are accepted", () => {
  const protocolConfig = { requestBodyMode: 2, responseBodyMode: 1 };
  const opening = toOpening({ ...plain, protocolConfig }, accepted, "00-trace");
  assert.equal(opening.responseBodyMode, "STREAMED");
  assert.equal(opening.traceparent, "00-trace");
});

for (const [name, protocolConfig, message] of [
  [
    "NONE, which is not written on the wire",
    { responseBodyMode: 4 },
    "expected request body mode BUFFERED, found NONE",
  ],
  [
    "another than those configured",
    { requestBodyMode: 2, responseBodyMode: 3 },
    "expected response body mode FULL_DUPLEX_STREAMED or STREAMED, found BUFFERED_PARTIAL",
  ],
  [
    "one this server does not know",
    { requestBodyMode: 5, responseBodyMode: 4 },
    "expected request body mode BUFFERED, found 5",
  ],
] as const) {
  test(`an announced mode is not served: ${name}`, () => {
    assert.throws(
      () => toOpening({ ...plain, protocolConfig }, accepted, undefined),
      (error) =>
        error instanceof Fault &&
        error.code === "body_mode_not_accepted" &&
        error.message === message,
    );
  });
}

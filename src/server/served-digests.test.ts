import assert from "node:assert/strict";
import { test } from "node:test";
import { ServedDigests } from "./served-digests.ts";

const serving = (platform: string, acme?: string) => [
  { id: "platform", digest: platform },
  ...(acme === undefined ? [] : [{ id: "acme", digest: acme }]),
];

test("a layer that is what it was before has gone back, each for itself", () => {
  const served = new ServedDigests();
  assert.equal(served.serve(serving("a", "x")), 0);
  assert.equal(served.serve(serving("a", "x")), 0, "nothing changed");
  assert.equal(served.serve(serving("b", "y")), 0);
  assert.equal(served.serve(serving("a", "y")), 1);
  assert.equal(served.serve(serving("b", "x")), 2, "forth again, and back");
});

test("a layer that was gone begins anew", () => {
  const served = new ServedDigests();
  served.serve(serving("a", "x"));
  served.serve(serving("a"));
  assert.equal(served.serve(serving("a", "x")), 0);
});

test("versions that are long gone are forgotten", () => {
  const served = new ServedDigests();
  for (let version = 0; version < 100; version += 1) served.serve(serving(String(version)));
  assert.equal(served.serve(serving("0")), 0);
  assert.equal(served.serve(serving("90")), 1);
});

import assert from "node:assert/strict";
import { randomFillSync } from "node:crypto";
import { test } from "node:test";
import { createUuidV7 } from "./uuid.ts";

const form = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test("an id has version 7, the RFC variant and the millisecond it was made in", () => {
  const millis = Date.parse("2026-11-21T08:00:00Z");
  const id = createUuidV7(() => millis * 1000 + 999, randomFillSync)();
  assert.match(id, form);
  assert.equal(id.slice(0, 13).replace("-", ""), millis.toString(16).padStart(12, "0"));
});

test("all random bits set or none still give a valid id", () => {
  for (const fill of [0x00, 0xff]) {
    const create = createUuidV7(
      () => 0,
      (bytes) => bytes.fill(fill),
    );
    assert.match(create(), form);
  }
});

test("ids strictly increase within a millisecond, beyond the counter and across pools", () => {
  const create = createUuidV7(() => 1_000_000, randomFillSync);
  let last = "";
  for (let count = 0; count < 20_000; count += 1) {
    const id = create();
    assert.match(id, form);
    assert.ok(id > last, `${id} after ${last}`);
    last = id;
  }
});

test("ids strictly increase when the clock goes back", () => {
  let now = 5_000_000;
  const create = createUuidV7(() => now, randomFillSync);
  const before = create();
  now = 1_000_000;
  const after = create();
  assert.ok(after > before);
});

test("two creators over the same millisecond do not meet", () => {
  const first = createUuidV7(() => 0, randomFillSync);
  const second = createUuidV7(() => 0, randomFillSync);
  const ids = new Set<string>();
  for (let count = 0; count < 2000; count += 1) ids.add(first()).add(second());
  assert.equal(ids.size, 4000);
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MemoryFindingsCache } from "./memory-findings-cache.ts";

const kibibyte = 1024;

/** Keeps findings under as many keys. */
function fill(cache: MemoryFindingsCache, tenant: string, entries: number): void {
  for (let number = 0; number < entries; number += 1)
    cache.keep(tenant, `${number}`, [0, 99, 1, 2]);
}

/** Of so many keys those that are still there. */
function left(cache: MemoryFindingsCache, tenant: string, entries: number): readonly number[] {
  return Array.from({ length: entries }, (_, number) => number).filter(
    (number) => cache.get(tenant, `${number}`) !== undefined,
  );
}

describe("findings in memory", () => {
  it("are there for the tenant they were kept for, and for no other", () => {
    const cache = new MemoryFindingsCache({
      bytesMax: 100 * kibibyte,
      tenantBytesMax: 50 * kibibyte,
    });
    cache.keep("acme", "key", [1, 2, 3, 4]);
    assert.deepEqual(cache.get("acme", "key"), [1, 2, 3, 4]);
    assert.equal(cache.get("globex", "key"), undefined);
    assert.equal(cache.usage.hits, 1);
    assert.equal(cache.usage.misses, 1);
  });

  it("of one tenant have an end, which takes nothing from another", () => {
    const cache = new MemoryFindingsCache({
      bytesMax: 100 * kibibyte,
      tenantBytesMax: 50 * kibibyte,
    });
    fill(cache, "globex", 10);
    fill(cache, "acme", 1_000);
    const kept = left(cache, "acme", 1_000);
    assert.ok(kept.length > 100 && kept.length < 250);
    assert.equal(kept.at(-1), 999);
    assert.equal(left(cache, "globex", 10).length, 10);
    assert.ok(cache.usage.bytes <= 100 * kibibyte);
  });

  it("of all tenants together have an end, at which the one that asked longest ago loses all", () => {
    const cache = new MemoryFindingsCache({
      bytesMax: 100 * kibibyte,
      tenantBytesMax: 50 * kibibyte,
    });
    fill(cache, "a", 100);
    fill(cache, "b", 100);
    assert.equal(left(cache, "a", 100).length, 100);
    fill(cache, "c", 1_000);
    assert.deepEqual(left(cache, "b", 100), []);
    assert.equal(left(cache, "a", 100).length, 100);
    assert.ok(cache.usage.bytes <= 100 * kibibyte);
  });

  it("that are too large for their place are not kept", () => {
    const cache = new MemoryFindingsCache({
      bytesMax: 100 * kibibyte,
      tenantBytesMax: 50 * kibibyte,
    });
    cache.keep(
      "acme",
      "key",
      Array.from({ length: 10_000 }, () => 1),
    );
    assert.equal(cache.get("acme", "key"), undefined);
    assert.ok(cache.usage.bytes < 5 * kibibyte);
  });
});

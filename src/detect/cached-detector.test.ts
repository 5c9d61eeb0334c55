import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, it } from "node:test";
import { cachedUnitsMin, createCachedDetector, knownText } from "./cached-detector.ts";
import type { Detector } from "./detector.ts";
import type { FindingsCache, PackedFindings } from "./findings-cache.ts";
import { createRuleDetector } from "./index.ts";
import { createTextKey } from "./text-key.ts";

const rules = createRuleDetector();

/** Keeps everything, and shows what it was given. */
class OpenCache implements FindingsCache {
  readonly kept = new Map<string, PackedFindings>();

  get(tenant: string, key: string): PackedFindings | undefined {
    return this.kept.get(`${tenant} ${key}`);
  }

  keep(tenant: string, key: string, findings: PackedFindings): void {
    this.kept.set(`${tenant} ${key}`, findings);
  }
}

/** A cached detector, and the texts that it scanned. */
function setStage({ cache = new OpenCache(), digestKey = randomBytes(32), version = "1" } = {}) {
  const scanned: string[] = [];
  const detector: Detector = {
    scan(text) {
      scanned.push(text);
      return rules.scan(text);
    },
    open: () => rules.open(),
  };
  const keyOf = createTextKey(digestKey, "");
  const { scan } = createCachedDetector(detector, { cache, version });
  const cached = {
    scan: (text: string, tenant: string | undefined) => scan(knownText(text, tenant, keyOf)),
  };
  return { cache, cached, scanned };
}

const prose = "The committee met twice and put off the decision until all figures are complete. ";
const values = "Write to jane.roe@example.org, and pay with 4111 1111 1111 1111. ";
const long = (text: string) => text + prose.repeat(3);

describe("a cached detector", () => {
  it("scans only the last turn of a conversation that it knows", () => {
    const { cached, scanned } = setStage();
    const turns = Array.from({ length: 16 }, (_, turn) => `Turn ${turn}. ${prose.repeat(26)}`);
    assert.ok(turns.join("").length > 32 * 1024);
    for (const turn of turns) cached.scan(turn, "acme");
    assert.equal(scanned.length, 16);
    scanned.length = 0;
    const next = long("And then? ");
    for (const turn of [...turns, next]) cached.scan(turn, "acme");
    assert.deepEqual(scanned, [next]);
  });

  it("finds again just what the detector finds, in objects of its own", () => {
    const { cached } = setStage();
    for (const text of [long(values), long(values + values), long(prose)]) {
      const found = rules.scan(text);
      assert.deepEqual(cached.scan(text, "acme"), found);
      const again = cached.scan(text, "acme");
      assert.deepEqual(again, found);
      again.forEach((finding, index) => {
        assert.notEqual(finding, cached.scan(text, "acme")[index]);
      });
    }
  });

  it("answers no tenant with what another one asked, and keeps nothing of nobody's", () => {
    const { cache, cached, scanned } = setStage();
    const text = long(values);
    cached.scan(text, "acme");
    cached.scan(text, "globex");
    cached.scan(text, undefined);
    cached.scan(text, undefined);
    assert.equal(scanned.length, 4);
    assert.equal(cache.kept.size, 2);
  });

  it("scans anew under another version and another key", () => {
    const cache = new OpenCache();
    const digestKey = randomBytes(32);
    const text = long(values);
    const stages = [
      setStage({ cache, digestKey }),
      setStage({ cache, digestKey, version: "2" }),
      setStage({ cache }),
    ];
    for (const { cached } of stages) cached.scan(text, "acme");
    assert.deepEqual(
      stages.map(({ scanned }) => scanned.length),
      [1, 1, 1],
    );
  });

  it("keeps numbers and digests, and nothing of a text", () => {
    const { cache, cached } = setStage();
    cached.scan(long(values), "acme");
    for (const [key, findings] of cache.kept) {
      assert.match(key, /^acme [A-Za-z0-9+/]{43}= [A-Za-z0-9_-]{16}$/);
      assert.ok(findings.length > 0 && findings.every(Number.isInteger));
    }
  });

  it("does not ask for short texts", () => {
    const { cache, cached } = setStage();
    cached.scan("x".repeat(cachedUnitsMin - 1), "acme");
    assert.equal(cache.kept.size, 0);
    cached.scan("x".repeat(cachedUnitsMin), "acme");
    assert.equal(cache.kept.size, 1);
  });

  it("does not take halves of characters for each other", () => {
    const { cache, cached, scanned } = setStage();
    for (const half of ["\ud800", "\ud801", "\udc00"]) cached.scan(long(half), "acme");
    assert.equal(scanned.length, 3);
    assert.equal(cache.kept.size, 0);
  });

  it("keeps nothing of a scan that fails", () => {
    const cache = new OpenCache();
    const failing: Detector = {
      scan() {
        throw new Error("expected");
      },
      open: () => rules.open(),
    };
    const cached = createCachedDetector(failing, { cache, version: "1" });
    const known = { text: long(values), tenant: "acme", key: "key" };
    assert.throws(() => cached.scan(known), /expected/);
    assert.equal(cache.kept.size, 0);
  });
});

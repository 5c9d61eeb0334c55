import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Cleanup } from "../../test/support/chancery-process.ts";
import { eventually } from "../../test/support/governed-envoy.ts";
import { type RedisServer, startRedis } from "../../test/support/redis-server.ts";
import type { Timers } from "../base/index.ts";
import {
  type Charge,
  type QuotaStore,
  StoreUnavailable,
  type StoreWindow,
} from "../quota/index.ts";
import { MemoryQuotaStore, openRedisQuotaStore, type RedisQuotaStore } from "./index.ts";

const hourMs = 3_600_000;
const timers: Timers = {
  after: (milliseconds, run) => {
    const timeout = setTimeout(run, milliseconds);
    return { cancel: () => clearTimeout(timeout), restart: () => timeout.refresh() };
  },
};

const fixed: StoreWindow = { kind: "fixed", endMs: Date.now() + hourMs };
const windows: Readonly<Record<string, StoreWindow>> = {
  fixed,
  sliding: { kind: "sliding", slotMs: hourMs / 60 },
  gcra: { kind: "gcra", periodMicros: hourMs * 1000, burst: 100 },
};

let keyNumber = 0;

function charge(window: StoreWindow, amount: number, changes: Partial<Charge> = {}): Charge {
  return { key: `k${keyNumber}`, amount, limit: 100, window, isSoft: false, ...changes };
}

const call = () => ({ tenant: "t", nowMs: Date.now() });

let redis: RedisServer;
const endings: (() => unknown)[] = [];
/** Ends with all tests of this file. */
const suite: Cleanup = { after: (end) => void endings.push(end as () => unknown) };

async function openStore(
  t: Cleanup,
  deadlineMs = 1000,
): Promise<{ store: RedisQuotaStore; told: string[] }> {
  const told: string[] = [];
  const store = await openRedisQuotaStore({
    url: redis.url,
    password: redis.password,
    deadlineMs,
    timers,
    observer: { connected: () => told.push("connected"), lost: () => told.push("lost") },
  });
  t.after(() => store.close());
  return { store, told };
}

before(async () => {
  redis = await startRedis(suite);
});

after(async () => {
  for (const end of endings.toReversed()) await end();
});

const stores: Readonly<Record<string, () => Promise<QuotaStore>>> = {
  "in memory": async () => new MemoryQuotaStore(),
  "in Redis": async () => (await openStore(suite)).store,
};

for (const [name, open] of Object.entries(stores)) {
  describe(`a store ${name}`, () => {
    let store: QuotaStore;
    before(async () => {
      store = await open();
    });

    for (const [kind, window] of Object.entries(windows)) {
      test(`counts ${kind} budgets up to their limit and takes back what is corrected`, async () => {
        keyNumber += 1;
        const first = await store.reserve([charge(window, 60)], call());
        assert.equal(first.isTaken, true);
        const second = await store.reserve([charge(window, 50)], call());
        assert.equal(second.isTaken, false);
        assert.equal(second.results[0]?.isWithin, false);
        assert.ok((second.results[0]?.retryAfterMs ?? 0) > 0);
        const slot = first.results[0]?.slot ?? 0;
        await store.correct([{ ...charge(window, -20), slot }], call());
        assert.equal((await store.reserve([charge(window, 59)], call())).isTaken, true);
        assert.equal((await store.reserve([charge(window, 10)], call())).isTaken, false);
        await store.correct([{ ...charge(window, 10), slot }], call());
        assert.equal((await store.reserve([charge(window, 5)], call())).isTaken, false);
      });
    }

    test("counts all charges of a call or none", async () => {
      keyNumber += 1;
      const own = charge(fixed, 60);
      const spent = charge(fixed, 200, { key: `spent${keyNumber}` });
      const both = await store.reserve([own, spent], call());
      assert.equal(both.isTaken, false);
      assert.deepEqual(
        both.results.map(({ isWithin }) => isWithin),
        [true, false],
      );
      assert.equal((await store.reserve([charge(fixed, 100)], call())).isTaken, true);
    });

    test("counts a soft charge over its limit, which stops no other", async () => {
      keyNumber += 1;
      const soft = charge(fixed, 300, { key: `soft${keyNumber}`, isSoft: true });
      const taken = await store.reserve([charge(fixed, 100), soft], call());
      assert.equal(taken.isTaken, true);
      assert.equal(taken.results[1]?.isWithin, false);
      const again = await store.reserve([{ ...soft, amount: 0 }], call());
      assert.equal(again.results[0]?.isWithin, false);
    });

    test("keeps tenants apart though their keys are alike", async () => {
      keyNumber += 1;
      await store.reserve([charge(fixed, 100)], call());
      const other = await store.reserve([charge(fixed, 100)], { ...call(), tenant: "u" });
      assert.equal(other.isTaken, true);
    });

    test("never hands out more than there is, however many ask at once", async () => {
      keyNumber += 1;
      const taken = await Promise.all(
        Array.from({ length: 500 }, () => store.reserve([charge(fixed, 1)], call())),
      );
      assert.equal(taken.filter(({ isTaken }) => isTaken).length, 100);
    });
  });
}

describe("a store in Redis", () => {
  test("asks once for each reservation, whatever the number of quotas", async (t) => {
    const { store } = await openStore(t);
    await store.reserve([charge(fixed, 0)], call());
    const before = await redis.callsOf("evalsha");
    const many = Array.from({ length: 8 }, (_, index) => charge(fixed, 1, { key: `m${index}` }));
    await store.reserve(many, call());
    assert.equal((await redis.callsOf("evalsha")) - before, 1);
  });

  test("has taught a server its scripts before it asks, one that was restarted as well", async (t) => {
    const { store } = await openStore(t);
    await redis.stop();
    await redis.start();
    keyNumber += 1;
    await eventually(() =>
      store.reserve([charge(fixed, 1)], call()).then(
        ({ isTaken }) => isTaken || undefined,
        () => undefined,
      ),
    );
    assert.equal(await redis.callsOf("eval"), 0);
  });

  test("sends its script again where the server has forgotten it", async (t) => {
    const { store } = await openStore(t);
    await redis.flushScripts();
    keyNumber += 1;
    assert.equal((await store.reserve([charge(fixed, 1)], call())).isTaken, true);
  });

  test("names its keys under one prefix with the tenant in braces, each with an end", async (t) => {
    const { store } = await openStore(t);
    keyNumber += 1;
    await store.reserve([charge(fixed, 1)], call());
    const keys = await redis.keys();
    assert.ok(keys.length > 0);
    for (const { leftMs, name } of keys) {
      assert.match(name, /^chancery:quota:\{[tu]\}:/);
      assert.ok(leftMs > 0, name);
    }
  });

  test("shares budgets with others: 2 stores, 400 calls, a budget of 100", async (t) => {
    const { store } = await openStore(t);
    const { store: other } = await openStore(t);
    keyNumber += 1;
    const taken = await Promise.all(
      Array.from({ length: 400 }, (_, index) =>
        (index % 2 === 0 ? store : other).reserve([charge(fixed, 1)], call()),
      ),
    );
    assert.equal(taken.filter(({ isTaken }) => isTaken).length, 100);
  });

  test("undoes a reservation that came after its deadline", async (t) => {
    const { store } = await openStore(t, 50);
    const { store: patient } = await openStore(t, 10_000);
    keyNumber += 1;
    redis.pause();
    const late = store.reserve([charge(fixed, 100)], call());
    await assert.rejects(async () => late, StoreUnavailable);
    redis.resume();
    await eventually(async () => {
      const { isTaken } = await patient.reserve([charge(fixed, 100)], call());
      return isTaken || undefined;
    });
  });

  test("is unavailable while the server is gone, and comes back by itself", async (t) => {
    const { store, told } = await openStore(t);
    keyNumber += 1;
    await redis.stop();
    await assert.rejects(async () => store.reserve([charge(fixed, 1)], call()), StoreUnavailable);
    await redis.start();
    await eventually(() =>
      store.reserve([charge(fixed, 1)], call()).then(
        ({ isTaken }) => isTaken || undefined,
        () => undefined,
      ),
    );
    assert.deepEqual(told, ["connected", "lost", "connected"]);
  });

  test("opens without a server, and is unavailable", async (t) => {
    const told: string[] = [];
    const store = await openRedisQuotaStore({
      url: "redis://127.0.0.1:1",
      password: undefined,
      deadlineMs: 200,
      timers,
      observer: { connected: () => told.push("connected"), lost: () => told.push("lost") },
    });
    t.after(() => store.close());
    await assert.rejects(async () => store.reserve([charge(fixed, 1)], call()), StoreUnavailable);
    assert.deepEqual(told, ["lost"]);
  });
});

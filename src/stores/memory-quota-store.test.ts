import assert from "node:assert/strict";
import { test } from "node:test";
import { type Charge, StoreUnavailable, type StoreWindow } from "../quota/index.ts";
import { countersPerTenantMax, MemoryQuotaStore } from "./memory-quota-store.ts";

const nowMs = Date.UTC(2026, 2, 2, 10);
const window: StoreWindow = { kind: "fixed", endMs: nowMs + 1000 };
const charge = (key: string, of: StoreWindow = window): Charge => ({
  key,
  amount: 1,
  limit: 1,
  window: of,
  isSoft: false,
});

test("one tenant's counters have an end, which no other tenant feels, and come free with time", () => {
  const store = new MemoryQuotaStore();
  const call = { tenant: "t", nowMs };
  for (let count = 0; count < countersPerTenantMax; count++)
    store.reserve([charge(`${count}`)], call);
  assert.throws(() => store.reserve([charge("more")], call), StoreUnavailable);
  assert.equal(store.reserve([charge("more")], { ...call, tenant: "u" }).isTaken, true);
  // What is counted already is still found.
  assert.equal(store.reserve([charge("1")], call).isTaken, false);
  const later: StoreWindow = { kind: "fixed", endMs: nowMs + 5000 };
  const after = { tenant: "t", nowMs: nowMs + 1000 };
  assert.equal(store.reserve([charge("later", later)], after).isTaken, true);
});

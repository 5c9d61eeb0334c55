import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { ringOf } from "../../test/support/bundles.ts";
import type { BundleLedger } from "../bundle/index.ts";
import { createBundleLedgerStore, datedRefusals, renderBundles } from "./bundle-ledger.ts";

const accepted = {
  namespace: "acme",
  place: "https://policies.example/acme",
  digest: `sha256:${"a".repeat(64)}`,
  sequence: 7,
  version: "1.0.0",
  createdAt: "2026-03-01T00:00:00Z",
  expiresAt: "2026-06-01T00:00:00Z",
  signers: ["acme-2026"],
  acceptedAtMs: Date.parse("2026-03-02T10:00:00Z"),
};
const ledger: BundleLedger = { trust: "sha256:t", accepted: new Map([["acme", accepted]]) };
const problem = {
  code: "B01" as const,
  severity: "error" as const,
  file: "globex",
  line: 0,
  column: 0,
  message: "no key",
  hint: "Sign it.",
};

async function makeFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "chancery-ledger-"));
  t.after(() => rm(folder, { recursive: true }));
  return folder;
}

test("what was accepted and refused is there after a restart, for its owner only", async (t) => {
  const folder = await makeFolder(t);
  const store = createBundleLedgerStore(folder);
  assert.equal(await store.load(), undefined);
  const kept = {
    ledger: { ...ledger, ring: ringOf("root") },
    refusals: datedRefusals([problem], [], 1000),
  };
  await store.save(kept);
  assert.deepEqual(await createBundleLedgerStore(folder).load(), kept);
  const { mode } = await stat(join(folder, "snapshots/bundles.json"));
  assert.equal(mode & 0o777, 0o600);
});

test("a damaged ledger is not taken for none, since old bundles could come back then", async (t) => {
  const folder = await makeFolder(t);
  const store = createBundleLedgerStore(folder);
  await store.save({ ledger, refusals: [] });
  const path = join(folder, "snapshots/bundles.json");
  const text = await readFile(path, "utf8");
  for (const damaged of [text.replace('"sequence":7', '"sequence":1'), text.slice(0, -9), ""]) {
    await writeFile(path, damaged);
    await assert.rejects(store.load(), /is damaged/);
  }
});

test("a refusal keeps the time since when it is one", () => {
  const first = datedRefusals([problem], [], 1000);
  const other = { ...problem, file: "mirror" };
  assert.deepEqual(
    datedRefusals([problem, other], first, 2000).map(({ sinceMs }) => sinceMs),
    [1000, 2000],
  );
  assert.deepEqual(renderBundles({ ledger, refusals: first }), {
    active: [
      {
        namespace: "acme",
        place: "https://policies.example/acme",
        digest: accepted.digest,
        sequence: 7,
        version: "1.0.0",
        createdAt: "2026-03-01T00:00:00Z",
        expiresAt: "2026-06-01T00:00:00Z",
        signers: ["acme-2026"],
        activeSince: "2026-03-02T10:00:00.000Z",
      },
    ],
    refused: [
      {
        code: "B01",
        file: "globex",
        message: "no key",
        hint: "Sign it.",
        since: "1970-01-01T00:00:01.000Z",
      },
    ],
  });
});

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { drafts } from "../../test/support/bundle-world.ts";
import { archiveOf, type BundleDraft, ringOf } from "../../test/support/bundles.ts";
import { prepareHere } from "../../test/support/prepare-here.ts";
import type { PolicyFile } from "../policy/index.ts";
import { type BundleSource, SourceError } from "../sources/index.ts";
import { BundleFeed, type BundleFeedOptions } from "./bundle-feed.ts";
import { createBundleLedgerStore } from "./bundle-ledger.ts";

const dayMs = 86_400_000;
/** One for all: a bundle that is asked for again is the same. */
const bornMs = Date.now();

/** A source whose bundle a test changes as it goes. */
class Shelf implements BundleSource {
  readonly place: string;
  bundle: BundleDraft | undefined;

  constructor(bundle: BundleDraft) {
    this.place = bundle.namespace;
    this.bundle = bundle;
  }

  poll(): Promise<Uint8Array> {
    if (this.bundle === undefined) return Promise.reject(new SourceError("it is down", "Wait."));
    const expiresAtMs = this.bundle.expiresAtMs ?? bornMs + 30 * dayMs;
    const archive = archiveOf({ ...this.bundle, createdAtMs: bornMs - dayMs, expiresAtMs });
    return Promise.resolve(archive);
  }
}

async function openFeed(
  t: TestContext,
  stateDir: string,
  sources: readonly BundleSource[],
  more: Partial<BundleFeedOptions> = {},
): Promise<BundleFeed> {
  const feed = await BundleFeed.open({
    sources,
    pollSeconds: 3600,
    root: ringOf("root"),
    store: createBundleLedgerStore(stateDir),
    changed: () => undefined,
    ...more,
  });
  t.after(() => feed.close());
  return feed;
}

async function makeStateDir(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "chancery-feed-"));
  t.after(() => rm(folder, { recursive: true }));
  return folder;
}

/** Loads and accepts, and gives what is in force, as a keeper hands it back the next time. */
async function turn(feed: BundleFeed, lastGood: ReadonlyMap<string, readonly PolicyFile[]>) {
  const nowMs = Date.now();
  const loaded = await prepareHere.prepare({
    files: [],
    lastGood,
    readProblems: [],
    nowMs,
    engineVersion: "0.0.0",
    bundles: feed.terms,
  });
  assert.ok(loaded.bundles !== undefined);
  await feed.accept(loaded.bundles, nowMs);
  const inForce = [...loaded.namespaces].filter(([, { state }]) => state !== "absent");
  return new Map(inForce.map(([name, { files }]) => [name, files]));
}

test("no restart lets a bundle in that is older than one that was in force", async (t) => {
  const stateDir = await makeStateDir(t);
  const acme = new Shelf({ ...drafts.acme, sequence: 5 });
  const shelves = [new Shelf(drafts.platform), acme];
  const lastGood = await turn(await openFeed(t, stateDir, shelves), new Map());
  acme.bundle = { ...drafts.acme, sequence: 4 };
  const feed = await openFeed(t, stateDir, shelves);
  await turn(feed, lastGood);
  assert.equal(feed.kept.ledger.accepted.get("acme")?.sequence, 5);
  assert.deepEqual(
    feed.kept.refusals.map(({ code, namespace }) => [code, namespace]),
    [["B03", "acme"]],
  );
});

test("a source that falls silent leaves its bundle in force, and its silence shows", async (t) => {
  const shelf = new Shelf(drafts.acme);
  const feed = await openFeed(t, await makeStateDir(t), [new Shelf(drafts.platform), shelf]);
  const lastGood = await turn(feed, new Map());
  const heardAtMs = feed.confirmedAtMs("acme");
  assert.ok(heardAtMs !== undefined);
  shelf.bundle = undefined;
  await feed.refresh();
  assert.deepEqual(feed.kept.refusals, []);
  assert.deepEqual(await turn(feed, lastGood), lastGood);
  assert.equal(feed.confirmedAtMs("acme"), heardAtMs);
  assert.deepEqual(
    feed.silences.map(({ file, message, severity }) => [file, message, severity]),
    [["acme", "it is down", "warning"]],
  );
});

test("the moment a bundle runs out is a reason to load again", async (t) => {
  const hold = setInterval(() => undefined, 1000);
  t.after(() => clearInterval(hold));
  const expiresAtMs = Math.ceil(Date.now() / 1000) * 1000 + 1000;
  const shelves = [new Shelf(drafts.platform), new Shelf({ ...drafts.acme, expiresAtMs })];
  const { promise, resolve } = Promise.withResolvers<void>();
  const feed = await openFeed(t, await makeStateDir(t), shelves, { changed: resolve });
  const lastGood = await turn(feed, new Map());
  assert.deepEqual(feed.kept.refusals, []);
  await promise;
  await turn(feed, lastGood);
  assert.deepEqual(
    feed.kept.refusals.map(({ code }) => code),
    ["B03"],
  );
});

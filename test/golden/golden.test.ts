import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { loadSnapshot, type PolicyFile, type Snapshot } from "../../src/policy/index.ts";
import { readPolicyDirectory } from "../../src/sources/index.ts";
import { setExchangeStage, stagePolicies, stageSnapshot } from "../support/exchange-stage.ts";
import { FakeProxy } from "../support/fake-proxy.ts";
import { assertReplays } from "../support/replays.ts";

/** What `exchange.json` of a case holds. */
interface GoldenExchange {
  readonly request: { readonly path: string; readonly body: object };
  /** Absent where the request is to be refused. */
  readonly response?: {
    readonly status: string;
    readonly type: string;
    /** One event of the proxy each; objects are written as JSON. */
    readonly body: readonly (string | object)[];
  };
}

const isUpdate = process.env["GOLDEN_UPDATE"] === "1";
const folder = import.meta.dirname;
const cases = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());

for (const { name } of cases) {
  test(name.replaceAll("-", " "), async () => {
    const directory = join(folder, name);
    const exchange = JSON.parse(readFileSync(join(directory, "exchange.json"), "utf8"));
    const files = await filesOf(directory);
    const played = play(exchange, snapshotOf(files));
    const outcome = `${JSON.stringify(played, undefined, 2)}\n`;
    const expected = join(directory, "expected.json");
    if (isUpdate) writeFileSync(expected, outcome);
    assert.equal(outcome, readFileSync(expected, "utf8"), "npm run golden:update rewrites it");
    const judged = played.records.filter((record) => record.outcome !== "none");
    assert.equal(await assertReplays(played.records, files), judged.length);
  });
}

/** The case's own policies, else those of the stage. */
async function filesOf(directory: string): Promise<readonly PolicyFile[]> {
  const policies = join(directory, "policies");
  return existsSync(policies) ? (await readPolicyDirectory(policies)).files : stagePolicies;
}

function snapshotOf(files: readonly PolicyFile[]): Snapshot {
  if (files === stagePolicies) return stageSnapshot();
  const { problems, snapshot } = loadSnapshot(files, { engineVersion: "0.0.0" });
  assert.ok(snapshot, JSON.stringify(problems));
  return snapshot;
}

function play({ request, response }: GoldenExchange, snapshot: Snapshot) {
  let ids = 0;
  const createId = () => {
    ids += 1;
    return `01a1fd1e-9060-7000-8000-${String(ids).padStart(12, "0")}`;
  };
  const stage = setExchangeStage({ snapshot: () => snapshot, createId });
  const proxy = new FakeProxy(stage.open);
  const type = { "content-type": "application/json" };
  proxy.requestHeaders({ ":method": "POST", ":path": request.path, ...type });
  proxy.requestBody(JSON.stringify(request.body));
  if (response !== undefined && !proxy.isOver) {
    proxy.responseHeaders({ ":status": response.status, "content-type": response.type });
    response.body.forEach((part, index) => {
      const bytes = typeof part === "string" ? part : JSON.stringify(part);
      if (!proxy.isOver) proxy.responseBody(bytes, index === response.body.length - 1);
    });
  }
  proxy.event({ kind: "peer_ended" });
  const { immediate } = proxy;
  return {
    upstream: {
      body: proxy.request.body.toString("utf8"),
      headers: Object.fromEntries(
        proxy.request.headerEdits.set.map(({ name, value }) => [name, value]),
      ),
    },
    client:
      immediate === undefined
        ? { body: proxy.response.body.toString("utf8") }
        : { status: immediate.status, body: immediate.body.toString("utf8") },
    metadata: proxy.metadata,
    records: stage.records,
  };
}

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, test } from "node:test";
import { parse } from "yaml";
import type { Decision, DecisionInput, Redaction } from "../../src/domain/index.ts";
import { evaluate, loadSnapshot, type PolicyFile } from "../../src/policy/index.ts";
import { Versions, verifyRecords } from "../../src/replay/index.ts";
import { recordWorld, stream } from "../support/recorded-worlds.ts";
import { sourceOf } from "../support/replays.ts";

type Spec = Readonly<Record<string, unknown>>;

/** One row of the table in `policy-table.yaml`. */
interface Row {
  readonly row: number;
  readonly claim: string;
  readonly global?: Spec;
  readonly tenant?: Spec;
  readonly app?: Spec;
  readonly model?: Spec;
  /** A catalog of the tenant. */
  readonly catalog?: Spec;
  /** Of the tenant. */
  readonly boundary?: Spec;
  /** Any others. */
  readonly documents?: readonly {
    readonly namespace: string;
    readonly kind: string;
    readonly name: string;
    readonly spec: Spec;
  }[];
  readonly time?: string;
  readonly point?: DecisionInput["point"];
  readonly data?: DecisionInput["data"];
  /** Namespace and code of what the compiler finds; absent: nothing. */
  readonly problems?: readonly string[];
  /** What becomes of the namespaces; absent: all are in force. */
  readonly states?: Readonly<Record<string, string>>;
  /** The members of the decision that the row is about. */
  readonly expect: Partial<Decision>;
  readonly redact?: Readonly<Record<string, Redaction>>;
}

const file = join(import.meta.dirname, "policy-table.yaml");
const rows: readonly Row[] = parse(readFileSync(file, "utf8"), { maxAliasCount: -1 });

describe("the worked table of the policy model", () => {
  for (const row of rows) {
    it(`row ${row.row}: ${row.claim}`, async () => {
      const { snapshot, problems, namespaces } = loadSnapshot(filesOf(row), {
        engineVersion: "0.0.0",
        lastGood: new Map([["acme", [app]]]),
      });
      assert.deepEqual(
        problems.map(({ namespace, code }) => `${namespace} ${code}`),
        row.problems ?? [],
      );
      assert.deepEqual(
        Object.fromEntries([...namespaces].map(([name, { state }]) => [name, state])),
        row.states ?? { platform: "current", acme: "current" },
      );
      assert.ok(snapshot);
      const decision = evaluate(snapshot, inputOf(row));
      const expected = Object.entries({ ...row.expect, obligations: obligationsOf(row) });
      for (const [member, value] of expected) {
        assert.deepEqual(decision[member as keyof Decision], value, member);
      }
      const inForce = [...namespaces.values()].flatMap(({ files }) => files);
      const versions = new Versions(sourceOf(inForce), "0.0.0");
      const records = stream(recordWorld(snapshot, inputOf(row)));
      const { differences, same } = await verifyRecords(records, versions);
      assert.deepEqual({ differences, same }, { differences: [], same: 1 });
    });
  }
});

test("the documentation has the table as it is tested", () => {
  const page = readFileSync(join(import.meta.dirname, "../../docs/policy/decisions.md"), "utf8");
  const shown = [...page.matchAll(/^\| (\d+) +\| (.*?) +\| (.*?) +\|$/gm)].map((cells) =>
    cells.slice(1),
  );
  assert.deepEqual(
    shown,
    rows.map(({ claim, expect, row }) => {
      const reason = expect.reason ? ` \`${expect.reason}\`` : "";
      const by = expect.decidedBy ? `, by \`${expect.decidedBy}\`` : "";
      return [String(row), claim, `${expect.outcome}${reason}${by}`];
    }),
  );
});

function obligationsOf({ redact, expect }: Row): Decision["obligations"] {
  return { ...expect.obligations, ...(redact === undefined ? {} : { redact }) };
}

function inputOf({ point = "request", data, time }: Row): DecisionInput {
  const email = { class: "pii.email", in: "prompt", count: 1, confidence: 0.98 } as const;
  return {
    time: time ?? "2026-03-02T10:00:00.000000Z",
    tenant: "acme",
    app: "chat",
    action: "llm.generate",
    point,
    model: "vendor/m1",
    principal: { id: "app:acme/chat", kind: "workload" },
    data: data ?? { status: "ok", findings: [email] },
  };
}

const app = document("acme", "App", "chat", {});

function filesOf({
  global,
  tenant,
  app: ofApp,
  model,
  catalog,
  documents,
  boundary,
}: Row): readonly PolicyFile[] {
  const policies: readonly [
    namespace: string,
    name: string,
    attach: Spec,
    spec: Spec | undefined,
  ][] = [
    ["platform", "g", { layer: "global" }, global],
    ["acme", "t", { layer: "tenant" }, tenant],
    ["acme", "a", { layer: "app", app: "chat" }, ofApp],
    ["platform", "m", { layer: "model", model: "vendor/m1" }, model],
  ];
  return [
    document("platform", "Tenant", "acme", { boundary }),
    document("platform", "ModelCatalog", "models", { models: [{ id: "vendor/m1" }] }),
    app,
    ...policies.flatMap(([namespace, name, attach, spec]) =>
      spec === undefined ? [] : [document(namespace, "Policy", name, { attach, ...spec })],
    ),
    ...(catalog === undefined ? [] : [document("acme", "ModelCatalog", "own", catalog)]),
    ...(documents ?? []).map(({ namespace, kind, name, spec }) =>
      document(namespace, kind, name, spec),
    ),
  ];
}

function document(namespace: string, kind: string, name: string, spec: Spec): PolicyFile {
  const text = { apiVersion: "chancery/v1alpha1", kind, metadata: { name, namespace }, spec };
  return { path: `${namespace}/${kind}-${name}.json`, namespace, text: JSON.stringify(text) };
}

import assert from "node:assert/strict";
import type { Decision, DecisionInput } from "../../src/domain/index.ts";
import {
  type EvaluateOptions,
  evaluate,
  loadSnapshot,
  type PolicyFile,
  type Snapshot,
} from "../../src/policy/index.ts";

/*
 * A small world of policies to decide in: the tenant acme with its app chat, two platform models of
 * which one is self-hosted, and whatever documents a test adds.
 */

export type Fields = Readonly<Record<string, unknown>>;

/** One document in JSON, in a file of its own. */
export function documentFile(
  namespace: string,
  kind: string,
  name: string,
  spec: Fields,
): PolicyFile {
  const text = { apiVersion: "chancery/v1alpha1", kind, metadata: { name, namespace }, spec };
  return { path: `${namespace}/${kind}-${name}.json`, namespace, text: JSON.stringify(text) };
}

/** What a test says of the world; the rest is as small as it can be. */
export interface DecisionWorld {
  readonly platform?: Fields;
  readonly tenant?: Fields;
  readonly app?: Fields;
  readonly models?: readonly Fields[];
  /** Fields of the platform's policy `g` of layer global, such as `rules`. */
  readonly global?: Fields;
  /** Fields of acme's policy `t` of layer tenant. */
  readonly own?: Fields;
  readonly more?: readonly PolicyFile[];
}

/** The files of a world. */
export function filesOf(world: DecisionWorld): readonly PolicyFile[] {
  const models = world.models ?? [
    { id: "vendor/m1", aliases: ["fast"], regions: ["us-east-1"] },
    { id: "local/m2", aliases: ["fast"], regions: ["eu-1", "eu-2"], deployment: "self-hosted" },
  ];
  return [
    documentFile("platform", "Platform", "platform", world.platform ?? {}),
    documentFile("platform", "Tenant", "acme", world.tenant ?? {}),
    documentFile("platform", "ModelCatalog", "models", { models }),
    documentFile("acme", "App", "chat", world.app ?? {}),
    documentFile("platform", "Policy", "g", { attach: { layer: "global" }, ...world.global }),
    documentFile("acme", "Policy", "t", { attach: { layer: "tenant" }, ...world.own }),
    ...(world.more ?? []),
  ];
}

/** The snapshot of a world that has no problems. */
export function snapshotOf(world: DecisionWorld): Snapshot {
  const { snapshot, problems } = loadSnapshot(filesOf(world), { engineVersion: "0.0.0" });
  assert.deepEqual(
    problems.filter(({ severity }) => severity === "error"),
    [],
  );
  assert.ok(snapshot);
  return snapshot;
}

const plainInput: DecisionInput = {
  time: "2026-03-02T10:00:00.000000Z",
  tenant: "acme",
  app: "chat",
  action: "llm.generate",
  point: "request",
  model: "vendor/m1",
  principal: { id: "user:ann", kind: "user", groups: ["support"] },
  data: { status: "ok", findings: [] },
};

/** Decides the plain input, changed as given, in a world. */
export function decideIn(
  world: DecisionWorld | Snapshot,
  input: Partial<DecisionInput> = {},
  options?: EvaluateOptions,
): Decision {
  const snapshot = "digest" in world ? world : snapshotOf(world);
  return evaluate(snapshot, { ...plainInput, ...input }, options);
}

/** Data in which findings were found, each once in the prompt unless it says otherwise. */
export function found(
  ...findings: readonly (string | DecisionInput["data"]["findings"][number])[]
): Pick<DecisionInput, "data"> {
  return {
    data: {
      status: "ok",
      findings: findings.map((one) =>
        typeof one === "string" ? { class: one, in: "prompt", count: 1, confidence: 0.9 } : one,
      ),
    },
  };
}

/** The listed members of a decision. */
export function pick<Key extends keyof Decision>(
  decision: Decision,
  ...keys: readonly Key[]
): Partial<Decision> {
  return Object.fromEntries(keys.map((key) => [key, decision[key]]));
}

import { Fault, type Problem } from "../base/index.ts";
import type { AcceptedBundle } from "../bundle/index.ts";
import type { RecordLog } from "../log/index.ts";
import {
  encodePolicy,
  type PolicyRecord,
  type RecordedLayer,
  recordedLayersMax,
} from "../record/index.ts";
import type { StandingSwitch } from "./kill-switch-keeper.ts";
import { readServing } from "./observe-policies.ts";
import type { PolicyLoad } from "./policy-keeper.ts";
import type { PolicyState } from "./policy-state.ts";
import type { GuardBreach } from "./rollout-monitor.ts";
import { ServedDigests } from "./served-digests.ts";

/** Namespaces of which each refusal is a record of its own; those beyond are told together. */
const refusalsMax = 32;

type Accepted = ReadonlyMap<string, Pick<AcceptedBundle, "signers" | "version">>;

/** A layer as it serves. */
interface ServingLayer extends RecordedLayer {
  readonly digest: string;
}

/**
 * Puts on record what happens to policies and kill switches (audit-and-operations 2.2). Where the log
 * bars the process from serving there is nothing to put it into, and nothing it could have decided.
 */
export class PolicyJournal {
  readonly #records: Pick<RecordLog, "tell">;
  /** By namespace, the digest that serves. */
  #serving: ReadonlyMap<string, string> = new Map();
  /** By namespace, what served before. */
  readonly #served = new Map<string, ServedDigests>();
  /** By namespace, why what was found last does not serve. */
  #refused: ReadonlyMap<string, string> = new Map();

  constructor(records: Pick<RecordLog, "tell">) {
    this.#records = records;
  }

  /** Records what an attempt to load has changed. `accepted`: the bundles in force, by namespace. */
  loaded({ result, state }: Pick<PolicyLoad, "result" | "state">, accepted: Accepted): void {
    if (result === "unchanged") return;
    const snapshot = state.snapshot?.digest;
    const layers: readonly ServingLayer[] = readServing(state).layers;
    const changed = layers.filter(({ digest, id }) => this.#serving.get(id) !== digest);
    const returned = new Set(changed.filter((layer) => this.#hasServed(layer)));
    const gone = [...this.#serving.keys()].filter((id) => !layers.some((layer) => layer.id === id));
    this.#serving = new Map(layers.map(({ digest, id }) => [id, digest]));
    for (const event of ["activated", "rolled_back"] as const) {
      const meant = changed.filter((layer) => returned.has(layer) === (event === "rolled_back"));
      for (const part of bySigners(meant, accepted)) this.#tell({ event, snapshot, ...part });
    }
    for (const ids of inParts(gone)) {
      const reason = "no longer in force";
      this.#tell({ event: "activated", snapshot, layers: ids.map((id) => ({ id })), reason });
    }
    this.#tellRefusals(state);
  }

  /** Records a kill switch that came with a higher sequence than before. */
  switched({ active, actor, name, reason, sequence, ticket }: StandingSwitch): void {
    const event = active ? "kill" : "unkill";
    this.#tell({ event, killSwitch: { name, sequence }, actor, reason, ticket });
  }

  /** Records that a rollout was taken back to nobody by its guards. */
  suspended({ guard, max, of, rate, rollout, samples }: GuardBreach): void {
    const [id = ""] = rollout.split("/");
    const reason = `rollout ${rollout}: ${guard} ${max}, ${rate.toFixed(4)} of ${samples} ${of}`;
    this.#tell({ event: "rolled_back", layers: [{ id }], reason });
  }

  #hasServed(layer: ServingLayer): boolean {
    const served = this.#served.get(layer.id) ?? new ServedDigests();
    this.#served.set(layer.id, served);
    return served.serve([layer]) > 0;
  }

  /** What is refused for the same reason as before was told then. */
  #tellRefusals(state: PolicyState): void {
    const before = this.#refused;
    this.#refused = refusalsOf(state);
    const anew = [...this.#refused].filter(([id, reason]) => before.get(id) !== reason);
    const snapshot = state.snapshot?.digest;
    for (const [id, reason] of anew.slice(0, refusalsMax)) {
      this.#tell({ event: "rejected", snapshot, layers: [{ id }], reason });
    }
    for (const rest of inParts(anew.slice(refusalsMax))) {
      const layers = rest.map(([id]) => ({ id }));
      this.#tell({ event: "rejected", snapshot, layers, reason: "see the operator log" });
    }
  }

  #tell(record: PolicyRecord): void {
    try {
      this.#records.tell((position) => encodePolicy(record, position), "policy");
    } catch (error) {
      // A damaged log bars every exchange, which is told where it was found.
      if (!(error instanceof Fault)) throw error;
    }
  }
}

/** By namespace, the first error that keeps it from serving as it was found. */
function refusalsOf({ layers, problems }: PolicyState): ReadonlyMap<string, string> {
  const errors = problems.filter(({ severity }) => severity === "error");
  const refused = layers.filter(
    ({ namespace, serves }) =>
      serves !== "current" || errors.some((error) => error.namespace === namespace),
  );
  const unplaced = errors.filter(
    ({ namespace }) => !layers.some((layer) => layer.namespace === namespace),
  );
  return new Map([
    ...unplaced.map((error) => [error.namespace ?? "platform", textOf(error)] as const),
    ...refused.flatMap(({ namespace }) => {
      const own = errors.find((error) => (error.namespace ?? namespace) === namespace);
      return own === undefined ? [] : [[namespace, textOf(own)] as const];
    }),
  ]);
}

function textOf({ code, column, file, line, message }: Problem): string {
  return `${code} ${line === 0 ? file : `${file}:${line}:${column}`}: ${message}`;
}

/** Layers that the same keys signed stand in one record, as far as they fit. */
function bySigners(
  layers: readonly ServingLayer[],
  accepted: Accepted,
): readonly Pick<PolicyRecord, "layers" | "signers">[] {
  const groups = Map.groupBy(layers, ({ id }) => JSON.stringify(accepted.get(id)?.signers ?? []));
  return [...groups.values()].flatMap((group) =>
    inParts(group).map((part) => ({
      layers: part.map(({ digest, id }) => ({ id, version: accepted.get(id)?.version, digest })),
      signers: accepted.get(part[0]?.id ?? "")?.signers,
    })),
  );
}

function inParts<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  const parts: (readonly Item[])[] = [];
  for (let from = 0; from < items.length; from += recordedLayersMax) {
    parts.push(items.slice(from, from + recordedLayersMax));
  }
  return parts;
}

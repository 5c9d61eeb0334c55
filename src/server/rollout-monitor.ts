import type { Decision, RampTrial } from "../domain/index.ts";
import type { JudgedThing, RampWatch } from "../exchange/index.ts";
import type { Rollout, RolloutGuards } from "../policy/index.ts";
import { type GuardCounts, GuardWindow } from "./guard-window.ts";

/** A guard that was exceeded, and by how much when it was noticed. */
export interface GuardBreach {
  /** Full name. */
  readonly rollout: string;
  /** `suspended`: the candidate is enforced for nobody until the document changes. */
  readonly state: "held" | "suspended";
  readonly guard: "maxNewDenyRate" | "maxErrorRate";
  readonly of: JudgedThing;
  /** Both 0 to 1. */
  readonly rate: number;
  readonly max: number;
  readonly samples: number;
}

/** One guarded rollout that serves, for people. */
export interface RolloutStatus {
  readonly name: string;
  /** As its step says. */
  readonly percent: number;
  readonly state: "within" | GuardBreach["state"];
  readonly breach: Omit<GuardBreach, "rollout" | "state"> | null;
  readonly counted: Readonly<Record<JudgedThing, CountedRates>>;
}

interface CountedRates {
  readonly samples: number;
  /** 0 to 1; null where nothing was counted. */
  readonly newDenyRate: number | null;
  readonly errorRate: number | null;
}

interface Watched {
  readonly name: string;
  readonly percent: number;
  readonly guards: RolloutGuards;
  readonly windows: Readonly<Record<JudgedThing, GuardWindow>>;
  breach: GuardBreach | undefined;
}

/** Denies that come of something failing, not of what a rule says. */
const errorReasons: ReadonlySet<string | null> = new Set([
  "condition_error",
  "unclassified",
  "transform_error",
  "obligation_conflict",
]);

/** Breaches kept of rollouts that do not serve for now. */
const absentMax = 1_000;

/**
 * Counts what guarded ramps change, and takes one back to nobody where its guards say so
 * (policy-model 7). A breach stands until the Rollout document says something else, also while the
 * document is out of force for some other reason; no ramp ever advances here. Each process counts for
 * itself.
 */
export class RolloutMonitor implements RampWatch {
  readonly #onBreach: (breach: GuardBreach) => void;
  #serving: ReadonlyMap<string, Watched> = new Map();
  /** By full name, breaches of rollouts that served before. */
  #absent: ReadonlyMap<string, Watched> = new Map();
  #suspended: ReadonlySet<string> = new Set();

  /** `onBreach` is told of each breach once. */
  constructor(onBreach: (breach: GuardBreach) => void) {
    this.#onBreach = onBreach;
  }

  get suspended(): ReadonlySet<string> {
    return this.#suspended;
  }

  /** From now on these are the rollouts there are. */
  loaded(rollouts: readonly Rollout[]): void {
    const known = new Map([...this.#absent, ...this.#serving]);
    this.#serving = new Map(
      rollouts.flatMap(({ name, percent, guards }) =>
        guards === undefined ? [] : [[name, watch({ name, percent, guards }, known.get(name))]],
      ),
    );
    const names = new Set(rollouts.map(({ name }) => name));
    const absent = [...known].filter(([name, { breach }]) => breach && !names.has(name));
    this.#absent = new Map(absent.slice(-absentMax));
    this.#suspend();
  }

  judged(what: JudgedThing, { ramps }: Pick<Decision, "ramps">): void {
    if (ramps === undefined) return;
    for (const [name, trial] of Object.entries(ramps)) {
      const watched = this.#serving.get(name);
      // An exchange may have begun under the document before.
      if (watched?.guards.document === trial.document) this.#count(watched, what, trial);
    }
  }

  /** Those with a breach first, each part sorted by name. */
  get status(): readonly RolloutStatus[] {
    const all = [...this.#serving.values()];
    const ordered = [...all.filter(({ breach }) => breach), ...all.filter(({ breach }) => !breach)];
    return ordered.map(({ name, percent, breach, windows }) => ({
      name,
      percent,
      state: breach?.state ?? "within",
      breach: breach === undefined ? null : withoutName(breach),
      counted: {
        requests: ratesOf(windows.requests.counts),
        answers: ratesOf(windows.answers.counts),
        tools: ratesOf(windows.tools.counts),
      },
    }));
  }

  #count(watched: Watched, what: JudgedThing, { stable, candidate }: RampTrial): void {
    const window = watched.windows[what];
    window.add({
      isNewDeny: candidate.verdict === "deny" && stable.verdict !== "deny",
      isError: errorReasons.has(candidate.reason) && !errorReasons.has(stable.reason),
    });
    if (watched.breach !== undefined) return;
    const breach = breachOf(watched, what, window.counts);
    if (breach === undefined) return;
    watched.breach = breach;
    this.#suspend();
    this.#onBreach(breach);
  }

  #suspend(): void {
    const all = [...this.#serving.values(), ...this.#absent.values()];
    const suspended = all.filter(({ breach }) => breach?.state === "suspended");
    this.#suspended = new Set(suspended.map(({ name }) => name));
  }
}

/** Goes on with what is known of the same document, else begins anew. */
function watch(
  { name, percent, guards }: Pick<Watched, "name" | "percent" | "guards">,
  known: Watched | undefined,
): Watched {
  if (known?.guards.document === guards.document) return known;
  const window = () => new GuardWindow(guards.minSamples);
  const windows = { requests: window(), answers: window(), tools: window() };
  return { name, percent, guards, windows, breach: undefined };
}

function breachOf(
  { name, guards }: Watched,
  of: JudgedThing,
  { samples, newDenies, errors }: GuardCounts,
): GuardBreach | undefined {
  if (samples < guards.minSamples) return undefined;
  const state = guards.onBreach === "shadow" ? "suspended" : "held";
  const rates = { maxNewDenyRate: newDenies / samples, maxErrorRate: errors / samples };
  for (const guard of ["maxNewDenyRate", "maxErrorRate"] as const) {
    const { [guard]: max = 1 } = guards;
    const rate = rates[guard];
    if (rate > max) return { rollout: name, state, guard, of, rate, max, samples };
  }
  return undefined;
}

function withoutName({ guard, of, rate, max, samples }: GuardBreach): RolloutStatus["breach"] {
  return { guard, of, rate, max, samples };
}

function ratesOf({ samples, newDenies, errors }: GuardCounts): CountedRates {
  if (samples === 0) return { samples, newDenyRate: null, errorRate: null };
  return { samples, newDenyRate: newDenies / samples, errorRate: errors / samples };
}

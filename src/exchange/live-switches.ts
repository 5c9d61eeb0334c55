import type { PolicyVersions } from "../domain/index.ts";
import { KillSwitches, type Snapshot } from "../policy/index.ts";

/** The fast channel of kill switches (policy-model 6), shared by all exchanges. */
export interface LiveKillSwitches {
  /** Another object after every change. */
  readonly current: KillSwitches;
  /** Calls back after each change, until what it returns is called. */
  watch(changed: () => void): () => void;
}

/** By the live switches, then by the snapshot: made once for all exchanges that see both. */
const merged = new WeakMap<KillSwitches, WeakMap<Snapshot, KillSwitches>>();

/** All switches that count for an exchange: those of the channel and of its snapshot. */
export function switchesFor(live: LiveKillSwitches | undefined, snapshot: Snapshot): KillSwitches {
  if (live === undefined) return snapshot.killSwitches;
  const { current } = live;
  const known = merged.get(current)?.get(snapshot);
  if (known !== undefined) return known;
  const both = current.merge(snapshot.killSwitches);
  const bySnapshot = merged.get(current) ?? new WeakMap<Snapshot, KillSwitches>();
  merged.set(current, bySnapshot.set(snapshot, both));
  return both;
}

const stopping = new WeakMap<KillSwitches, KillSwitches>();

/** Those of them that end answers in progress; the others let go on what they would not let begin. */
export function stoppingOf(all: KillSwitches): KillSwitches {
  if (all.isEmpty) return all;
  let those = stopping.get(all);
  if (those === undefined) {
    those = new KillSwitches(all.switches.filter(({ stopsStreams }) => stopsStreams));
    stopping.set(all, those);
  }
  return those;
}

const versioned = new WeakMap<KillSwitches, WeakMap<PolicyVersions, PolicyVersions>>();

/** Versions with the sequences of the switches that a tenant's requests can meet. */
export function withSwitches(
  versions: PolicyVersions,
  all: KillSwitches,
  tenant: string | undefined,
): PolicyVersions {
  const { switches } = all;
  if (switches.length === 0) return versions;
  const known = versioned.get(all)?.get(versions);
  if (known !== undefined) return known;
  const met = switches.filter((one) => one.tenant === undefined || one.tenant === tenant);
  const sequences = met.map(({ name, sequence }) => [name, sequence] as const);
  const complete =
    met.length === 0 ? versions : { ...versions, killSwitches: Object.fromEntries(sequences) };
  const byVersions = versioned.get(all) ?? new WeakMap<PolicyVersions, PolicyVersions>();
  versioned.set(all, byVersions.set(versions, complete));
  return complete;
}

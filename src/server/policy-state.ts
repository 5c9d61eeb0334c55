import type { Preparation } from "../activation/index.ts";
import type { Problem } from "../base/index.ts";
import type { NamespaceStatus, Snapshot } from "../policy/index.ts";

/** One namespace of the policies, as it serves. */
export interface LayerState {
  readonly namespace: string;
  readonly serves: NamespaceStatus["state"];
  /** When it was last known to be the newest, in milliseconds since 1970; undefined: never. */
  readonly confirmedAtMs: number | undefined;
}

/** What serves and what was found, at one moment. */
export interface PolicyState {
  /** Undefined: every exchange is refused. */
  readonly snapshot: Snapshot | undefined;
  /** Of what was found last; sorted. */
  readonly problems: readonly Problem[];
  /** Sorted by namespace. */
  readonly layers: readonly LayerState[];
  /** When the snapshot took over, in milliseconds since 1970. */
  readonly activatedAtMs: number | undefined;
  /** Since when what serves is not what was found; undefined while it is. */
  readonly refusedSinceMs: number | undefined;
}

/** Before anything was loaded; `confirmedAtMs` by namespace, of a set kept from an earlier start. */
export function initialState(confirmedAtMs: ReadonlyMap<string, number>): PolicyState {
  return {
    snapshot: undefined,
    problems: [],
    layers: [...confirmedAtMs].map(([namespace, at]) => ({
      namespace,
      serves: "lastGood",
      confirmedAtMs: at,
    })),
    activatedAtMs: undefined,
    refusedSinceMs: undefined,
  };
}

/** What an attempt to load gave. */
export interface LoadedPolicies extends Pick<Preparation, "namespaces" | "problems"> {
  readonly snapshot: Snapshot | undefined;
}

/** When an attempt to load took place. */
export interface LoadMoment {
  readonly nowMs: number;
  /** When a namespace was last heard to be as it is, in milliseconds since 1970. */
  readonly confirmation: (namespace: string) => number;
}

/** The state after an attempt to load. */
export function nextState(
  before: PolicyState,
  { namespaces, problems, snapshot }: LoadedPolicies,
  { confirmation, nowMs }: LoadMoment,
): PolicyState {
  const layers = [...namespaces]
    .map(([namespace, { state }]) => ({
      namespace,
      serves: state,
      confirmedAtMs: state === "current" ? confirmation(namespace) : confirmedAt(before, namespace),
    }))
    .toSorted((a, b) => (a.namespace < b.namespace ? -1 : 1));
  const isAsFound =
    snapshot !== undefined &&
    layers.every(({ serves }) => serves === "current") &&
    problems.every(({ severity }) => severity !== "error");
  return {
    snapshot,
    problems,
    layers,
    activatedAtMs: snapshot === before.snapshot ? before.activatedAtMs : nowMs,
    refusedSinceMs: isAsFound ? undefined : (before.refusedSinceMs ?? nowMs),
  };
}

/** Why what serves stays, and what of it must not. */
export interface StayReasons {
  readonly problems: readonly Problem[];
  readonly nowMs: number;
  /** Whether a namespace that is not renewed may not serve any longer. */
  readonly isExpired: (namespace: string) => boolean;
}

/**
 * The state after an attempt that could not tell what was found. A snapshot that holds something too
 * old does not stay, since there is nothing that could be made without it.
 */
export function stayingState(
  before: PolicyState,
  { isExpired, nowMs, problems }: StayReasons,
): PolicyState {
  const inForce = before.layers.filter(({ serves }) => serves !== "absent");
  const isTooOld = inForce.some(({ namespace }) => isExpired(namespace));
  const snapshot = isTooOld ? undefined : before.snapshot;
  const serves = snapshot === undefined ? "absent" : "lastGood";
  return {
    snapshot,
    problems,
    layers: before.layers.map((layer) =>
      layer.serves === "absent" ? layer : { ...layer, serves },
    ),
    activatedAtMs: snapshot === before.snapshot ? before.activatedAtMs : nowMs,
    refusedSinceMs: before.refusedSinceMs ?? nowMs,
  };
}

/** The state after a look that found the source unchanged: what serves as found is up to date. */
export function confirmedState(
  state: PolicyState,
  confirmation: (namespace: string) => number,
): PolicyState {
  const layers = state.layers.map((layer) =>
    layer.serves === "current" ? { ...layer, confirmedAtMs: confirmation(layer.namespace) } : layer,
  );
  return { ...state, layers };
}

/** When a namespace was last known to be the newest, in milliseconds since 1970. */
export function confirmedAt(state: PolicyState, namespace: string): number | undefined {
  return state.layers.find((layer) => layer.namespace === namespace)?.confirmedAtMs;
}

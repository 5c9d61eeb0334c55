import type { Problem } from "../base/index.ts";
import type { CompiledPolicies, NamespaceStatus, Snapshot } from "../policy/index.ts";

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

/** When an attempt to load took place. */
export interface LoadMoment {
  readonly nowMs: number;
  /** When a namespace was last heard to be as it is, in milliseconds since 1970. */
  readonly confirmation: (namespace: string) => number;
}

/** The state after an attempt to load. */
export function nextState(
  before: PolicyState,
  { namespaces, problems, snapshot }: CompiledPolicies,
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

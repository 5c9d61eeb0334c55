import type { Decision, DecisionInput } from "../../domain/index.ts";
import { bucketOf, type Rollout, sideOf } from "../compile/rollouts.ts";
import type { RampSide } from "../compile/rule.ts";
import { type Edition, plainEdition, withNamesHidden } from "../snapshot/edition.ts";
import type { HiddenParts } from "./hidden-parts.ts";

/** What one caller's request is decided with. */
export interface Editions {
  readonly enforced: Edition;
  /** Undefined where it could not differ. */
  readonly counterfactual: Edition | undefined;
  readonly buckets: Decision["buckets"];
  readonly suspended: Decision["suspended"];
  /** Those ramps on the path that have guards. */
  readonly guarded: readonly GuardedRamp[];
}

/** A ramp whose versions are to be compared. */
export interface GuardedRamp {
  /** Full name of the Rollout. */
  readonly name: string;
  /** `sha256:` and hex of its document. */
  readonly document: string;
  readonly enforced: RampSide;
  /** As enforced, but for this ramp; undefined: the counterfactual differs in nothing else. */
  readonly other: Edition | undefined;
}

/** What of an app's path makes editions. */
export interface EditionParts {
  /** On the path, sorted by name. */
  readonly ramps: readonly Rollout[];
  /** The path has shadow rules or shadow quotas. */
  readonly hasShadow: boolean;
}

/** What editions depend on beside the path and the caller. */
export interface EditionOptions {
  /** Full names of ramps that are at nobody. */
  readonly suspended?: ReadonlySet<string> | undefined;
  /** Knows buckets, where the ids they are made of are not there. */
  readonly hidden?: HiddenParts | undefined;
}

const plain: Editions = {
  enforced: plainEdition,
  counterfactual: undefined,
  buckets: undefined,
  suspended: undefined,
  guarded: [],
};
const withShadow: Editions = {
  ...plain,
  counterfactual: { ...plainEdition, key: "shadow", isCounterfactual: true },
};

/**
 * Which rules one request meets, and which it would meet if what is tried out were in force. Of the
 * ramps that are suspended, by their full names, nobody meets the candidate.
 */
export function editionsFor(
  parts: EditionParts,
  input: DecisionInput,
  options: EditionOptions = {},
): Editions {
  const editions = editionsOf(parts, input, options);
  return input.principal?.onRecord?.hidesNames === true ? allWithNamesHidden(editions) : editions;
}

function allWithNamesHidden(editions: Editions): Editions {
  const { counterfactual, enforced, guarded } = editions;
  return {
    ...editions,
    enforced: withNamesHidden(enforced),
    counterfactual: counterfactual && withNamesHidden(counterfactual),
    guarded: guarded.map((one) => ({ ...one, other: one.other && withNamesHidden(one.other) })),
  };
}

function editionsOf(
  { ramps, hasShadow }: EditionParts,
  input: DecisionInput,
  { hidden, suspended: isSuspended }: EditionOptions,
): Editions {
  if (ramps.length === 0) return hasShadow ? withShadow : plain;
  const buckets: Record<string, number> = {};
  const sides = new Map<string, RampSide>();
  for (const ramp of ramps) {
    const compute = () => bucketOf(ramp, input);
    const bucket = hidden === undefined ? compute() : hidden.bucket(ramp.name, compute);
    buckets[ramp.name] = bucket;
    sides.set(ramp.name, isSuspended?.has(ramp.name) ? "stable" : sideOf(ramp, bucket));
  }
  const enforced = editionOf(sides);
  const suspended = ramps.filter(({ name }) => isSuspended?.has(name)).map(({ name }) => name);
  const isAlone = ramps.length === 1 && !hasShadow;
  return {
    enforced,
    counterfactual: {
      ...plainEdition,
      key: `shadow ${enforced.key}`,
      isCounterfactual: true,
      sideOf: (name) => oppositeOf(enforced.sideOf(name)),
    },
    buckets,
    suspended: suspended.length === 0 ? undefined : suspended,
    guarded: ramps.flatMap(({ name, guards }) => {
      if (guards === undefined) return [];
      const side = enforced.sideOf(name);
      const other = isAlone ? undefined : editionOf(new Map(sides).set(name, oppositeOf(side)));
      return { name, document: guards.document, enforced: side, other };
    }),
  };
}

function editionOf(sides: ReadonlyMap<string, RampSide>): Edition {
  return {
    ...plainEdition,
    key: [...sides.values()].join(),
    sideOf: (name) => sides.get(name) ?? "stable",
  };
}

function oppositeOf(side: RampSide): RampSide {
  return side === "candidate" ? "stable" : "candidate";
}

/**
 * Editions that between them have every rule in force for some caller, shadow rules apart: for
 * questions about an app, before it is known who calls.
 */
export function enforceableEditions({ ramps }: EditionParts): readonly Edition[] {
  if (ramps.length === 0) return [plainEdition];
  return (["stable", "candidate"] as const).map((side) => ({
    ...plainEdition,
    key: ramps.map(() => side).join(),
    sideOf: () => side,
  }));
}

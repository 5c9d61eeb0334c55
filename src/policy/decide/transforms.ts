import type { ApprovalDemand, Obligations, ParamBound } from "../../domain/index.ts";
import type { Transform } from "../compile/rule.ts";
import { extreme } from "./obligations.ts";

/** What all transform rules that matched ask for together. */
export interface JoinedTransforms {
  readonly obligations: Pick<Obligations, "params" | "retention" | "tools" | "prompt" | "headers">;
  /** Sorted; undefined: any model. */
  readonly routeOnly: readonly string[] | undefined;
  readonly requireApproval: ApprovalDemand | undefined;
}

/** Joins transforms, given in the order of policy-model 5.3, as 5.5 says. */
export function joinTransforms(transforms: readonly Transform[]): JoinedTransforms {
  const params = joinParams(transforms);
  const retention = joinRetention(transforms);
  const remove = [...new Set(transforms.flatMap(({ removeTools }) => removeTools))].sort();
  const requireApproval = firstOf(transforms, ({ requireApproval: demand }) => demand);
  const prepend = transforms.flatMap(({ prepend: text }) => text ?? []);
  const headers = joinHeaders(transforms);
  return {
    obligations: {
      ...(params === undefined ? {} : { params }),
      ...(retention === undefined ? {} : { retention }),
      ...(remove.length === 0 && requireApproval === undefined
        ? {}
        : {
            tools: {
              ...(remove.length === 0 ? {} : { remove }),
              ...(requireApproval === undefined ? {} : { requireApproval }),
            },
          }),
      ...(prepend.length === 0 ? {} : { prompt: { prepend } }),
      ...(headers === undefined ? {} : { headers }),
    },
    routeOnly: joinRoutes(transforms),
    requireApproval,
  };
}

function firstOf<Value>(
  transforms: readonly Transform[],
  readFrom: (transform: Transform) => Value | undefined,
): Value | undefined {
  for (const transform of transforms) {
    const value = readFrom(transform);
    if (value !== undefined) return value;
  }
  return undefined;
}

function joinParams(transforms: readonly Transform[]): Obligations["params"] {
  const joined = new Map<string, ParamBound>();
  for (const { params } of transforms) {
    for (const [name, bound] of Object.entries(params)) {
      const known = joined.get(name);
      joined.set(name, known === undefined ? bound : uniteBounds(known, bound));
    }
  }
  return joined.size === 0 ? undefined : Object.fromEntries([...joined].sort(byName));
}

/** Smallest cap, largest floor; a fixed value is the first one's. */
function uniteBounds(first: ParamBound, other: ParamBound): ParamBound {
  const max = extreme(Math.min, first.max, other.max);
  const min = extreme(Math.max, first.min, other.min);
  const value = first.value ?? other.value;
  return {
    ...(max === undefined ? {} : { max }),
    ...(min === undefined ? {} : { min }),
    ...(value === undefined ? {} : { value }),
  };
}

/** A refusal to let content be kept or trained on wins over a leave to. */
function joinRetention(transforms: readonly Transform[]): Obligations["retention"] {
  let store: boolean | undefined;
  let training: boolean | undefined;
  let maxDays: number | undefined;
  for (const asked of transforms) {
    store = bothLet(store, asked.store);
    training = bothLet(training, asked.training);
    maxDays = extreme(Math.min, maxDays, asked.maxDays);
  }
  if (store === undefined && training === undefined && maxDays === undefined) return undefined;
  return {
    ...(store === undefined ? {} : { store }),
    ...(training === undefined ? {} : { training }),
    ...(maxDays === undefined ? {} : { maxDays }),
  };
}

function bothLet(a: boolean | undefined, b: boolean | undefined): boolean | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a && b;
}

function joinHeaders(transforms: readonly Transform[]): Obligations["headers"] {
  const set = new Map<string, string>();
  for (const { headers } of transforms) {
    for (const [name, value] of Object.entries(headers)) {
      if (!set.has(name)) set.set(name, value);
    }
  }
  return set.size === 0 ? undefined : { set: Object.fromEntries([...set].sort(byName)) };
}

function joinRoutes(transforms: readonly Transform[]): readonly string[] | undefined {
  let joined: readonly string[] | undefined;
  for (const { routeOnly } of transforms) {
    if (routeOnly === undefined) continue;
    joined = joined === undefined ? routeOnly : joined.filter((id) => routeOnly.includes(id));
  }
  return joined;
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : Number(a > b);
}

/** Whether nothing could satisfy a bound: its floor above its cap, or its fixed value outside them. */
export function isContradictory({ min, max, value }: ParamBound): boolean {
  if (min !== undefined && max !== undefined && min > max) return true;
  if (value === undefined || (min === undefined && max === undefined)) return false;
  if (typeof value !== "number") return true;
  return (min !== undefined && value < min) || (max !== undefined && value > max);
}

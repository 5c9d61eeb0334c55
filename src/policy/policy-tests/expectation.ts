import type { Decision } from "../../domain/index.ts";
import { canonicalJson } from "../../signing/index.ts";
import type { Fields } from "./given.ts";

/** One field of `expect` that the decision does not keep. */
export interface Difference {
  readonly field: string;
  readonly expected: unknown;
  readonly actual: unknown;
}

/**
 * Where a decision is not what a case expects (policy-model 12): a field present must equal the
 * decision's, lists compared as sets and `shadow` by the fields it lists; an absent one is not
 * looked at.
 */
export function differencesFrom(expect: Fields, decision: Decision): readonly Difference[] {
  return Object.entries(expect).flatMap(([field, expected]) => {
    const actual = actualOf(decision, field, expected);
    return isSame(expected, actual) ? [] : [{ field, expected, actual }];
  });
}

function actualOf(decision: Decision, field: string, expected: unknown): unknown {
  const { obligations } = decision;
  switch (field) {
    case "model":
      return decision.model.used;
    case "redact":
      return Object.fromEntries(
        Object.entries(obligations.redact ?? {}).map(([name, { method }]) => [name, method]),
      );
    case "params":
      return obligations.params ?? {};
    case "quotas":
      return obligations.quotas ?? [];
    case "lifted":
      return decision.lifted.map(({ rule }) => rule);
    case "shadow":
      return shadowOf(decision, expected);
    default:
      return decision[field as keyof Decision];
  }
}

/** The counterfactual as far as it is asked about; null where there is none. */
function shadowOf({ shadow }: Decision, expected: unknown): unknown {
  if (shadow === null || typeof expected !== "object" || expected === null) return shadow;
  const asked = Object.entries(shadow).filter(([field]) => Object.hasOwn(expected, field));
  return Object.fromEntries(asked);
}

function isSame(expected: unknown, actual: unknown): boolean {
  return canonicalJson(asSet(expected)) === canonicalJson(asSet(actual));
}

function asSet(value: unknown): unknown {
  return Array.isArray(value) ? [...new Set(value)].toSorted() : value;
}

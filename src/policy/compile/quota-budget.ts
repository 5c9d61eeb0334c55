import type { DocumentOfKind } from "../documents/document.ts";
import { durationMs } from "../documents/durations.ts";
import type { quotaKeys } from "../documents/schema.ts";

/** A verified attribute a budget is kept by. */
export type QuotaKey = (typeof quotaKeys)[number];

/** How much a quota allows of its unit, over what time, and for whom (policy-model 8). */
export interface Budget {
  /** In units, such as dollars; may have decimals. */
  readonly limit: number;
  readonly window: BudgetWindow;
  /** Each combination of values has a budget of its own, as each tenant has; sorted. */
  readonly key: readonly QuotaKey[];
  /** What an exchange costs in units; undefined: as its unit says. */
  readonly cost: string | undefined;
  /** A running answer ends when it costs more than is left. */
  readonly cutsStreams: boolean;
}

/** Lengths in milliseconds. */
export type BudgetWindow =
  | { readonly kind: "fixed"; readonly durationMs: number; readonly timeZone: string }
  | { readonly kind: "sliding"; readonly durationMs: number }
  | {
      readonly kind: "gcra";
      readonly durationMs: number;
      /** Units that may come at once. */
      readonly burst: number;
    };

/** The budget of a quota, defaults filled in. */
export function budgetOf({
  cost,
  cutStream,
  key,
  ...spec
}: DocumentOfKind<"Quota">["spec"]): Budget {
  return {
    limit: spec.limit,
    window: windowOf(spec),
    key: [...new Set(key)].sort(),
    cost,
    cutsStreams: cutStream ?? false,
  };
}

function windowOf({
  limit,
  window,
}: Pick<DocumentOfKind<"Quota">["spec"], "limit" | "window">): BudgetWindow {
  const length = durationMs(window.duration);
  switch (window.kind) {
    case "fixed":
      return { kind: "fixed", durationMs: length, timeZone: window.timeZone ?? "UTC" };
    case "sliding":
      return { kind: "sliding", durationMs: length };
    case "gcra":
      return { kind: "gcra", durationMs: length, burst: window.burst ?? limit };
  }
}

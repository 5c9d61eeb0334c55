import type { Problem } from "../../base/index.ts";
import { type DocumentOfKind, documentsOf, type PolicyDocument } from "../documents/document.ts";
import { durationMs } from "../documents/durations.ts";
import { placeProblem } from "../documents/place-problem.ts";

type Quota = DocumentOfKind<"Quota">;

/** Finds budgets whose window is none: E01 (policy-model 8). */
export function findQuotaProblems(documents: readonly PolicyDocument[]): readonly Problem[] {
  return documentsOf(documents, "Quota").flatMap((quota) => [
    ...surplusFields(quota),
    ...emptyWindow(quota),
    ...unknownZone(quota),
  ]);
}

/** The kind of window each setting goes with. */
const windowOf = { timeZone: "fixed", burst: "gcra" } as const;

function surplusFields(quota: Quota): readonly Problem[] {
  const { window } = quota.spec;
  return (["timeZone", "burst"] as const)
    .filter((field) => window[field] !== undefined && window.kind !== windowOf[field])
    .map((field) =>
      placeProblem(
        quota,
        { key: field, of: window },
        {
          code: "E01",
          message: `a \`${window.kind}\` window takes no \`${field}\``,
          hint: `Remove it, or write \`kind: ${windowOf[field]}\`.`,
        },
      ),
    );
}

function emptyWindow(quota: Quota): readonly Problem[] {
  const { window } = quota.spec;
  if (durationMs(window.duration) > 0) return [];
  return [
    placeProblem(
      quota,
      { value: "duration", of: window },
      {
        code: "E01",
        message: "a window must last longer than nothing",
        hint: "Write it like `24h`.",
      },
    ),
  ];
}

function unknownZone(quota: Quota): readonly Problem[] {
  const { window } = quota.spec;
  if (window.timeZone === undefined || isTimeZone(window.timeZone)) return [];
  return [
    placeProblem(
      quota,
      { value: "timeZone", of: window },
      {
        code: "E01",
        message: `\`${window.timeZone}\` is no time zone of the IANA database`,
        hint: "Write it like `Europe/Berlin` or `UTC`.",
      },
    ),
  ];
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    // The constructor refuses names it does not know, which is the question asked here.
    return false;
  }
}

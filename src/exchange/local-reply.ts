import { invariant } from "../base/index.ts";
import type { Obligations } from "../domain/index.ts";
import { type EditPlan, type FoundSpan, planEdits } from "../effects/index.ts";

/**
 * The edits of an answer the proxy gave by itself before the request was judged. No policy speaks
 * for it, so everything found in it is masked.
 */
export function maskEverything(spans: readonly FoundSpan[]): EditPlan {
  const redact: Record<string, NonNullable<Obligations["redact"]>[string]> = {};
  for (const span of spans) {
    for (const finding of span.findings) {
      redact[finding.dataClass] = { method: "mask", by: "local_reply", directions: ["response"] };
    }
  }
  return planEdits({ direction: "response", spans, redact, tokenOf: noToken });
}

function noToken(): never {
  invariant(false, "a mask needs no word of its own");
}

/** Judges what an exchange came to, by what was to become of the planted value. */

import type { Planting, Spelling } from "../support/planted-json.ts";
import { type PlantedValue, sentenceWith } from "../support/planted-values.ts";
import { joinEventTexts, notJson } from "./event-texts.ts";
import type { Handling } from "./position.ts";
import type { Outcome } from "./runs.ts";
import { findTrace, literalsOf } from "./traces.ts";

/** The words around a planted value, which must stay. */
export function plantingOf(planted: PlantedValue, spelling: Spelling): Planting {
  return { text: sentenceWith(planted), number: planted.digits ?? "0", spelling };
}

/** What is to stand there once the value was masked. */
export function maskedPlanting(planted: PlantedValue, spelling: Spelling): Planting {
  const mask = `[${planted.type}]`;
  return { text: sentenceWith(planted, mask), number: JSON.stringify(mask), spelling };
}

/** What is wrong with an outcome, or undefined. */
export type Verdict = string | undefined;

/** Judges a whole body; `expected` is the body as it must be once masked. */
export function judgeBody(
  outcome: Outcome,
  expectation: {
    readonly handling: Handling;
    readonly planted: PlantedValue;
    readonly original: string;
    readonly expected: string;
  },
): Verdict {
  const { handling, planted, original, expected } = expectation;
  const early = judgeRefusal(outcome, handling, planted);
  if (early !== "passed") return early;
  const passed = outcome.passed.toString("utf8");
  if (handling === "opaque") return passed === original ? undefined : "CHANGED: opaque bytes";
  if (findTrace(passed, planted) !== undefined) return "LEAK";
  if (planted.isSecret || handling === "fixed") return "NOT REFUSED";
  return judgeText(passed, handling, expected);
}

function judgeText(passed: string, handling: Handling, expected: string): Verdict {
  try {
    const literals = literalsOf(passed).join(" ");
    if (handling === "guarded" || literals === literalsOf(expected).join(" ")) return undefined;
    return `CHANGED: ${passed}`;
  } catch {
    return `BROKEN: ${passed}`;
  }
}

/** Judges a stream; `expected` is the stream as its reader must have it once masked. */
export function judgeStream(
  outcome: Outcome,
  expectation: {
    readonly handling: Handling;
    readonly planted: PlantedValue;
    readonly original: string;
    readonly expected: string;
  },
): Verdict {
  const { handling, planted, original, expected } = expectation;
  const passed = outcome.passed.toString("utf8");
  if (handling === "opaque" && passed === original) return undefined;
  const texts = joinEventTexts(passed);
  const everything = [passed, ...texts.values()].join("\n\n");
  if (findTrace(everything, planted) !== undefined) return "LEAK";
  const early = judgeRefusal(asRefused(outcome, passed), handling, planted);
  if (early !== "passed") return early;
  if (planted.isSecret) return "NOT REFUSED";
  const wanted = joinEventTexts(expected);
  if (texts.has(notJson) && !wanted.has(notJson)) return `BROKEN: ${texts.get(notJson)}`;
  if (handling !== "edited") return undefined;
  for (const [place, text] of wanted) {
    if (normalise(texts.get(place)) !== normalise(text)) {
      return `CHANGED: ${place} is ${texts.get(place)}`;
    }
  }
  return undefined;
}

/** Arguments that were written with escapes must only say the same. */
function normalise(text: string | undefined): string {
  try {
    return literalsOf(text ?? "").join(" ");
  } catch {
    // A text like any other.
    return text ?? "";
  }
}

/** A stream that was cut says so in its last event, which is an error of ours. */
function asRefused(outcome: Outcome, passed: string): Outcome {
  const isCut = /secret_detected|"permission_error"|"chancery_refusal"/.test(passed);
  return isCut ? { ...outcome, refusal: { status: 403, body: passed } } : outcome;
}

function judgeRefusal(
  { refusal }: Outcome,
  handling: Handling,
  planted: PlantedValue,
): Verdict | "passed" {
  if (refusal === undefined) return "passed";
  if (findTrace(refusal.body, planted) !== undefined) return "LEAK in the refusal";
  const mayBeRefused = planted.isSecret || handling !== "edited";
  return mayBeRefused ? undefined : `REFUSED: ${refusal.status} ${refusal.body}`;
}

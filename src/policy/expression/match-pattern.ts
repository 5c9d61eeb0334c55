import { RE2JS } from "re2js";
import { matchStepsMax, patternInstructionsMax, patternUnitsMax } from "./limits.ts";
import { failed, type Value } from "./values.ts";

/** A pattern of `matches()`, or why it is none. */
export type CompiledPattern =
  | { readonly matches: (text: Value) => Value }
  | { readonly message: string; readonly hint: string };

/**
 * Compiles a pattern with the syntax and the linear time of RE2. It matches where it fits any part
 * of the text; a text so long that trying would take too many steps is an error.
 */
export function compilePattern(pattern: string): CompiledPattern {
  if (pattern.length > patternUnitsMax) {
    return {
      message: `the pattern has ${pattern.length} characters, more than ${patternUnitsMax}`,
      hint: "Shorten it, or split it into several conditions.",
    };
  }
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(pattern);
  } catch (error) {
    // The library says by throwing that a text is no pattern; whatever it throws, it is refused.
    const reason = error instanceof Error ? error.message : "";
    return {
      message: `not a pattern of RE2: ${reason.replace("error parsing regexp: ", "")}`,
      hint: "Write it in RE2 syntax, which has no look-around and no back-references.",
    };
  }
  const instructions = compiled.programSize();
  if (instructions > patternInstructionsMax) {
    return {
      message: `the pattern takes ${instructions} steps a character, more than ${patternInstructionsMax}`,
      hint: "Lower its counted repetitions such as `{1,500}`.",
    };
  }
  const textUnitsMax = Math.floor(matchStepsMax / Math.max(1, instructions));
  return {
    matches: (text) => {
      if (typeof text !== "string" || text.length > textUnitsMax) return failed;
      return compiled.test(text);
    },
  };
}

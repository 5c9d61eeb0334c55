import { RE2JS } from "re2js";

/** UTF-16 units of one pattern. */
const patternUnitsMax = 512;
/**
 * Instructions one pattern may compile to, and those of one classifier together. RE2 takes at most as
 * many steps for each character of a text, so this is the budget of a run, whatever the text; counted
 * repetitions write out their body.
 */
const instructionsMax = 300;
export const instructionsTogetherMax = 2000;

/** A pattern that may run on every text, with what it costs; or why not. */
export type Admission =
  | { readonly instructions: number }
  | { readonly message: string; readonly hint: string };

/** Says whether a pattern may be looked for in every text (policy-model 11, E08). */
export function admitPattern(pattern: string): Admission {
  if (pattern.length > patternUnitsMax) {
    return {
      message: `the pattern has ${pattern.length} characters, more than ${patternUnitsMax}`,
      hint: "Split it into several patterns, or list the words it stands for under `terms`.",
    };
  }
  const compiled = compileOrReason(pattern);
  if (typeof compiled === "string") {
    return {
      message: `not a pattern of RE2: ${compiled}`,
      hint: "Write it in RE2 syntax, which has no look-around and no back-references.",
    };
  }
  const instructions = compiled.programSize();
  if (instructions > instructionsMax) {
    return {
      message: `the pattern takes ${instructions} steps a character, more than ${instructionsMax}`,
      hint: "Lower its counted repetitions such as `{1,500}`.",
    };
  }
  if (compiled.test("")) {
    return {
      message: "the pattern matches where nothing is",
      hint: "Ask for at least one character.",
    };
  }
  return { instructions };
}

function compileOrReason(pattern: string): RE2JS | string {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    // The library says by throwing that a text is no pattern; whatever it throws, it is refused.
    const reason = error instanceof Error ? error.message : "";
    return reason.replace("error parsing regexp: ", "");
  }
}

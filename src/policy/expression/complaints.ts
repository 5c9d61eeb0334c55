import { nearestName } from "../../base/index.ts";
import type { ExpressionUse } from "./expression.ts";
import { expressionNodesMax } from "./limits.ts";

/** What is said about a node that is not of the profile. */
export interface Complaint {
  readonly message: string;
  readonly hint: string;
}

export const numberTooLarge: Complaint = {
  message: "the number does not fit 64 bits",
  hint: "Write a smaller one.",
};

export const nested: Complaint = {
  message: "a macro stands inside another",
  hint: "Write `.filter(…)` before `.exists(…)`, or split the condition.",
};

/** Of a part of CEL that has no use here. */
export function notOfProfile(what: string): Complaint {
  return {
    message: `${what} is not part of the expression profile`,
    hint: "Values are bool, int, double, string, lists, maps, timestamps and durations.",
  };
}

/** Of a name, with the one that was probably meant. */
export function unknownName(
  what: string,
  name: string,
  known: ReadonlyMap<string, unknown>,
): Complaint {
  const nearest = nearestName(name, known.keys());
  const all = [...known.keys()].join(", ");
  return {
    message: what,
    hint: nearest === undefined ? `There is ${all}.` : `Did you mean \`${nearest}\`?`,
  };
}

/** Of an attribute that is not known, or not meant, where the expression stands. */
export function useProblem(name: string, use: ExpressionUse): Complaint {
  if (name === "usage") {
    return {
      message: "`usage` is known when an exchange is settled, not to a condition",
      hint: "Use `request.inputTokens`, or put it into the `cost` of a Quota.",
    };
  }
  if (name === "data.residual") {
    return {
      message: "`data.residual` is about what a permit leaves, so only allow rules read it",
      hint: "Use `data.classes`, which has what was found.",
    };
  }
  return use === "cost"
    ? {
        message: `\`${name}\` is not known when a budget is reserved`,
        hint: "Use `usage`, which is estimated first and settled by the provider's count.",
      }
    : {
        message: `\`${name}\` is known only after the action that an allow rule permits`,
        hint: "Put the condition into a deny or redact rule, which judges the answer.",
      };
}

export const tooManyParts: Complaint = {
  message: `the expression has more than ${expressionNodesMax} parts`,
  hint: "Split it into several conditions; all of a rule's conditions must hold.",
};

/** W19, of an entry that may be missing. */
export function unguarded(path: string): Complaint {
  return {
    message: `\`${path}\` is read without \`has()\``,
    hint: "Where it is missing the condition is an error; test it first with `has(…) &&`.",
  };
}

export const keyNotText: Complaint = {
  message: "a key of a map is no text",
  hint: "Write it in quotes.",
};

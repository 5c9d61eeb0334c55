import type { Problem } from "../../base/index.ts";
import type { PolicyDocument } from "../documents/document.ts";
import { comparePolicies, type Transition } from "./compare-policies.ts";
import { notAllTried } from "./conflicts.ts";
import { RuleSites } from "./rule-sites.ts";

/**
 * Finds what is permitted that the version before does not permit, and redactions that are lost, W15
 * (policy-model 11): each at the rule that permits it now, with an example request. What no rule stands
 * behind, such as a fallback, is told without a place.
 */
export function findWidenings(
  before: readonly PolicyDocument[],
  after: readonly PolicyDocument[],
): readonly Problem[] {
  const { transitions, isExhaustive } = comparePolicies(before, after);
  const sites = new RuleSites(after);
  const bound = isExhaustive ? "" : notAllTried;
  const wider = transitions.filter(({ isWider }) => isWider);
  // A rule that lets much through is told once for each thing that stood against it.
  const kinds = Map.groupBy(wider, ({ before: was, after: is }) =>
    JSON.stringify([is.decidedBy, was.reason, was.decidedBy]),
  );
  return [...kinds.values()].flatMap(([first]) => {
    if (first === undefined) return [];
    const text = {
      code: "W15",
      message: messageOf(first),
      hint: `Narrow it, or let the change be reviewed for what it permits.${bound}`,
    } as const;
    const located = sites.warn({ name: first.after.decidedBy ?? "", ramp: undefined }, text);
    if (located.length > 0) return located;
    return { ...text, severity: "warning" as const, file: ".", line: 0, column: 0 };
  });
}

function messageOf({ input, before, after, conditions }: Transition): string {
  const permits = `permits, by \`${after.decidedBy}\`,`;
  const was = before.decidedBy === null ? "" : ` by \`${before.decidedBy}\``;
  const what =
    before.outcome === "deny"
      ? `${permits} what was denied${was}: \`${before.reason}\``
      : "lets something through that was redacted";
  const hinges = Object.keys(conditions).map((text) => `\`${text}\``);
  const where = hinges.length === 0 ? "" : `, depending on ${hinges.join(" and ")}`;
  return `${what}${where}; for instance ${JSON.stringify(input)}`;
}

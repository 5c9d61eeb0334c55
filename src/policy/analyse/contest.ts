import { overlap } from "../compile/name-pattern.ts";
import type { Rule, SubjectMatcher } from "../compile/rule.ts";
import { coversClass } from "../compile/taxonomy.ts";
import type { Analysis } from "./analysis.ts";
import { isContained } from "./containment.ts";
import type { RuleReach } from "./path-table.ts";

/**
 * Whether a permit claims what a deny forbids. A deny that narrows by something the permit says
 * nothing about is how exceptions to a permit are written (everybody may, but no credentials), and so
 * is one from below that lies within the permit; neither surprises anybody.
 */
export function contests(allow: RuleReach, deny: RuleReach, analysis: Analysis): boolean {
  const { rule } = deny;
  if (rule.authority < allow.rule.authority && liesWithin(deny, allow, analysis)) return false;
  const restricted = dimensions.filter(({ isNarrowedBy }) => isNarrowedBy(rule));
  return restricted.length > 0 && restricted.every(({ isShared }) => isShared(allow.rule, rule));
}

function liesWithin(deny: RuleReach, allow: RuleReach, { world }: Analysis): boolean {
  return deny.reached.isWithin(allow.always) && isContained(deny.rule, allow.rule, world);
}

interface Dimension {
  isNarrowedBy(deny: Rule): boolean;
  /** Both speak of it, and of something in common. */
  isShared(allow: Rule, deny: Rule): boolean;
}

const dimensions: readonly Dimension[] = [
  {
    isNarrowedBy: ({ subjects }) => subjects !== undefined,
    isShared: ({ subjects: a }, { subjects: b }) => a !== undefined && shareSubjects(a, b),
  },
  // That both are in play on one path was seen already.
  {
    isNarrowedBy: ({ actions }) => actions !== undefined,
    isShared: ({ actions }) => actions !== undefined,
  },
  {
    isNarrowedBy: ({ models }) => models !== undefined,
    isShared: ({ models }) => models !== undefined,
  },
  {
    isNarrowedBy: ({ tools }) => tools !== undefined,
    isShared: ({ tools }) => tools !== undefined,
  },
  {
    isNarrowedBy: ({ classes }) => classes !== undefined,
    isShared: ({ permitted, classes: asked }, { classes }) =>
      [...(permitted?.classes ?? []), ...(asked?.anyOf ?? [])].some((named) =>
        classes?.anyOf.some(
          (forbidden) => coversClass([forbidden], named) || coversClass([named], forbidden),
        ),
      ),
  },
];

const subjectFields = ["principals", "groups", "roles", "kinds", "issuers", "actors"] as const;

/** Names in common; that somebody may be in two groups that have nothing to do with it is no contest. */
function shareSubjects(a: SubjectMatcher, b: SubjectMatcher | undefined): boolean {
  return subjectFields.some((field) =>
    a[field]?.some((item) => b?.[field]?.some((other) => overlap(item, other))),
  );
}

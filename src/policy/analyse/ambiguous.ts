import type { Problem } from "../../base/index.ts";
import type { DecisionInput } from "../../domain/index.ts";
import { canonicalJson } from "../../signing/index.ts";
import type { Rule } from "../compile/rule.ts";
import { matchRule } from "../decide/match-rule.ts";
import { createRunFacts } from "../decide/run-facts.ts";
import { rankOf } from "../match/specificity.ts";
import type { Analysis } from "./analysis.ts";
import { exampleFor, hinge, notAllTried, pairsMax } from "./conflicts.ts";
import type { RuleReach } from "./path-table.ts";
import { spreadOver } from "./spread.ts";

/**
 * Finds permits with different terms that only `priority` or the name tells apart, W14 (policy-model
 * 5.2 and 11). Terms are the routes, which permits of exceptions have none of: all else is joined.
 */
export function findAmbiguous(analysis: Analysis): readonly Problem[] {
  const { table } = analysis;
  const permits = table.reaches.filter(({ rule }) => rule.effect === "allow");
  if (permits.every(({ rule }) => rule.route === undefined)) return [];
  const pairs = permits.flatMap((a, index) =>
    permits
      .slice(index + 1)
      .filter((b) => a.rule.layer === b.rule.layer && a.reached.meets(b.reached))
      .filter((b) => routeOf(a.rule) !== routeOf(b.rule))
      .map((b) => [a, b] as const),
  );
  const { indexes, isExhaustive } = spreadOver(pairs.length, pairsMax);
  const bound = isExhaustive && table.isExhaustive ? "" : notAllTried;
  const found = [...indexes].flatMap((index) => withExample(pairs[index], analysis));
  // A rule that is as specific as many is told once, by the first of them.
  const byRule = Map.groupBy(found, ({ b }) => b.rule);
  return [...byRule.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const { a, b, input } = first;
    const by = a.rule.priority === b.rule.priority ? "the name" : "`priority`";
    const more = others.length === 0 ? "" : ` and ${others.length} more`;
    return analysis.sites.warn(b.rule, {
      code: "W14",
      message: `only ${by} decides whether its route holds or that of \`${a.rule.name}\`${more}${hinge([a.rule, b.rule])}; for instance ${JSON.stringify(input)}`,
      hint: `Make one of them more specific, or give both the same route.${bound}`,
    });
  });
}

function withExample(pair: readonly [RuleReach, RuleReach] | undefined, analysis: Analysis) {
  if (pair === undefined) return [];
  const [a, b] = pair;
  const input = exampleFor([a, b], analysis);
  if (input === undefined || !areEquallySpecific(a, b, { input, analysis })) return [];
  return [{ a, b, input }];
}

function routeOf({ route }: Rule): string {
  return route === undefined ? "" : canonicalJson(route);
}

interface Asked {
  readonly input: DecisionInput;
  readonly analysis: Analysis;
}

function areEquallySpecific(a: RuleReach, b: RuleReach, { input, analysis }: Asked): boolean {
  const [one, two] = [a, b].map(({ rule, reached }) => {
    const path = analysis.table.paths.find(
      ({ scope, action, model }, index) =>
        reached.has(index) &&
        scope.tenantId === input.tenant &&
        scope.appId === input.app &&
        action === input.action &&
        model?.id === input.model,
    );
    if (path === undefined) return undefined;
    const { scope, action, model, edition } = path;
    const inPlay = scope
      .rulesFor(action, model, edition)
      .find((candidate) => candidate.rule === rule);
    if (inPlay === undefined) return undefined;
    const facts = createRunFacts(scope, input, { model, memo: undefined });
    return rankOf(inPlay, matchRule(inPlay, facts)) - rule.priority;
  });
  return one !== undefined && one === two;
}

import type { RuleTrace } from "../../domain/index.ts";
import { isActive } from "../compile/active-window.ts";
import type { Rule } from "../compile/rule.ts";
import type { Truth } from "../expression/expression.ts";
import { matchClasses } from "../match/match-classes.ts";
import { matchTool } from "../match/match-tool.ts";
import { fitPath } from "../match/specificity.ts";
import type { PreparedCondition } from "../snapshot/conditions.ts";
import type { Edition } from "../snapshot/edition.ts";
import type { CallerTest } from "../snapshot/hidden-tests.ts";
import type { HiddenPart, RuleInPlay } from "../snapshot/rules-in-play.ts";
import { isInForce, scoreOfCaller, scoreOfHidden } from "./match-rule.ts";
import { type Leftovers, permitsLeftovers, residualOf } from "./redactions.ts";
import {
  type RunFacts,
  testCondition,
  testHiddenCondition,
  testLateCondition,
  toolOf,
  waitsForCall,
} from "./run-facts.ts";

interface TraceParts {
  readonly facts: RunFacts;
  readonly edition: Edition;
  readonly leftovers: Leftovers;
}

/**
 * Why each rule on the path was what it was, sorted by name: the parts of a match in the order they
 * are tested in, with the very tests the decision is made by.
 */
export function traceRules(parts: TraceParts): readonly RuleTrace[] {
  const { facts, edition } = parts;
  const { scope, input, model } = facts;
  const inPlay = new Map(
    scope.rulesFor(input.action, model, edition).map((one) => [one.rule, one]),
  );
  return scope.rulesOnPath(input.action, model, edition).map((rule) => {
    const candidate = inPlay.get(rule);
    if (candidate !== undefined) return traceRule(candidate, parts);
    const fit = fitPath(rule, {
      tenant: scope.tenantId,
      app: scope.appId,
      action: input.action,
      model,
    });
    return { rule: rule.name, match: "F", at: typeof fit === "string" ? fit : "unset" };
  });
}

interface Part {
  readonly at: string;
  readonly truth: Truth | "unknown";
}

function traceRule(inPlay: RuleInPlay, parts: TraceParts): RuleTrace {
  const { rule } = inPlay;
  const { facts } = parts;
  if (!isInForce(inPlay, facts)) return notInForce(inPlay, facts);
  const recorded = inPlay.hidden?.rest ?? inPlay;
  const all = [
    ...traceMatchers(recorded.rule, facts),
    ...(inPlay.hidden === undefined ? [] : traceHidden(inPlay.hidden, facts)),
    ...traceConditions(inPlay, parts),
    ...tracePermitted(rule, parts),
  ];
  const decisive =
    all.find(({ truth }) => truth === "F") ??
    all.find(({ truth }) => truth === "unknown") ??
    all.find(({ truth }) => truth === "E");
  return {
    rule: rule.name,
    match: decisive?.truth ?? "T",
    at: decisive?.at ?? null,
  };
}

function notInForce({ rule, waitsForAnswer }: RuleInPlay, { input, timeMs }: RunFacts): RuleTrace {
  if (waitsForAnswer && input.point !== "response") {
    return { rule: rule.name, match: "unknown", at: "response" };
  }
  const isInWindow = isActive(rule.window, timeMs, rule.effect !== "allow");
  return { rule: rule.name, match: "F", at: isInWindow ? "unset" : "window" };
}

function traceMatchers(rule: Rule, facts: RunFacts): readonly Part[] {
  const { subjects, scope, exclude, tools, classes } = rule;
  const found: Part[] = [];
  const add = (at: string, fits: boolean) => found.push({ at, truth: fits ? "T" : "F" });
  if (subjects !== undefined) add("subjects", scoreOfCaller(subjects, facts) !== undefined);
  if (scope?.subjects !== undefined) {
    add("scope", scoreOfCaller(scope.subjects, facts) !== undefined);
  }
  if (exclude !== undefined) add("exclude", scoreOfCaller(exclude, facts) === undefined);
  if (tools !== undefined) add("tools", matchTool(tools, toolOf(facts)) !== undefined);
  if (classes !== undefined) {
    const score = matchClasses(classes, facts.input.data);
    if (score === "unknown") found.push({ at: "dataClasses", truth: "E" });
    else add("dataClasses", score !== undefined);
  }
  return found;
}

/** Matchers that list callers by id. */
function traceHidden({ exclude, subjects }: HiddenPart, facts: RunFacts): readonly Part[] {
  const fits = (test: CallerTest) => scoreOfHidden(test, facts) !== undefined;
  const all = subjects.map((test): Part => {
    const at = test.key.includes("#@scope") ? "scope" : "subjects";
    return { at, truth: fits(test) ? "T" : "F" };
  });
  if (exclude !== undefined) all.push({ at: "exclude", truth: fits(exclude) ? "F" : "T" });
  return all;
}

function traceConditions(
  { conditions, hidden, rule }: RuleInPlay,
  { facts, leftovers }: TraceParts,
): readonly Part[] {
  const keys = new Map(hidden?.conditions.map(({ condition, key }) => [condition, key]));
  const early = conditions.early.map((condition) => {
    const key = keys.get(condition);
    const truth =
      key === undefined
        ? testCondition(condition, facts)
        : testHiddenCondition(key, condition, facts);
    if (truth !== "E" || !waitsForCall(condition, facts)) return toPart(condition, truth);
    return toPart(condition, rule.effect === "allow" ? "T" : "unknown");
  });
  if (conditions.late.length === 0) return early;
  const residual = residualOf(leftovers, rule);
  const late = conditions.late.map((condition) =>
    toPart(condition, testLateCondition(condition, facts, { residual, hidden })),
  );
  return [...early, ...late].sort((a, b) => (a.at < b.at ? -1 : 1));
}

function toPart({ name }: PreparedCondition, truth: Part["truth"]): Part {
  return { at: `conditions#${name}`, truth };
}

function tracePermitted({ permitted }: Rule, { leftovers }: TraceParts): readonly Part[] {
  if (permitted === undefined) return [];
  if (!permitsLeftovers(permitted, leftovers)) return [{ at: "dataClasses", truth: "F" }];
  return [{ at: "dataClasses", truth: leftovers.isComplete ? "T" : "E" }];
}

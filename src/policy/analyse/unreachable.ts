import type { Problem } from "../../base/index.ts";
import { overlap } from "../compile/name-pattern.ts";
import type { Rule } from "../compile/rule.ts";
import { isEntitled } from "../snapshot/entitlement.ts";
import type { AppScope } from "../snapshot/snapshot.ts";
import type { Analysis } from "./analysis.ts";
import { isContained } from "./containment.ts";
import { type AnalysedPath, isOfException, type RuleReach } from "./path-table.ts";

/**
 * Finds rules that never matter, W11 (policy-model 11): those whose every request a deny of equal or
 * higher authority refuses, permits outside the boundaries or of no model, routes that are denied. Of
 * rules in shadow those that would never matter if they were enforced.
 */
export function findUnreachable(analysis: Analysis): readonly Problem[] {
  const { reaches, exceptions, trials } = analysis.table;
  const inShadow = trials.filter(({ rule }) => rule.isShadow);
  const enforced = trials.filter(({ rule }) => !rule.isShadow);
  return [
    ...findAmong([...reaches, ...exceptions], deniesIn(reaches), analysis),
    ...findAmong(inShadow, deniesIn(enforced), analysis),
  ];
}

function deniesIn(reaches: readonly RuleReach[]): readonly RuleReach[] {
  return reaches.filter(({ rule }) => rule.effect === "deny");
}

function findAmong(
  reaches: readonly RuleReach[],
  denies: readonly RuleReach[],
  analysis: Analysis,
): readonly Problem[] {
  return reaches.flatMap((reach) => {
    const { rule } = reach;
    if (rule.effect === "deny") return [];
    const outside = outsideOf(reach, analysis);
    if (outside !== undefined) return analysis.sites.warn(rule, outside);
    const deny = denies.find((one) => refusesAll(one, reach, analysis));
    if (deny !== undefined) {
      return analysis.sites.warn(rule, {
        code: "W11",
        message: `${neverMatters(rule)}, since \`${deny.rule.name}\` denies every request it fits`,
        hint: isOfException(rule) ? hintForException(rule, deny.rule) : hintForRule,
      });
    }
    return findDeniedRoutes(reach, denies, analysis);
  });
}

function neverMatters({ isShadow }: Rule): string {
  return isShadow ? "enforced it would never matter" : "never matters";
}

const hintForRule = "Remove it, or narrow one of the two.";

function hintForException({ layer, authority, tenant }: Rule, deny: Rule): string {
  const kind = layer === "incident" ? "incident" : "grant";
  const lifter = { kind, tenant: authority === 2 ? undefined : tenant } as const;
  return isEntitled(lifter, deny)
    ? "Lift that rule in the same document, or remove this one."
    : "That rule cannot be lifted from here; remove this one.";
}

/** Whether a rule is contained in a deny of equal or higher authority wherever it is in play. */
export function refusesAll(deny: RuleReach, { rule, reached }: RuleReach, { world }: Analysis) {
  return (
    deny.rule.authority >= rule.authority &&
    !reached.isEmpty &&
    reached.isWithin(deny.always) &&
    isContained(rule, deny.rule, world)
  );
}

/** Of permits alone: a restriction may well wait for a model that is not there yet. */
function outsideOf({ rule, anywhere, reached }: RuleReach, { table }: Analysis) {
  if (rule.effect !== "allow") return undefined;
  const attached = table.paths.filter(({ scope }) => isOnPathOf(rule, scope));
  if (attached.length === 0 || !table.isExhaustive) return undefined;
  if (anywhere.isEmpty && rule.scope !== undefined) {
    return {
      code: "W11",
      message: "never matters, since no model or action fits both it and its scope",
      hint: "Mend it, or the scope.",
    } as const;
  }
  if (anywhere.isEmpty) {
    return {
      code: "W11",
      message: `${neverMatters(rule)}, since no model that the catalogs list fits it`,
      hint: "Mend its `models`, or add the model to a catalog.",
    } as const;
  }
  const isInside = [...table.paths.entries()].some(
    ([index, path]) => reached.has(index) && areToolsInside(rule, path),
  );
  if (isInside) return undefined;
  return {
    code: "W11",
    message: `${neverMatters(rule)}, since all it permits is outside the boundary of the tenant or the app`,
    hint: "Remove it, or widen the boundary.",
  } as const;
}

function isOnPathOf({ tenant, app }: Rule, { tenantId, appId }: AppScope): boolean {
  return (tenant === undefined || tenant === tenantId) && (app === undefined || app === appId);
}

function areToolsInside({ tools }: Rule, { action, scope }: AnalysedPath): boolean {
  const names = tools?.names;
  if (!action.startsWith("tool.") || names === undefined) return true;
  return scope.boundaries.every(
    ({ boundary }) =>
      boundary.tools?.some((drawn) => names.some((name) => overlap(drawn, name))) ?? true,
  );
}

function findDeniedRoutes(
  reach: RuleReach,
  denies: readonly RuleReach[],
  analysis: Analysis,
): readonly Problem[] {
  const { route, transform } = reach.rule;
  const targets = new Set([
    ...(route?.prefer ?? []),
    ...(route?.fallback ?? []),
    ...(transform?.routeOnly ?? []),
  ]);
  return [...targets].flatMap((target) => {
    const needed = pathsTo(target, reach, analysis);
    if (needed.length === 0) return [];
    const deny = denies.find(
      ({ rule, always }) =>
        rule.authority >= reach.rule.authority &&
        needed.every((index) => always.has(index)) &&
        isContained(reach.rule, rule, analysis.world),
    );
    if (deny === undefined) return [];
    return analysis.sites.warn(reach.rule, {
      code: "W11",
      message: `its route to \`${target}\` is never taken, since \`${deny.rule.name}\` denies that model to every request it fits`,
      hint: "Take the model out of the route, or narrow the deny.",
    });
  });
}

/** The paths of the requests a rule fits, were they sent to a model it routes to. */
function pathsTo(target: string, { reached }: RuleReach, { table }: Analysis): readonly number[] {
  const keyOf = ({ scope, action, edition }: AnalysedPath) =>
    `${scope.tenantId}/${scope.appId} ${action} ${edition.key}`;
  const asked = new Set(
    table.paths.flatMap((path, index) => (reached.has(index) ? keyOf(path) : [])),
  );
  return table.paths.flatMap((path, index) =>
    path.model?.id === target && asked.has(keyOf(path)) ? index : [],
  );
}

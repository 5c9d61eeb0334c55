import type { DecisionInput, FindingGroup, Place, Principal } from "../../domain/index.ts";
import { fitsPattern } from "../compile/name-pattern.ts";
import type { ActiveWindow, Rule, SubjectMatcher } from "../compile/rule.ts";
import { coversClass } from "../compile/taxonomy.ts";
import { matchTool } from "../match/match-tool.ts";
import type { AnalysedPath } from "./path-table.ts";

/** Where nothing has a window, any time does; a fixed one keeps examples the same every day. */
export const anyTime = "2026-01-01T00:00:00.000Z";

/** Classes of one list that are tried; more are alike for a reader. */
const classesMax = 6;

/**
 * Requests on one path that could fit both rules, the likeliest first. They are proposals: whether
 * they do is asked of the engine.
 */
export function requestsFor(
  path: AnalysedPath,
  rules: readonly [Rule, Rule],
): readonly DecisionInput[] {
  const { scope, action, model } = path;
  const principal = principalFor(rules.flatMap(({ subjects }) => subjects ?? []));
  if (principal === undefined) return [];
  const isLlm = action.startsWith("llm.");
  const isAnswer = isLlm && rules.some(({ classes }) => classes?.readsResponseOnly);
  const tools = isLlm ? [undefined] : toolsFor(path, rules);
  return tools.flatMap((tool) =>
    findingsFor(rules, isAnswer ? "response" : "prompt").map(
      (findings): DecisionInput => ({
        time: timeIn(rules.map(({ window }) => window)),
        tenant: scope.tenantId,
        app: scope.appId,
        action,
        point: isLlm ? (isAnswer ? "response" : "request") : pointOf(action),
        ...(model && { model: model.id }),
        ...(tool !== undefined && { tool: { name: tool, args: {}, approved: true } }),
        principal,
        data: { status: "ok", findings },
      }),
    ),
  );
}

function pointOf(action: string): "tool.list" | "tool.call" | "tool.result" {
  return action === "tool.list" || action === "tool.call" ? action : "tool.result";
}

/** A value that a pattern fits. */
export function valueFor(pattern: string): string {
  return pattern.endsWith("*") ? `${pattern.slice(0, -1)}any` : pattern;
}

/** Somebody who fits all matchers; undefined where a field can have one value only, and none fits. */
export function principalFor(matchers: readonly SubjectMatcher[]): Principal | undefined {
  const one = (field: "principals" | "kinds" | "issuers" | "actors") => {
    const lists = matchers.flatMap((matcher) => (matcher[field] ? [matcher[field]] : []));
    if (lists.length === 0) return "";
    const fitting = lists
      .flat()
      .map(valueFor)
      .find((value) => lists.every((list) => list.some((item) => fitsPattern(item, value))));
    return fitting;
  };
  const many = (field: "groups" | "roles") => [
    ...new Set(matchers.flatMap((matcher) => (matcher[field] ?? []).slice(0, 1).map(valueFor))),
  ];
  const [id, kind, issuer, actor] = [
    one("principals"),
    one("kinds"),
    one("issuers"),
    one("actors"),
  ];
  if (id === undefined || kind === undefined || issuer === undefined || actor === undefined) {
    return undefined;
  }
  const [groups, roles] = [many("groups"), many("roles")];
  return {
    id: id || "user:somebody",
    kind: kind === "workload" || kind === "composite" ? kind : "user",
    ...(issuer && { issuer }),
    ...(groups.length > 0 && { groups }),
    ...(roles.length > 0 && { roles }),
    ...(actor && { actor: { id: actor } }),
  };
}

function toolsFor({ scope }: AnalysedPath, rules: readonly Rule[]): readonly string[] {
  const named = rules.flatMap(({ tools }) => tools?.names ?? []).map(valueFor);
  const names = [...new Set([...named, ...scope.tools.names, "any/tool"])];
  const fitting = names.filter((name) =>
    rules.every(
      ({ tools }) =>
        tools === undefined ||
        matchTool(tools, { name, risk: scope.tools.riskOf(name) }) !== undefined,
    ),
  );
  return fitting.slice(0, 4);
}

/** What has to be found for both to match; findings that only one of them asks for come along. */
function findingsFor(
  rules: readonly [Rule, Rule],
  elsewhere: Place,
): readonly (readonly FindingGroup[])[] {
  const choices = rules.map((rule) => findingsOf(rule, rules, elsewhere));
  const [first = [], second = []] = choices;
  return first.flatMap((a) => second.map((b) => join(a, b)));
}

function findingsOf(
  { classes }: Rule,
  rules: readonly Rule[],
  elsewhere: Place,
): readonly (FindingGroup | undefined)[] {
  if (classes === undefined) return [undefined];
  const listed = rules.flatMap((rule) => [
    ...(rule.permitted?.classes ?? []),
    ...(rule.classes?.anyOf ?? []),
  ]);
  const narrower = listed.filter((dataClass) => coversClass(classes.anyOf, dataClass));
  const { places, minCount } = classes;
  const place = places === undefined || places.includes(elsewhere) ? elsewhere : places[0];
  return [...new Set([...narrower, ...classes.anyOf])].slice(0, classesMax).map((dataClass) => ({
    class: dataClass,
    in: place ?? elsewhere,
    count: minCount,
    confidence: 1,
  }));
}

function join(a: FindingGroup | undefined, b: FindingGroup | undefined): readonly FindingGroup[] {
  if (a === undefined || b === undefined) return [a ?? b].filter((one) => one !== undefined);
  if (a.class !== b.class || a.in !== b.in) return [a, b];
  return [a.count > b.count ? a : b];
}

function timeIn(windows: readonly (ActiveWindow | undefined)[]): string {
  const starts = windows.flatMap((window) => window?.fromMs ?? []);
  const ends = windows.flatMap((window) => window?.untilMs ?? []);
  const start = Math.max(...starts);
  if (starts.length > 0) return new Date(start).toISOString();
  return ends.length > 0 ? new Date(Math.min(...ends) - 1).toISOString() : anyTime;
}

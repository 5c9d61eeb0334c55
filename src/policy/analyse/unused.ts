import type { Problem } from "../../base/index.ts";
import type { Rule } from "../compile/rule.ts";
import { type DocumentOfKind, documentsOf } from "../documents/document.ts";
import type { Analysis } from "./analysis.ts";
import { isOfException } from "./path-table.ts";
import {
  dayMs,
  daysCovered,
  isCountedOneByOne,
  lastUse,
  type PolicyUsage,
} from "./policy-usage.ts";
import { warnAt } from "./rule-sites.ts";

/** What was used, and how long something has to go without use until it is called unused. */
export interface UnusedOptions {
  readonly usage: readonly PolicyUsage[];
  /** Whole days. */
  readonly unusedDays: number;
  /** Milliseconds since the epoch: Grants that are over by then are told as such. */
  readonly nowMs: number;
}

/**
 * Finds rules without a match and Grants without use, W17 (policy-model 6 and 11). Nothing is called
 * unused where a source covers fewer days than are asked for, nor where a use would not have shown.
 */
export function findUnused(analysis: Analysis, options: UnusedOptions): readonly Problem[] {
  if (options.usage.length === 0 || daysCovered(options.usage) < options.unusedDays) return [];
  return [...findUnusedRules(analysis, options), ...findUnusedGrants(analysis, options)];
}

function findUnusedRules({ policies: { form }, sites }: Analysis, options: UnusedOptions) {
  const lifted = new Set(form.lifts.map(({ rule }) => rule));
  const names = new Set<string>();
  return form.rules.flatMap((rule) => {
    // Both versions of a ramped policy may have a rule of one name; uses do not tell them apart.
    if (names.has(rule.name) || isOfException(rule)) return [];
    names.add(rule.name);
    if (!wasInForce(rule, options) || !hasShown(rule, options.usage, lifted)) return [];
    const since = disuseOf([rule.name], options);
    if (since === undefined) return [];
    return sites.warn(rule, {
      code: "W17",
      message: `\`${rule.name}\` matched nothing ${since}`,
      hint: "Remove it, unless it is newer than that or guards against what must never happen.",
    });
  });
}

/** Of a policy with an active window: whether that held for all the days asked for. */
function wasInForce({ window }: Rule, { usage, unusedDays, nowMs }: UnusedOptions): boolean {
  if (window === undefined) return true;
  const { fromMs = Number.NEGATIVE_INFINITY, untilMs = Number.POSITIVE_INFINITY } = window;
  return untilMs > nowMs && usage.every((one) => one.untilMs - fromMs >= unusedDays * dayMs);
}

/** Tools within a generation have their own decisions, of which only what decided them is told. */
function hasShown(rule: Rule, usage: readonly PolicyUsage[], lifted: ReadonlySet<string>): boolean {
  const { actions, tools } = rule;
  const isAboutTools = tools !== undefined || actions?.every((one) => one.startsWith("tool."));
  return (
    isAboutTools !== true &&
    usage.some(
      (one) => isCountedOneByOne(rule, one) && (one.source === "records" || !lifted.has(rule.name)),
    )
  );
}

function findUnusedGrants(
  { policies: { documents, form } }: Analysis,
  options: UnusedOptions,
): readonly Problem[] {
  return documentsOf(documents, "Grant").flatMap((grant) => {
    const name = `${grant.metadata.namespace}/${grant.metadata.name}`;
    const permits = form.rules.filter((rule) => rule.name.startsWith(`${name}/`));
    if (!wasTried(grant, permits, options)) return [];
    const since = disuseOf([name, ...permits.map((rule) => rule.name)], options);
    if (since === undefined) return [];
    const text = {
      code: "W17",
      message: `nobody made use of it ${since}`,
      hint: "Remove it, or let it run out; to renew it is to grant what nobody needs.",
    } as const;
    return [warnAt(grant, { value: "name", of: grant.metadata }, text)];
  });
}

/** Whether a use would have shown: it was in force long enough, or for half of all its time. */
function wasTried(
  { spec }: DocumentOfKind<"Grant">,
  permits: readonly Rule[],
  { usage, unusedDays, nowMs }: UnusedOptions,
): boolean {
  const [beginMs, endMs] = [Date.parse(spec.activeFrom), Date.parse(spec.expiresAt)];
  if (endMs <= nowMs) return false;
  const neededMs = Math.min(unusedDays * dayMs, (endMs - beginMs) / 2);
  const isLong = ({ fromMs, untilMs }: PolicyUsage) =>
    Math.min(untilMs, endMs) - Math.max(fromMs, beginMs) >= neededMs;
  const hasLifts = (spec.lifts ?? []).length > 0;
  const shows = (one: PolicyUsage) =>
    one.source === "records" ||
    (!hasLifts && permits.every((rule) => isCountedOneByOne(rule, one)));
  return usage.every(isLong) && usage.some(shows);
}

/** For how long nothing of these names was used, in words; undefined where it was. */
function disuseOf(names: readonly string[], { usage, unusedDays }: UnusedOptions) {
  const uses = names.flatMap((name) => lastUse(usage, name) ?? []);
  if (uses.length === 0) return `in the ${daysCovered(usage)} days that the usage covers`;
  const last = Math.max(...uses);
  const until = Math.max(...usage.map(({ untilMs }) => untilMs));
  if (until - last < unusedDays * dayMs) return undefined;
  const days = Math.floor((until - last) / dayMs);
  return `since ${new Date(last).toISOString().slice(0, 10)}, ${days} days before the usage ends`;
}

import type { Action, DecisionInput, Point, Principal } from "../../domain/index.ts";
import type { CompiledForm } from "../compile/compiled-form.ts";
import { fitsPattern } from "../compile/name-pattern.ts";
import { bucketOf, type Rollout, sideOf } from "../compile/rollouts.ts";
import type { SubjectMatcher } from "../compile/rule.ts";
import { matchTool } from "../match/match-tool.ts";
import type { AnalysedPolicies } from "./analysed-policies.ts";
import { cornerFindings } from "./corner-findings.ts";
import { anyTime, principalFor, valueFor } from "./example-request.ts";
import { createPathTable } from "./path-table.ts";
import { spreadOver } from "./spread.ts";

/** Requests that stand for all others: one for each class of them that the policies tell apart. */
export interface CornerPoints {
  readonly count: number;
  /** False: there were too many, so some are left out, always the same ones. */
  readonly isExhaustive: boolean;
  readonly inputs: Iterable<DecisionInput>;
}

/** What is asked of whom, before it is known who asks and what is in it. */
interface Question {
  readonly tenant: string;
  readonly app: string;
  readonly action: Action;
  readonly point: Point;
  readonly model: string | undefined;
  readonly tool: DecisionInput["tool"];
}

/** The corner points of several versions of policies together; at most `most` of them. */
export function cornerPoints(versions: readonly AnalysedPolicies[], most: number): CornerPoints {
  const forms = versions.map(({ form }) => form);
  const { questions, isExhaustive } = questionsOf(versions);
  const data = cornerFindings(forms);
  const principals = principalsOf(forms);
  const times = timesOf(forms);
  const total = questions.length * data.length * principals.length * times.length;
  const spread = spreadOver(total, most);
  function* inputs(): Iterable<DecisionInput> {
    for (const index of spread.indexes) {
      // The questions turn slowest, so that a search that ends early has seen each of them.
      const [time, left] = pick(times, index);
      const [found, rest] = pick(data, left);
      const [principal, last] = pick(principals, rest);
      const question = questions[last];
      if (question === undefined || !isPossible(question, found)) continue;
      const { model, tool, ...asked } = question;
      yield {
        ...asked,
        time,
        ...(model && { model }),
        ...(tool && { tool }),
        principal,
        data: found,
      };
    }
  }
  return {
    count: Math.min(total, most),
    isExhaustive: isExhaustive && spread.isExhaustive,
    inputs: inputs(),
  };
}

function pick<Item>(list: readonly Item[], index: number): readonly [Item, number] {
  return [list[index % list.length] as Item, Math.floor(index / list.length)];
}

/** There is nothing to find in an answer before it is there. */
function isPossible({ point }: Question, { findings }: DecisionInput["data"]): boolean {
  return point === "response" || findings.every((finding) => finding.in !== "response");
}

function questionsOf(versions: readonly AnalysedPolicies[]) {
  const tables = versions.map(createPathTable);
  const questions = new Map<string, Question>();
  const add = (question: Question) => questions.set(JSON.stringify(question), question);
  const forms = versions.map(({ form }) => form);
  for (const { scope, action, model } of tables.flatMap(({ paths }) => paths)) {
    const asked = { tenant: scope.tenantId, app: scope.appId, action };
    if (!action.startsWith("llm.")) {
      for (const tool of toolsOf(forms, action)) {
        add({ ...asked, point: action as Point, model: undefined, tool });
      }
      continue;
    }
    const names = [model?.id, ...(action === "llm.read" ? [] : scope.models.aliases)];
    for (const name of names) add({ ...asked, point: "request", model: name, tool: undefined });
    add({ ...asked, point: "response", model: model?.id, tool: undefined });
  }
  return {
    questions: [...questions.values()],
    isExhaustive: tables.every((table) => table.isExhaustive),
  };
}

function toolsOf(
  forms: readonly CompiledForm[],
  action: Action,
): readonly NonNullable<DecisionInput["tool"]>[] {
  const matchers = forms.flatMap(({ rules }) => rules.flatMap(({ tools }) => tools ?? []));
  const catalog = new Map(
    forms.flatMap(({ tools }) => tools.map(({ name, risk }) => [name, risk])),
  );
  const drawn = forms.flatMap(({ tenants }) =>
    Object.values(tenants).flatMap(({ boundary, apps }) => [
      ...(boundary?.tools ?? []),
      ...Object.values(apps).flatMap((app) => app.boundary?.tools ?? []),
    ]),
  );
  const listed = matchers.flatMap(({ names }) => names ?? []);
  const proposed = [...catalog.keys(), ...[...listed, ...drawn].map(valueFor), "any/tool"];
  const classes = new Map<string, string>();
  for (const name of new Set(proposed)) {
    const tool = { name, risk: catalog.get(name) ?? "unknown" };
    const fits = matchers.map((matcher) => matchTool(matcher, tool) ?? "-");
    const key = JSON.stringify([fits, drawn.map((pattern) => fitsPattern(pattern, name))]);
    if (!classes.has(key)) classes.set(key, name);
  }
  return [...classes.values()].flatMap((name) =>
    action === "tool.call"
      ? [
          { name, args: {}, approved: false },
          { name, args: {}, approved: true },
        ]
      : [{ name }],
  );
}

const fields = ["principals", "groups", "roles", "kinds", "issuers", "actors"] as const;

/** An outsider, whoever fits each item of a matcher, and somebody on each side of each ramp. */
function principalsOf(forms: readonly CompiledForm[]): readonly Principal[] {
  const matchers = forms.flatMap(({ rules, lifts }) => [
    ...rules.flatMap(({ subjects, exclude, scope }) => [subjects, exclude, scope?.subjects]),
    ...lifts.map(({ scope }) => scope.subjects),
  ]);
  const found = new Map<string, Principal>();
  const add = (principal: Principal | undefined) => {
    if (principal !== undefined) found.set(JSON.stringify(principal), principal);
  };
  add(principalFor([]));
  for (const matcher of matchers) {
    if (matcher === undefined) continue;
    for (const field of fields) {
      for (const item of matcher[field] ?? []) {
        add(principalFor([{ ...matcher, [field]: [item] } satisfies SubjectMatcher]));
      }
    }
  }
  for (const principal of [...found.values()]) {
    for (const id of rampedIds(forms, principal.id)) add({ ...principal, id });
  }
  return [...found.values()];
}

/** Ids like this one on both sides of each ramp. */
function rampedIds(forms: readonly CompiledForm[], like: string): readonly string[] {
  return forms.flatMap(({ rollouts, tenants }) =>
    rollouts.flatMap((rollout) =>
      Object.keys(tenants).flatMap((tenant) => idsOnBothSides(rollout, tenant, like)),
    ),
  );
}

/** Ids tried for one ramp; a side so narrow that none of them is on it is not seen. */
const idsMax = 200;

function idsOnBothSides(rollout: Rollout, tenant: string, like: string): readonly string[] {
  const bySide = new Map<string, string>();
  for (let number = 0; number < idsMax && bySide.size < 2; number += 1) {
    const id = number === 0 ? like : `${like}-${number}`;
    const side = sideOf(rollout, bucketOf(rollout, someRequest(tenant, id)));
    if (!bySide.has(side)) bySide.set(side, id);
  }
  return [...bySide.values()];
}

function someRequest(tenant: string, id: string): DecisionInput {
  return {
    time: anyTime,
    tenant,
    action: "llm.generate",
    point: "request",
    principal: { id, kind: "user" },
    data: { status: "ok", findings: [] },
  };
}

/** Any time, and the edges of all windows. */
function timesOf(forms: readonly CompiledForm[]): readonly string[] {
  const windows = forms.flatMap(({ rules, lifts, unset }) =>
    [...rules, ...lifts, ...unset].flatMap(({ window }) => window ?? []),
  );
  const edges = windows.flatMap(({ fromMs, untilMs }) => [
    ...(fromMs === undefined ? [] : [fromMs - 1, fromMs]),
    ...(untilMs === undefined ? [] : [untilMs - 1, untilMs]),
  ]);
  const times = [...new Set(edges)].sort((a, b) => a - b).map((ms) => new Date(ms).toISOString());
  return [...new Set([anyTime, ...times])];
}

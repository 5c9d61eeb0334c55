import type { Decision, DecisionInput } from "../../domain/index.ts";
import type { CallerTest, KillSwitches } from "../compile/kill-switches.ts";
import type { Model } from "../compile/model-catalog.ts";
import { type QuotaRuling, ruleOnQuotas } from "../compile/quota-terms.ts";
import type { Edition } from "../snapshot/edition.ts";
import type { AppScope } from "../snapshot/snapshot.ts";
import {
  type DecideOptions,
  decide,
  denyWithoutRule,
  noNames,
  type Run,
  type RunMemo,
} from "./decide.ts";
import { HiddenNotes } from "./hidden-parts.ts";

/** One request, and what it is decided with. */
export interface Question {
  readonly scope: AppScope;
  readonly input: DecisionInput;
  readonly edition: Edition;
  readonly killSwitches: KillSwitches;
  readonly options: DecideOptions;
}

/** What became of it. */
export interface Ruling {
  readonly run: Run;
  /** The candidate the run is about; undefined where there is none. */
  readonly model: Model | undefined;
  readonly hops: readonly Hop[];
  /** True: the request is about to be sent to `model`. */
  readonly isRouted: boolean;
}

export type Hop = Decision["hops"][number];

export const noHops: readonly Hop[] = Object.freeze([]);

/** Steps 3 to 10 of policy-model 5.1 for one input whose app is known and which nothing stops. */
export function ruleOn(question: Question): Ruling {
  const { scope, input } = question;
  // What was stored is fetched from where it lies: no model is asked.
  if (!input.action.startsWith("llm.") || input.action === "llm.read") return ruleOnce(question);
  if (input.point === "response") return ruleOnAnswer(question);
  const choice = scope.models.choose(input.model ?? "");
  if (choice === undefined) return nobody;
  return choice.kind === "named"
    ? routeNamed(question, choice.model)
    : routeAlias(question, choice.members);
}

const nobody: Ruling = {
  run: denyWithoutRule("no_eligible_model"),
  model: undefined,
  hops: noHops,
  isRouted: false,
};

/** Where no model is asked there is one run, and nowhere to go from a quota that is spent. */
function ruleOnce(question: Question): Ruling {
  const run = runFor(question, undefined);
  const asked = { model: undefined, hops: noHops, isRouted: false };
  if (run.outcome === "deny" || question.input.point === "response") return { run, ...asked };
  const ruling = quotaRuling(question, { run, model: undefined });
  if (ruling === "pass" || ruling === "warn") return { run: warned(run, ruling), ...asked };
  return { run: deniedAfter(run, ruling === "route" ? "quota_exceeded" : ruling), ...asked };
}

/** An answer is judged for the model that gave it; routing and quotas are over. */
function ruleOnAnswer(question: Question): Ruling {
  const { scope, input, killSwitches } = question;
  const model = scope.models.byId(input.model ?? "");
  if (model === undefined) return nobody;
  const stop = killSwitches.isEmpty
    ? undefined
    : killSwitches.stopsStream(input, model, callerTestIn(question.options.memo));
  const run = stop === undefined ? runFor(question, model) : stoppedBy(stop);
  return { run, model, hops: noHops, isRouted: false };
}

/** Asks whether kill switches are about the caller, who is on no record. */
export function callerTestIn(memo: RunMemo | undefined): CallerTest | undefined {
  if (memo === undefined) return undefined;
  return (name, test) => {
    memo.hidden ??= new HiddenNotes();
    return memo.hidden.target(`${name}#@target`, test);
  };
}

/** A deny by a kill switch. */
export function stoppedBy(name: string): Run {
  return denyWithoutRule("kill_switch", undefined, name);
}

/** One model with its run. */
interface Candidate {
  readonly model: Model;
  readonly run: Run;
}

/** A named model is decided first, and a deny there is about the request as asked. */
function routeNamed(question: Question, model: Model): Ruling {
  const lead: Candidate = { model, run: runFor(question, model) };
  if (lead.run.outcome === "deny") return { ...lead, hops: [denied(lead)], isRouted: false };
  return tryInOrder(question, { lead, members: [lead], denied: noHops });
}

/**
 * Every member is decided on its own, and those denied drop out. If all are, the first member's deny
 * holds; else the most specific permit has the lead.
 */
function routeAlias(question: Question, models: readonly Model[]): Ruling {
  const all = models.map((model) => ({ model, run: runFor(question, model) }));
  const dropped = all.filter(({ run }) => run.outcome === "deny").map(denied);
  const members = all.filter(({ run }) => run.outcome === "permit");
  const lead = leadOf(members);
  if (lead !== undefined) return tryInOrder(question, { lead, members, denied: dropped });
  const [first] = all;
  return first === undefined ? nobody : { ...first, hops: dropped, isRouted: false };
}

/** The most specific permit (policy-model 5.2); where one rule permits several, the first member. */
function leadOf(members: readonly Candidate[]): Candidate | undefined {
  let lead: Candidate | undefined;
  for (const one of members) {
    if (lead === undefined || isMoreSpecific(one.run, lead.run)) lead = one;
  }
  return lead;
}

function isMoreSpecific(one: Run, other: Run): boolean {
  const ranks = [one.winner?.rank ?? -1, other.winner?.rank ?? -1] as const;
  if (ranks[0] !== ranks[1]) return ranks[0] > ranks[1];
  return (one.decidedBy ?? "") < (other.decidedBy ?? "");
}

interface Trial {
  /** Whose terms hold for the request. */
  readonly lead: Candidate;
  /** What the request names, as far as it is permitted, sorted by id. */
  readonly members: readonly Candidate[];
  readonly denied: readonly Hop[];
}

/** The first candidate that is permitted and available wins, and its run is the decision. */
function tryInOrder(question: Question, trial: Trial): Ruling {
  const hops = [...trial.denied];
  let isSpent = false;
  for (const id of listOf(trial)) {
    // A member that was denied as such may be a fallback as well, with the same outcome.
    if (hops.some(({ model }) => model === id)) continue;
    const attempt = attemptOn(question, candidateFor(question, id, trial), id);
    hops.push(attempt.hop);
    if (attempt.kind === "passed") return { ...attempt.candidate, hops, isRouted: true };
    if (attempt.kind === "final") return turnedDown(attempt.hop.reason, attempt.candidate, hops);
    isSpent ||= attempt.hop.reason === "quota_exceeded";
  }
  return turnedDown(isSpent ? "quota_exceeded" : "no_eligible_model", trial.lead, hops);
}

/** Ids of the candidates in the order they are tried (policy-model 8). */
function listOf({ lead, members }: Trial): readonly string[] {
  const { winner, routeOnly } = lead.run;
  const [only] = members;
  if (winner?.route === undefined && routeOnly === undefined && members.length === 1) {
    return only === undefined ? noNames : [only.model.id];
  }
  const { prefer, fallback } = winner?.route ?? noTerms;
  const asked = preferredFirst(
    members.map(({ model }) => model.id),
    prefer,
  );
  const list = [...new Set([...asked, ...fallback])];
  if (routeOnly === undefined) return list;
  const left = list.filter((id) => routeOnly.includes(id));
  return left.length > 0 ? left : preferredFirst(routeOnly, prefer);
}

const noTerms = { prefer: noNames, fallback: noNames };

/** Those preferred, in that order, then the rest; `ids` are sorted. */
function preferredFirst(ids: readonly string[], prefer: readonly string[]): readonly string[] {
  if (prefer.length === 0) return ids;
  const first = prefer.filter((id) => ids.includes(id));
  return [...new Set([...first, ...ids])];
}

/** A candidate's own full run; undefined for a model that the tenant cannot see. */
function candidateFor(question: Question, id: string, { members }: Trial): Candidate | undefined {
  const member = members.find(({ model }) => model.id === id);
  if (member !== undefined) return member;
  const model = question.scope.models.byId(id);
  return model && { model, run: runFor(question, model) };
}

type Attempt =
  | { readonly kind: "passed"; readonly candidate: Candidate; readonly hop: Hop }
  | { readonly kind: "failed"; readonly hop: Hop }
  /** It ends the request, whatever candidates there are besides. */
  | { readonly kind: "final"; readonly candidate: Candidate; readonly hop: Hop };

function attemptOn(question: Question, candidate: Candidate | undefined, id: string): Attempt {
  if (candidate === undefined) return { kind: "failed", hop: unavailable(id, "unknown") };
  const { model, run } = candidate;
  if (run.outcome === "deny") return { kind: "failed", hop: denied(candidate) };
  if (run.routeOnly !== undefined && !run.routeOnly.includes(id)) {
    return { kind: "failed", hop: { model: id, result: "deny", reason: "route_only" } };
  }
  const { killSwitches, input } = question;
  if (!killSwitches.isEmpty && killSwitches.stopsModel(model, input.tenant) !== undefined) {
    return { kind: "failed", hop: unavailable(id, "kill_switch") };
  }
  if (!model.isActive) return { kind: "failed", hop: unavailable(id, "inactive") };
  const ruling = quotaRuling(question, candidate);
  if (ruling === "route") return { kind: "failed", hop: unavailable(id, "quota_exceeded") };
  if (ruling === "quota_exceeded" || ruling === "quota_unavailable") {
    return { kind: "final", candidate, hop: unavailable(id, ruling) };
  }
  const passed = { model, run: warned(run, ruling) };
  return { kind: "passed", candidate: passed, hop: { model: id, result: "permit", reason: null } };
}

function denied({ model, run }: Candidate): Hop {
  return { model: model.id, result: "deny", reason: run.reason };
}

function unavailable(model: string, reason: string): Hop {
  return { model, result: "unavailable", reason };
}

/** Permitted, but nobody is there to answer: what the rules said stays on record. */
function turnedDown(
  reason: string | null,
  { model, run }: Candidate,
  hops: readonly Hop[],
): Ruling {
  return { run: deniedAfter(run, reason ?? "no_eligible_model"), model, hops, isRouted: false };
}

function deniedAfter(run: Run, reason: string): Run {
  const { matched, controls, lifted, isFailOpen, retainDays, evaluated } = run;
  return denyWithoutRule(reason, {
    matched,
    controls,
    lifted,
    isFailOpen,
    ...(retainDays === undefined ? undefined : { retainDays }),
    ...(evaluated === undefined ? undefined : { evaluated }),
  });
}

function runFor({ scope, input, edition, options }: Question, model: Model | undefined): Run {
  return decide(scope, input, model, edition, options);
}

function quotaRuling(
  { scope, input, edition }: Question,
  { run, model }: { readonly run: Run; readonly model: Model | undefined },
): QuotaRuling {
  const { quotas } = run.obligations;
  if (quotas === undefined || input.quotas === undefined) return "pass";
  const { isCounterfactual } = edition;
  return ruleOnQuotas(scope.quotas, { quotas, results: input.quotas, model, isCounterfactual });
}

const spentWarning = "quota_exceeded";

/** A spent quota with `onExceed: warn` lets the request pass and says so. */
function warned(run: Run, ruling: QuotaRuling): Run {
  if (ruling !== "warn") return run;
  const warnings = [...new Set([...run.warnings, spentWarning])].sort();
  return { ...run, warnings, verdict: run.verdict === "allow" ? "warn" : run.verdict };
}

import type { Decision, DecisionInput } from "../domain/index.ts";
import { decide, denyWithoutRule, type Run } from "./decide.ts";
import type { Model } from "./model-catalog.ts";
import type { AppScope, Snapshot } from "./snapshot.ts";

/**
 * Decides one input (policy-model 5.1 and 8). Total, pure and deterministic: for any input it
 * returns a decision, and it reads nothing but the snapshot and the input.
 */
export function evaluate(snapshot: Snapshot, input: DecisionInput): Decision {
  const envelope = {
    effective: snapshot.versionsFor(input.tenant).effective,
    requested: input.model ?? null,
  };
  const scope = resolve(snapshot, input);
  if (scope === undefined) {
    return toDecision(envelope, { run: denyWithoutRule("identity_unresolved") });
  }
  // What was stored is fetched from where it lies: no model is asked.
  if (!input.action.startsWith("llm.") || input.action === "llm.read") {
    return toDecision(envelope, { run: decide(scope, input, undefined) });
  }
  return input.point === "response"
    ? judgeAnswer(scope, input, envelope)
    : route(scope, input, envelope);
}

/** Step 1: tenant, app and principal must be there, the first two declared. */
function resolve(snapshot: Snapshot, input: DecisionInput): AppScope | undefined {
  const { tenant, app, principal } = input;
  if (tenant === undefined || app === undefined || principal === undefined) return undefined;
  return snapshot.scopeOf(tenant, app);
}

interface Envelope {
  readonly effective: string;
  readonly requested: string | null;
}

/** An answer is judged for the model that gave it; routing is over. */
function judgeAnswer(scope: AppScope, input: DecisionInput, envelope: Envelope): Decision {
  const model = scope.models.byId(input.model ?? "");
  if (model === undefined) return noEligibleModel(envelope);
  const run = decide(scope, input, model);
  return toDecision(envelope, { run, used: model });
}

/** Step 10: which model the request goes to. */
function route(scope: AppScope, input: DecisionInput, envelope: Envelope): Decision {
  const choice = scope.models.choose(input.model ?? "");
  if (choice === undefined) return noEligibleModel(envelope);
  if (choice.kind === "alias")
    return routeAlias(scope, input, { envelope, members: choice.members });
  const { model } = choice;
  const run = decide(scope, input, model);
  if (run.outcome === "deny") return toDecision(envelope, { run, hops: [denied(model, run)] });
  if (!model.isActive) return unavailable(envelope, run, [unavailableHop(model)]);
  return toDecision(envelope, { run, used: model, hops: [permitted(model)], isRouted: true });
}

interface AliasRoute {
  readonly envelope: Envelope;
  /** Sorted by id. */
  readonly members: readonly Model[];
}

/**
 * Every member is decided on its own, so none is reached that could not be asked for by name. The
 * first permitted one that is available wins; if none is permitted, the first member's deny holds.
 */
function routeAlias(
  scope: AppScope,
  input: DecisionInput,
  { envelope, members }: AliasRoute,
): Decision {
  const hops: Hop[] = [];
  let firstRun: Run | undefined;
  let firstPermit: Run | undefined;
  for (const model of members) {
    const run = decide(scope, input, model);
    firstRun ??= run;
    if (run.outcome === "deny") {
      hops.push(denied(model, run));
    } else if (model.isActive) {
      hops.push(permitted(model));
      return toDecision(envelope, { run, used: model, hops, isRouted: true });
    } else {
      firstPermit ??= run;
      hops.push(unavailableHop(model));
    }
  }
  if (firstPermit !== undefined) return unavailable(envelope, firstPermit, hops);
  return toDecision(envelope, { run: firstRun ?? denyWithoutRule(noModel), hops });
}

type Hop = Decision["hops"][number];
const noHops: readonly Hop[] = Object.freeze([]);
const nothingLifted: Decision["lifted"] = Object.freeze([]);
const noModel = "no_eligible_model";

function permitted({ id: model }: Model): Hop {
  return { model, result: "permit", reason: null };
}

function denied({ id: model }: Model, { reason }: Run): Hop {
  return { model, result: "deny", reason };
}

/** The catalog says it is not `active`. */
function unavailableHop({ id: model }: Model): Hop {
  return { model, result: "unavailable", reason: "inactive" };
}

function noEligibleModel(envelope: Envelope): Decision {
  return toDecision(envelope, { run: denyWithoutRule(noModel) });
}

/** Permitted, but nobody is there to answer: what the rules said stays on record. */
function unavailable(envelope: Envelope, run: Run, hops: readonly Hop[]): Decision {
  const { matched, retainDays, controls } = run;
  const evidence = { matched, controls, ...(retainDays === undefined ? {} : { retainDays }) };
  return toDecision(envelope, { run: denyWithoutRule(noModel, evidence), hops });
}

interface Outcome {
  readonly run: Run;
  readonly used?: Model;
  readonly hops?: readonly Hop[];
  /** True: the request is about to be sent to `used`. */
  readonly isRouted?: boolean;
}

function toDecision(envelope: Envelope, { run, used, hops, isRouted }: Outcome): Decision {
  const model = run.outcome === "permit" ? used : undefined;
  return {
    ...run,
    model: { requested: envelope.requested, used: model?.id ?? null },
    lifted: nothingLifted,
    shadow: null,
    hops: hops ?? noHops,
    effective: envelope.effective,
    ...(isRouted && model !== undefined ? { target: targetOf(model) } : {}),
  };
}

function targetOf({ id, provider, upstreamName }: Model): NonNullable<Decision["target"]> {
  return { modelId: id, provider, upstreamName };
}

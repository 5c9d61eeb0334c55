import { Fault } from "../base/index.ts";
import type { Decision, DecisionInput, Point } from "../domain/index.ts";
import { evaluate, readsAnswerEnds, type Snapshot } from "../policy/index.ts";
import type { ExchangeCommand } from "./commands.ts";
import type { Eventually, ExchangeDeps } from "./deps.ts";
import type { BodyMode } from "./events.ts";
import type { Evidence } from "./evidence.ts";
import type { Knowledge } from "./knowledge.ts";
import { stoppingOf, switchesFor } from "./live-switches.ts";
import type { RequestHead } from "./request-head.ts";

/** Why an exchange is refused: a decision that denied, or a reason found before or beside one. */
export type RefusalCause =
  | { readonly kind: "denied"; readonly decision: Decision }
  | { readonly kind: "unrecognised" };

/** What the sides of an exchange may ask of the exchange they belong to. */
export interface ExchangeCore {
  readonly deps: ExchangeDeps;
  /** The snapshot the exchange began with. */
  readonly snapshot: Snapshot | undefined;
  /** Rollouts that were at nobody when the exchange began; it ends as it began. */
  readonly suspendedRollouts: ReadonlySet<string> | undefined;
  readonly requestMode: BodyMode;
  readonly responseMode: BodyMode;
  readonly isObserving: boolean;
  readonly evidence: Evidence;
  readonly knowledge: Knowledge;

  /** True while the proxy waits for an answer to a piece of the response's body. */
  readonly isBodyAsked: boolean;

  /** True where a decision ends the exchange: every deny, unless the app is only watched. */
  stops(decision: Decision): boolean;
  send(command: ExchangeCommand): void;
  /** Ends the exchange with an answer of our own, or cuts a running answer. */
  refuse(cause: RefusalCause): void;
  /** Goes on at once, or when the value is there; a late one ends in a fault. */
  whenReady<T>(value: Eventually<T>, goOn: (value: T) => void): void;
  /** Counts body bytes as held (negative: no longer); Fault held_bytes_exceeded over the bound. */
  hold(bytes: number): void;
}

/** The input of a decision from what is known so far; `time`: when it is made, if not now. */
export function decisionInput(
  core: ExchangeCore,
  point: Point,
  findings: Findings,
  time = core.evidence.now(),
): DecisionInput {
  const { head, identity, permit, request } = core.knowledge;
  return {
    time,
    tenant: identity?.tenant,
    app: identity?.app,
    action: core.knowledge.format?.action ?? "llm.generate",
    point,
    model: permit?.model.used ?? core.knowledge.watchedModel ?? core.knowledge.requestedModel,
    principal: identity?.principal,
    request,
    quotas: core.knowledge.quotas?.results,
    response: point === "response" ? core.knowledge.response : undefined,
    route: head === undefined ? undefined : routeOf(head),
    data: { status: core.knowledge.dataStatus, findings: withAnswerFields(core, point, findings) },
  };
}

/**
 * The decision on these facts as policies and kill switches are now. An answer that runs is ended only
 * by switches that say so.
 * @throws Fault policy_unavailable
 */
export function evaluateNow(core: ExchangeCore, input: DecisionInput): Decision {
  const { deps, snapshot, suspendedRollouts } = core;
  if (snapshot === undefined) throw new Fault("policy_unavailable", "expected a snapshot");
  const all = switchesFor(deps.killSwitches, snapshot);
  const killSwitches = input.point === "response" ? stoppingOf(all) : all;
  const options = { killSwitches, suspendedRollouts };
  const decision = evaluate(snapshot, input, options);
  // Only the decision itself can say that its reasons are wanted on record.
  if (decision.obligations.audit?.level !== "trace") return decision;
  return evaluate(snapshot, input, { ...options, trace: true });
}

/** True where rules read how the answer ends: until then nothing of it may leave. */
export function waitsForEnd({ knowledge, snapshot }: ExchangeCore): boolean {
  const { identity, permit } = knowledge;
  if (snapshot === undefined || permit === undefined || knowledge.isWatched) return false;
  return readsAnswerEnds(snapshot, {
    tenant: identity?.tenant,
    app: identity?.app,
    action: knowledge.format?.action ?? "llm.generate",
    model: permit.model.used,
  });
}

type Findings = DecisionInput["data"]["findings"];

function withAnswerFields(core: ExchangeCore, point: Point, findings: Findings): Findings {
  const { answerFields } = core.knowledge;
  if (point !== "response" || answerFields === undefined) return findings;
  return [...findings, ...answerFields.findings.groups()];
}

function routeOf(head: RequestHead): NonNullable<DecisionInput["route"]> {
  return {
    ...(head.route === undefined ? {} : { name: head.route }),
    ...(head.host === undefined ? {} : { host: head.host }),
  };
}

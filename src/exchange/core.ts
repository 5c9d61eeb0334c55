import type { Decision, DecisionInput, Point } from "../domain/index.ts";
import type { Snapshot } from "../policy/index.ts";
import type { ExchangeCommand } from "./commands.ts";
import type { Eventually, ExchangeDeps } from "./deps.ts";
import type { BodyMode } from "./events.ts";
import type { Evidence } from "./evidence.ts";
import type { Knowledge } from "./knowledge.ts";
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
  readonly requestMode: BodyMode;
  readonly responseMode: BodyMode;
  readonly isObserving: boolean;
  readonly evidence: Evidence;
  readonly knowledge: Knowledge;

  /** True while the proxy waits for an answer to a piece of the response's body. */
  readonly isBodyAsked: boolean;

  send(command: ExchangeCommand): void;
  /** Ends the exchange with an answer of our own, or cuts a running answer. */
  refuse(cause: RefusalCause): void;
  /** Goes on at once, or when the value is there; a late one ends in a fault. */
  whenReady<T>(value: Eventually<T>, goOn: (value: T) => void): void;
  /** Counts body bytes as held (negative: no longer); Fault held_bytes_exceeded over the bound. */
  hold(bytes: number): void;
}

/** The input of a decision from what is known so far. */
export function decisionInput(core: ExchangeCore, point: Point, findings: Findings): DecisionInput {
  const { head, identity, permit, request } = core.knowledge;
  return {
    time: core.evidence.now(),
    tenant: identity?.tenant,
    app: identity?.app,
    action: core.knowledge.format?.action ?? "llm.generate",
    point,
    model: permit?.model.used ?? core.knowledge.requestedModel,
    principal: identity?.principal,
    request,
    route: head === undefined ? undefined : routeOf(head),
    data: { status: "ok", findings: withAnswerFields(core, point, findings) },
  };
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

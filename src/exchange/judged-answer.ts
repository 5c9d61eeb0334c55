import type { Decision, FindingGroup, Usage } from "../domain/index.ts";
import { decisionInput, type ExchangeCore, evaluateNow } from "./core.ts";
import type { FindingTally } from "./finding-tally.ts";

/** What the judgement of a whole answer came to. */
export interface JudgedAnswer {
  /** What may leave, unpacked. */
  readonly bytes: Buffer;
  readonly edited: number;
  readonly findings: FindingTally;
  /** Undefined for an answer to a request that no decision permitted. */
  readonly decision: Decision | undefined;
  readonly usage: Usage | undefined;
}

/**
 * The decision on an answer in which this was found. Undefined for one to a request that no decision
 * permitted: a local reply.
 */
export function decideOnAnswer(
  core: ExchangeCore,
  found: readonly FindingGroup[],
): Decision | undefined {
  const { knowledge, snapshot } = core;
  if (knowledge.permit === undefined || snapshot === undefined) return undefined;
  const groups = [...knowledge.requestFindings.groups(), ...found];
  return evaluateNow(core, decisionInput(core, "response", groups));
}

import { type FaultCode, faultCodes } from "../base/index.ts";
import type { Refusal } from "../domain/index.ts";
import type { ExchangeEnd } from "../record/index.ts";
import { isQuotaReason, reasonOf, sentenceOf, statusOf } from "./refusals.ts";

/** Held bytes come and go within a request's time. */
const retryAfterSeconds = 1;

/** What the caller is told for a reason of a decision, or for a fault. */
export function refusalOf(
  reasonOrFault: string,
  decisionId: string,
  message: { readonly code?: string; readonly text?: string } | undefined,
  quotaRetrySeconds?: number,
): Refusal {
  const reason = isFaultCode(reasonOrFault) ? reasonOf(reasonOrFault) : reasonOrFault;
  return {
    ...(reason === "overloaded" ? { retryAfterSeconds } : {}),
    ...(isQuotaReason(reason) ? ofQuota(quotaRetrySeconds) : {}),
    status: statusOf(reason),
    code: message?.code ?? reason,
    message: message?.text ?? sentenceOf(reason),
    decisionId,
  };
}

/** A budget does not come back by asking again, and a store is not helped by it. */
function ofQuota(seconds: number | undefined): Partial<Refusal> {
  return { isFinal: true, ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }) };
}

/**
 * What the caller is told for a fault met in the upstream's answer. Neither an unreadable nor an
 * oversized one is the caller's doing, so neither is called a bad request.
 */
export function answerRefusalOf(code: FaultCode, decisionId: string): Refusal {
  const reason = reasonOf(code);
  const told = reason === "unreadable" ? "unrecognised" : reason === "too_large" ? "fault" : reason;
  return refusalOf(told, decisionId, undefined);
}

/** How an exchange that met this fault is said to have ended. */
export function endOf(code: FaultCode): ExchangeEnd {
  switch (code) {
    case "phase_deadline":
    case "exchange_idle":
      return "deadline";
    case "draining":
      return "drained";
    default:
      return "refused";
  }
}

/**
 * True where the proxy itself broke the protocol, or is to be let go: an answer of ours could be
 * taken for one to another question, so the stream ends with an error status instead.
 */
export function isProtocolFault(code: FaultCode): boolean {
  switch (code) {
    case "message_compressed":
    case "message_malformed":
    case "message_out_of_order":
    case "body_mode_not_accepted":
    case "draining":
      return true;
    default:
      return false;
  }
}

function isFaultCode(text: string): text is FaultCode {
  return Object.hasOwn(faultCodes, text);
}

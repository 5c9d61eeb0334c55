import type { FaultCode } from "../base/index.ts";

/** Reasons a caller can be given, beside those of a deny (policy-model 5.3). */
export type RefusalReason =
  | "unreadable"
  | "too_large"
  | "unrecognised"
  | "obligation_conflict"
  | "overloaded"
  | "policy_unavailable"
  | "audit_unavailable"
  | "fault";

const statuses: ReadonlyMap<string, number> = new Map([
  ["unreadable", 400],
  ["too_large", 413],
  ["identity_unresolved", 401],
  ["quota_exceeded", 429],
  ["quota_unavailable", 503],
  ["overloaded", 503],
  ["policy_unavailable", 503],
  ["audit_unavailable", 503],
  ["fault", 503],
]);

const sentences: ReadonlyMap<string, string> = new Map([
  ["unreadable", "The body could not be read, so it was not passed on."],
  ["too_large", "The body is larger than this gateway accepts."],
  ["unrecognised", "This gateway does not know this kind of traffic, so it was not passed on."],
  ["obligation_conflict", "What policies ask to be changed here cannot be changed so."],
  ["quota_exceeded", "The budget for this kind of request is used up for now."],
  ["quota_unavailable", "The budget for this request cannot be checked right now."],
  ["overloaded", "The gateway is busy; try again shortly."],
  ["policy_unavailable", "No policy is active, so nothing can be permitted."],
  ["audit_unavailable", "The decision could not be recorded, so nothing was passed on."],
  ["fault", "The gateway could not finish checking this exchange."],
  ["identity_unresolved", "The caller could not be identified."],
  ["no_permit", "No policy permits this request."],
  ["no_eligible_model", "This model is not available to the caller."],
  ["unclassified", "The content could not be classified, so it was not passed on."],
  ["rule", "A policy forbids this request."],
  ["kill_switch", "This has been stopped for now."],
  ["outside_boundary", "This is outside of what the caller may use."],
  ["condition_error", "A policy could not be applied to this request, so it was not passed on."],
  ["transform_error", "A change that a policy asks for could not be told."],
  ["approval_required", "This tool call needs the approval of a person."],
]);

/** HTTP status for a reason; every deny that has none of its own is 403. */
export function statusOf(reason: string): number {
  return statuses.get(reason) ?? 403;
}

/** True where a quota is why. */
export function isQuotaReason(reason: string): boolean {
  return reason === "quota_exceeded" || reason === "quota_unavailable";
}

/** One sentence for people; tells neither rule names nor content. */
export function sentenceOf(reason: string): string {
  return sentences.get(reason) ?? "A policy forbids this request.";
}

/** What the caller is told about a fault. */
export function reasonOf(code: FaultCode): RefusalReason {
  switch (code) {
    case "json_invalid":
    case "json_too_deep":
    case "json_too_many_keys":
    case "json_ambiguous":
    case "text_invalid":
    case "encoding_unsupported":
    case "encoding_invalid":
    case "decode_ratio_exceeded":
      return "unreadable";
    case "body_too_large":
    case "message_too_large":
    case "headers_too_large":
      return "too_large";
    case "format_unrecognised":
    case "upgrade_refused":
      return "unrecognised";
    case "redaction_impossible":
    case "obligation_impossible":
      return "obligation_conflict";
    case "held_bytes_exceeded":
      return "overloaded";
    case "policy_unavailable":
      return "policy_unavailable";
    case "audit_unavailable":
      return "audit_unavailable";
    case "message_compressed":
    case "message_malformed":
    case "message_out_of_order":
    case "body_mode_not_accepted":
    case "answer_not_sent":
    case "phase_deadline":
    case "exchange_idle":
    case "trailers_after_hold":
    case "draining":
    case "internal":
      return "fault";
  }
}

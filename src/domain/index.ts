/**
 * The nouns every stage speaks: traffic, spans, findings, identities, decisions, refusals. Types and
 * small pure functions only; no stage's behaviour. Start with `DecisionInput` and `Decision`.
 */
export type {
  ApprovalDemand,
  DataStatus,
  Decision,
  DecisionInput,
  Obligations,
  ParamBound,
  PolicyVersions,
  QuotaResult,
  RampOutcome,
  RampTrial,
  Redaction,
  RedactionDirection,
  RedactionMethod,
  RequestFacts,
  ResponseFacts,
  RuleMatch,
  RuleTrace,
  ShadowChange,
  ShadowDecision,
  ToolFacts,
} from "./decision.ts";
export type { Finding, FindingGroup } from "./finding.ts";
export type {
  Identity,
  IdentityClaims,
  IdentityDeclaration,
  IdentityDirectory,
  IdentitySource,
  Principal,
  PrincipalKind,
  PrincipalOnRecord,
} from "./identity.ts";
export { isStronger } from "./redaction-methods.ts";
export type { Refusal } from "./refusal.ts";
export { type RequestParam, requestParams } from "./request-params.ts";
export type { Edit, Span } from "./span.ts";
export type { TextRange, ToolCall, ToolCallPiece, ToolResult } from "./tool-call.ts";
export {
  type Action,
  actions,
  type Direction,
  type HeaderField,
  headerValue,
  headerValues,
  type MetadataFields,
  type Place,
  type Point,
  places,
  type ReadMetadata,
  type Verdict,
} from "./traffic.ts";
export type { Usage } from "./usage.ts";

/**
 * The policy language: text into documents, documents into one immutable snapshot, a snapshot and
 * facts into a decision. It reads no files, looks at no traffic and carries nothing out. What the
 * language has and this version does not enforce is a problem, never ignored. Start with
 * `loadSnapshot` and `evaluate`.
 */

export {
  type AnalyseOptions,
  analyse,
  type Comparison,
  comparePolicies,
  findWidenings,
  type Transition,
} from "./analyse/index.ts";
export { governsTools, readsAnswerEnds } from "./answer-needs.ts";
export type { AcceptedModes } from "./check-capabilities.ts";
export { type CompileOptions, compile, type LoadOptions, loadSnapshot } from "./compile.ts";
export type { CompiledPolicies, NamespaceStatus } from "./compiled-policies.ts";
export { type DecisionDocument, toDecisionDocument } from "./decision-document.ts";
export { type InputProblem, readDecisionInput } from "./decision-input.ts";
export {
  type DocumentOfKind,
  documentsOf,
  type PolicyDocument,
  type PolicyFile,
} from "./document.ts";
export { type EvaluateOptions, evaluate } from "./evaluate.ts";
export { judgesAnswers, type PermittedRequest } from "./judges-answers.ts";
export { type KillSwitchDocuments, readKillSwitchFiles } from "./kill-switch-files.ts";
export { type KillSwitch, KillSwitches } from "./kill-switches.ts";
export { type Layout, layOut } from "./layout.ts";
export { type ParsedPolicies, parsePolicies } from "./parse.ts";
export {
  type CaseResult,
  type Coverage,
  type Outcomes,
  runPolicyTests,
  type TestRun,
} from "./policy-tests/index.ts";
export { type QuotaDemand, quotaDemandsOf, type UsageCount } from "./quota-demands.ts";
export type { Rollout, RolloutGuards } from "./rollouts.ts";
export {
  documentSchemas,
  keyRing as keyRingSchema,
  kindsNotEnforced,
  sharedSchemas,
} from "./schema.ts";
export type { SchemaNode } from "./schema-node.ts";
export type { AppScope, Snapshot } from "./snapshot.ts";
export {
  type DraftModel,
  modelCatalogDocument,
  platformDocuments,
  type StarterOptions,
} from "./starter-documents.ts";
export { isTransition, isWidening } from "./transitions.ts";

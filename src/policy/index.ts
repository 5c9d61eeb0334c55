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
  daysCovered,
  findWidenings,
  type PolicyUsage,
  type Transition,
  unusedDaysDefault,
} from "./analyse/index.ts";
export type { AcceptedModes } from "./check/check-capabilities.ts";
export type { ClassifierEndpoints } from "./check/check-classifiers.ts";
export type { ClassifierTerms } from "./compile/classifier-terms.ts";
export { type KillSwitch, KillSwitches } from "./compile/kill-switches.ts";
export type { Rollout, RolloutGuards } from "./compile/rollouts.ts";
export { builtInSensitivityOf, type SensitivityLabel } from "./compile/sensitivity-label.ts";
export { governsResults, governsTools, readsAnswerEnds } from "./decide/answer-needs.ts";
export { type DecisionDocument, toDecisionDocument } from "./decide/decision-document.ts";
export { type InputProblem, readDecisionInput } from "./decide/decision-input.ts";
export { type EvaluateOptions, evaluate } from "./decide/evaluate.ts";
export type { HiddenParts, HiddenResults } from "./decide/hidden-parts.ts";
export { judgesAnswers, type PermittedRequest } from "./decide/judges-answers.ts";
export { partsThatDiffer } from "./decide/parts-that-differ.ts";
export { type QuotaDemand, quotaDemandsOf, type UsageCount } from "./decide/quota-demands.ts";
export { targetOf } from "./decide/target-of.ts";
export { isTransition, isWidening } from "./decide/transitions.ts";
export {
  type DocumentOfKind,
  documentsOf,
  type PolicyDocument,
  type PolicyFile,
} from "./documents/document.ts";
export { type Layout, layOut } from "./documents/layout.ts";
export { type ParsedPolicies, parsePolicies } from "./documents/parse.ts";
export {
  documentSchemas,
  keyRing as keyRingSchema,
  kindsNotEnforced,
  sharedSchemas,
} from "./documents/schema.ts";
export type { SchemaNode } from "./documents/schema-node.ts";
export {
  type DraftModel,
  modelCatalogDocument,
  platformDocuments,
  type StarterOptions,
} from "./documents/starter-documents.ts";
export type {
  CompiledPolicies,
  NamespaceStatus,
  PreparedForm,
  PreparedPolicies,
} from "./load/compiled-policies.ts";
export { type KillSwitchDocuments, readKillSwitchFiles } from "./load/kill-switch-files.ts";
export {
  type CompileOptions,
  compile,
  completePolicies,
  type LoadOptions,
  loadSnapshot,
  type PrepareOptions,
  preparePolicies,
} from "./load/load-snapshot.ts";
export { possibleScores, scoreSaid } from "./match/hidden-subjects.ts";
export {
  type CaseResult,
  type Coverage,
  type Outcomes,
  runPolicyTests,
  type TestRun,
} from "./policy-tests/index.ts";
export { snapshotSteps } from "./snapshot/create-snapshot.ts";
export type { AppScope, Snapshot } from "./snapshot/snapshot.ts";

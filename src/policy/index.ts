/**
 * The policy language: text into documents, documents into one immutable snapshot, a snapshot and
 * facts into a decision. It reads no files, looks at no traffic and carries nothing out. What the
 * language has and this version does not enforce is a problem, never ignored. Start with
 * `loadSnapshot` and `evaluate`.
 */
export { type CompileOptions, compile, type LoadOptions, loadSnapshot } from "./compile.ts";
export type { CompiledPolicies, NamespaceStatus } from "./compiled-policies.ts";
export type { PolicyDocument, PolicyFile } from "./document.ts";
export { evaluate } from "./evaluate.ts";
export { judgesAnswers, type PermittedRequest } from "./judges-answers.ts";
export { type ParsedPolicies, parsePolicies } from "./parse.ts";
export type { Snapshot } from "./snapshot.ts";
export {
  type DraftModel,
  modelCatalogDocument,
  platformDocuments,
  type StarterOptions,
} from "./starter-documents.ts";

/**
 * The policy language: text into documents, documents into one immutable snapshot, a snapshot and
 * facts into a decision. It reads no files, looks at no traffic and carries nothing out. What the
 * language has and this version does not enforce is a problem, never ignored. Start with
 * `loadSnapshot` and `evaluate`.
 */
export { type CompiledPolicies, type CompileOptions, compile, loadSnapshot } from "./compile.ts";
export type { PolicyDocument, PolicyFile } from "./document.ts";
export { evaluate } from "./evaluate.ts";
export { type ParsedPolicies, parsePolicies } from "./parse.ts";
export type { Snapshot } from "./snapshot.ts";
export {
  type DraftModel,
  modelCatalogDocument,
  platformDocuments,
  type StarterOptions,
} from "./starter-documents.ts";

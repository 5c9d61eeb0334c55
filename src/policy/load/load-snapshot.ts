import { type Problem, sortProblems } from "../../base/index.ts";
import { type AcceptedModes, findUnseenAnswers } from "../check/check-capabilities.ts";
import { type ClassifierEndpoints, findUnreachableEndpoints } from "../check/check-classifiers.ts";
import { type PolicyDocument, type PolicyFile, platformNamespace } from "../documents/document.ts";
import { createSnapshot } from "../snapshot/create-snapshot.ts";
import { activate, type OnWork } from "./activate.ts";
import type { CompiledPolicies, PreparedPolicies } from "./compiled-policies.ts";
import {
  filesByNamespace,
  type NamespaceFiles,
  type ParseFile,
  parseNamespace,
} from "./namespace-files.ts";

/** What a snapshot says about itself besides its policies. */
export interface CompileOptions {
  /** Version of the engine, recorded with each decision. */
  readonly engineVersion: string;
}

/** What preparing knows besides the files given. */
export interface PrepareOptions {
  /**
   * Files by namespace as they were last in force. They stay in force where those given now have
   * errors, if they still fit the rest.
   */
  readonly lastGood?: ReadonlyMap<string, readonly PolicyFile[]>;
  /**
   * What went wrong when the files were read. An error stands against its namespace, or against
   * all of them where it has none.
   */
  readonly readProblems?: readonly Problem[];
  /**
   * Milliseconds since the epoch, from whoever has a clock; without it, `observe` is not held to its
   * 30 days. What was loaded once keeps loading, since time only brings an end nearer.
   */
  readonly nowMs?: number | undefined;
  /** What the listeners accept, where that is known: rules that need more do not load. */
  readonly modes?: AcceptedModes | undefined;
  /** The classifiers that the configuration lists, where that is known: others do not load. */
  readonly endpoints?: ClassifierEndpoints | undefined;
  /** For a caller that has parsed files already, since that is nearly all of what loading costs. */
  readonly parse?: ParseFile;
  /** For a caller that wants to know whose documents take their time. */
  readonly onWork?: OnWork | undefined;
}

/** What loading knows besides the files given. */
export interface LoadOptions extends CompileOptions, PrepareOptions {}

/**
 * Parses, checks and compiles, with all problems. A namespace with errors is left out by itself
 * (policy-model 9); whoever wants all or nothing asks `problems`.
 */
export function preparePolicies(
  files: readonly PolicyFile[],
  { endpoints, lastGood, modes, nowMs, onWork, parse, readProblems = [] }: PrepareOptions = {},
): PreparedPolicies {
  const given = new Map<string, NamespaceFiles>();
  const grouped = filesByNamespace(files);
  const namespaces = new Set([
    platformNamespace,
    ...grouped.keys(),
    ...(lastGood?.keys() ?? []),
    ...readProblems.flatMap(({ namespace }) => namespace ?? []),
  ]);
  for (const namespace of namespaces) {
    onWork?.(namespace);
    const problems = readProblems.filter((one) => (one.namespace ?? namespace) === namespace);
    const parsed = parseNamespace(grouped.get(namespace) ?? [], problems, parse);
    const { documents } = parsed;
    const unseen = modes === undefined ? [] : findUnseenAnswers(documents, modes);
    const unreachable =
      endpoints === undefined ? [] : findUnreachableEndpoints(documents, endpoints);
    const unfit = [...parsed.problems, ...unseen, ...unreachable];
    given.set(namespace, { ...parsed, problems: unfit });
  }
  const former = (namespace: string) => {
    const known = lastGood?.get(namespace);
    return known === undefined ? undefined : parseNamespace(known, [], parse);
  };
  const activated = activate(given, { former, nowMs, onWork });
  // What stands against all namespaces is told once.
  const general = readProblems.filter(({ namespace }) => namespace === undefined);
  const own = activated.problems.filter(({ namespace }) => namespace !== undefined);
  return { ...activated, problems: sortProblems([...general, ...own]) };
}

/** Makes the snapshot of what was prepared, in one go; `snapshotSteps` makes it in many. */
export function completePolicies<Prepared extends PreparedPolicies>(
  { compiled, ...rest }: Prepared,
  { engineVersion }: CompileOptions,
): Omit<Prepared, "compiled"> & Pick<CompiledPolicies, "snapshot"> {
  if (compiled === undefined) return { ...rest, snapshot: undefined };
  const { form, ...versions } = compiled;
  return { ...rest, snapshot: createSnapshot(form, { engineVersion, ...versions }) };
}

/** Prepares and completes. A namespace with errors is kept out of the snapshot by itself. */
export function loadSnapshot(
  files: readonly PolicyFile[],
  { engineVersion, ...options }: LoadOptions,
): CompiledPolicies {
  return completePolicies(preparePolicies(files, options), { engineVersion });
}

/** Compiles documents into a snapshot; the order of the documents does not matter. */
export function compile(
  documents: readonly PolicyDocument[],
  options: CompileOptions,
): CompiledPolicies {
  const given = new Map<string, NamespaceFiles>();
  for (const document of documents) {
    const { namespace } = document.source;
    const { documents: others } = given.get(namespace) ?? { documents: [] };
    given.set(namespace, { files: [], documents: [...others, document], problems: [] });
  }
  return completePolicies(activate(given, {}), options);
}

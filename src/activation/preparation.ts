import type { Problem } from "../base/index.ts";
import type { LoadBundlesInput, LoadedBundles } from "../bundle/index.ts";
import type {
  NamespaceStatus,
  PolicyFile,
  PreparedPolicies,
  PrepareOptions,
} from "../policy/index.ts";

/** What is to be made ready. Plain data, so that another thread can do it. */
export interface PreparationJob extends Pick<PrepareOptions, "endpoints" | "modes"> {
  /** Of folders. */
  readonly files: readonly PolicyFile[];
  /** By namespace, the files that were last in force. */
  readonly lastGood: ReadonlyMap<string, readonly PolicyFile[]>;
  /** What went wrong when the files were read. */
  readonly readProblems: readonly Problem[];
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  readonly engineVersion: string;
  /** Signed bundles beside the folders; undefined: there are none. */
  readonly bundles?: BundleTerms | undefined;
}

/** What bundles are verified by. */
export type BundleTerms = Pick<LoadBundlesInput, "ledger" | "offers" | "root">;

/** What can be in force, ready to be made a snapshot of. */
export interface Preparation extends Pick<PreparedPolicies, "compiled" | "problems"> {
  /** By namespace. Files that were handed in are the very objects. */
  readonly namespaces: ReadonlyMap<string, Pick<NamespaceStatus, "files" | "state">>;
  /** Where there are signed bundles: what became of them. */
  readonly bundles?: PreparedBundles | undefined;
}

/** What became of signed bundles. */
export type PreparedBundles = Pick<
  LoadedBundles,
  "envelopes" | "ledger" | "refusals" | "reviewAtMs"
>;

/** Makes policies ready, one job at a time. */
export interface Preparer {
  /** Rejects with `NotPrepared` where what was in force has to stay. */
  prepare(job: PreparationJob): Promise<Preparation>;
  /** Ends what is under way, which then rejects. */
  close(): Promise<void>;
}

/** Nothing could be made ready, for whatever reason is not in the policies' own text. */
export class NotPrepared extends Error {
  override readonly name = "NotPrepared";
  /** For people, as those of policies. */
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[], cause: unknown) {
    super("the policies could not be compiled", { cause });
    this.problems = problems;
  }
}

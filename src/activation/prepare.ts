import { loadBundles, runBundleTests } from "../bundle/index.ts";
import {
  type ParsedPolicies,
  type PolicyFile,
  type PrepareOptions,
  preparePolicies,
} from "../policy/index.ts";
import { FileTable } from "./file-table.ts";
import type { Preparation, PreparationJob } from "./preparation.ts";

/** How much of a namespace is not to be touched: what was given, or what was in force as well. */
export type SetAside = "given" | "everything";

/** What the work is done with. */
export interface PrepareTools {
  readonly parse: (file: PolicyFile) => ParsedPolicies;
  readonly onWork?: PrepareOptions["onWork"];
  /** By namespace, those whose documents cannot be got through; the job says why as a problem. */
  readonly setAside?: ReadonlyMap<string, SetAside>;
}

/** Does a job: verify, parse, check, compile and test, in that order (policy-model 10). */
export function prepare(job: PreparationJob, tools: PrepareTools): Preparation {
  const { bundles, files, ...given } = job;
  const { onWork, setAside = new Map() } = tools;
  const lastGood = new Map(
    [...job.lastGood].filter(([name]) => setAside.get(name) !== "everything"),
  );
  const parse = setAside.size === 0 ? tools.parse : sparing(tools.parse, setAside, lastGood);
  const common = { ...given, lastGood, parse, onWork };
  if (bundles === undefined) return preparePolicies(files, common);
  const { envelopes, ledger, refusals, reviewAtMs, ...prepared } = loadBundles({
    ...common,
    ...bundles,
    unsigned: files,
    runTests: (compiled, namespace) => {
      onWork?.(namespace);
      return runBundleTests(compiled, namespace);
    },
  });
  return { ...prepared, bundles: { envelopes, ledger, refusals, reviewAtMs } };
}

const nothing: ParsedPolicies = { documents: [], problems: [] };

/** Reads of a namespace that is set aside only what was in force of it. */
function sparing(
  parse: PrepareTools["parse"],
  setAside: ReadonlyMap<string, SetAside>,
  lastGood: PreparationJob["lastGood"],
): PrepareTools["parse"] {
  const kept = new FileTable();
  for (const file of [...lastGood.values()].flat()) kept.add(file);
  return (file) =>
    setAside.has(file.namespace) && kept.indexOf(file) === undefined ? nothing : parse(file);
}

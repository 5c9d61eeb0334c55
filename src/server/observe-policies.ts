import type { Problem } from "../base/index.ts";
import type { OperatorLog, Telemetry } from "../telemetry/index.ts";
import type { PolicyLoad } from "./policy-keeper.ts";
import type { LayerState, PolicyState } from "./policy-state.ts";
import type { ServedDigests } from "./served-digests.ts";

/** Counts an attempt to load policies, layer by layer, and writes a line where something changed. */
export function observeLoad(
  { result, state }: PolicyLoad,
  {
    log,
    served,
    telemetry: { policy, rules, tokens },
  }: {
    readonly log: Pick<OperatorLog, "info" | "warn">;
    readonly served: ServedDigests;
    readonly telemetry: Pick<Telemetry, "policy" | "rules" | "tokens">;
  },
): void {
  const { layers, problems, snapshot } = state;
  for (const layer of layers) policy.loaded(layer.namespace, resultOf(layer, result, state));
  const returned = served.serve(readServing(state).layers);
  for (let layer = 0; layer < returned; layer += 1) policy.rolledBack("operator");
  if (layers.length === 0) policy.loaded("platform", failureOf("platform", problems));
  if (snapshot !== undefined && result !== "unchanged") {
    rules.loaded(snapshot.rules);
    tokens.loaded(snapshot.providers);
  }
  const digest = snapshot === undefined ? {} : { digest: snapshot.digest };
  if (result === "active") log.info("policies active", { ...digest, problems: problems.length });
  if (result === "refused") log.warn("policies refused", { ...digest, ...firstError(problems) });
}

/** What a scrape shows of the policies that serve. */
export function readServing({ layers, problems, snapshot }: PolicyState) {
  const error = problems.filter(({ severity }) => severity === "error").length;
  return {
    layers: layers.flatMap(({ confirmedAtMs, namespace, serves }) => {
      const tenant = namespace === "platform" ? undefined : namespace;
      const version = snapshot?.versionsFor(tenant).layers.find(({ id }) => id === namespace);
      const isInForce = serves !== "absent" && version !== undefined;
      return isInForce ? [{ ...version, confirmedAtMs: confirmedAtMs ?? 0 }] : [];
    }),
    problems: { error, warning: problems.length - error },
  };
}

type LoadResult = Parameters<Telemetry["policy"]["loaded"]>[1];

function resultOf(
  { namespace, serves }: LayerState,
  result: PolicyLoad["result"],
  { problems }: PolicyState,
): LoadResult {
  if (serves !== "current") return failureOf(namespace, problems);
  return result === "unchanged" ? "unchanged" : "active";
}

/** What nobody vouches for comes first, then what is wrong by itself, then what does not fit. */
function failureOf(namespace: string, problems: readonly Problem[]): LoadResult {
  const codes = new Set(
    problems
      .filter((problem) => problem.severity === "error")
      .filter((problem) => (problem.namespace ?? namespace) === namespace)
      .map(({ code }) => code),
  );
  const failure = failures.find(([, known]) => known.some((code) => codes.has(code)));
  return failure?.[0] ?? "bad_compile";
}

/** B03 too: an old bundle that comes back is signed, and not to be taken for what it says it is. */
const failures: readonly (readonly [LoadResult, readonly Problem["code"][]])[] = [
  ["bad_signature", ["B01", "B02", "B03", "B04"]],
  ["bad_tests", ["B05"]],
  ["bad_schema", ["E01", "C04"]],
];

/** The first of them is enough to start with; `/status` has more, and `chancery check` all. */
function firstError(problems: readonly Problem[]) {
  const [first] = problems.filter(({ severity }) => severity === "error");
  if (first === undefined) return { problems: problems.length };
  const { code, column, file, line } = first;
  const place = line === 0 ? file : `${file}:${line}:${column}`;
  return { problems: problems.length, place, reason: code };
}

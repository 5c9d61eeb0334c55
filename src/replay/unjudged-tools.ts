import { governsResults, governsTools, type Snapshot } from "../policy/index.ts";
import { RecordedFacts } from "./facts.ts";
import type { JudgedRecord } from "./judged-record.ts";
import type { VersionsFound } from "./versions.ts";

/** Each kind of decision on tools, with what tells that a record has some. */
const kinds = [
  { governs: governsTools, isOne: (point: string) => point !== "tool.result" },
  { governs: governsResults, isOne: (point: string) => point === "tool.result" },
] as const;

/**
 * Whether an exchange had tools that other policies decide on and those of its time did not: its
 * records say nothing then of what was called and given back, and nobody can decide on that any more.
 * Where it is not known what its policies were, only what is on record counts as decided on.
 */
export function hasUnjudgedTools(
  first: JudgedRecord,
  then: VersionsFound | undefined,
  candidate: Snapshot,
): boolean {
  if (new RecordedFacts(first).texts("request.toolNames").length === 0) return false;
  const { app, tenant, tools = [] } = first;
  const caller = { app, tenant };
  return kinds.some(({ governs, isOne }) => {
    const wasJudged =
      then === undefined ? tools.some(({ point }) => isOne(point)) : governs(then.snapshot, caller);
    return governs(candidate, caller) && !wasJudged;
  });
}

import type { Decision, DecisionInput } from "../domain/index.ts";
import { evaluate, type HiddenParts, type KillSwitches } from "../policy/index.ts";
import type { VersionsFound } from "./versions.ts";

/** What a decision is made with again. */
export interface Again {
  readonly versions: VersionsFound;
  readonly input: DecisionInput;
  readonly hidden: HiddenParts;
  /** Full names of rollouts that were at nobody. */
  readonly suspended: readonly string[] | undefined;
  /** True: say of each rule why it was what it was. */
  readonly trace?: boolean;
}

/** The decision of the engine on what a record tells of, as the server makes it. */
export function decideAgain({ hidden, input, suspended, trace, versions }: Again): Decision {
  const { killSwitches, snapshot } = versions;
  return evaluate(snapshot, input, {
    // An answer that runs is ended only by those that say so (policy-model 6).
    killSwitches: input.point === "response" ? ofStreams(killSwitches) : killSwitches,
    suspendedRollouts: suspended && new Set(suspended),
    hidden,
    trace: trace ?? false,
  });
}

function ofStreams(all: KillSwitches): KillSwitches {
  return all.isEmpty ? all : all.ofStreams;
}

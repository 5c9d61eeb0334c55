import type { Decision, DecisionInput } from "../../domain/index.ts";
import {
  comparePolicies,
  type DecisionDocument,
  evaluate,
  isTransition,
  isWidening,
  type Snapshot,
  toDecisionDocument,
} from "../../policy/index.ts";
import { defineCommand } from "../command.ts";
import { type Change, changesToJson, renderChanges, type Search } from "../diff-report.ts";
import { exitCodes } from "../exit-codes.ts";
import { formatOption } from "../format-option.ts";
import { readInputFile } from "../input-file.ts";
import { type LoadedPolicies, loadPolicies } from "../load-policies.ts";
import { createPaint } from "../paint.ts";

/** Decides inputs by two versions of policies and shows what changes. */
export const diff = defineCommand({
  name: "diff",
  summary: "Show which decisions change between two versions of policies",
  details: [
    "Without --inputs, requests are made up that the policies tell apart: who asks, for what, with what\nfound in it. Conditions count as free to hold or not. Of changes that are alike one is shown.",
    "A change is another outcome, reason, model, redaction, obligation or warning, whichever rules are\nbehind it. `chancery explain --help` shows what an input looks like.",
  ],
  positionals: {
    before: { placeholder: "OLD", summary: "Policies as they are" },
    after: { placeholder: "NEW", summary: "Policies as they are going to be" },
  },
  options: {
    inputs: {
      type: "string",
      placeholder: "FILE",
      summary: "Inputs to decide instead, a JSON array; - is standard input",
    },
    format: formatOption,
  },
  exitCodes: [
    [exitCodes.done, "no deny became a permit, and no redaction was lost"],
    [exitCodes.failed, "a deny became a permit, or a redaction was lost or became weaker"],
    [exitCodes.notCompiled, "policies do not compile; nothing is evaluated"],
    [exitCodes.usage, "the command line was not understood, or an input is none"],
  ],
  examples: [
    "chancery diff main/policies policies",
    "chancery diff main/policies policies --inputs requests.json",
    "chancery diff main/policies policies --inputs requests.json --format json",
  ],
  async run({ before, after, inputs: path, format }, io) {
    const inputs = path === undefined ? undefined : await readInputFile(io, path, "--inputs");
    const old = await loadPolicies(io, before);
    const next = await loadPolicies(io, after);
    if (old === undefined || next === undefined) return exitCodes.notCompiled;
    const { changes, ...search } =
      inputs === undefined ? searchChanges(old, next) : compareInputs(inputs.inputs, old, next);
    io.stdout.write(
      format === "json"
        ? changesToJson(changes, search)
        : renderChanges(changes, search, createPaint(io)),
    );
    return changes.some(({ isWider }) => isWider) ? exitCodes.failed : exitCodes.done;
  },
});

interface Found extends Search {
  readonly changes: readonly Change[];
}

function compareInputs(
  inputs: readonly DecisionInput[],
  { snapshot: old }: LoadedPolicies,
  { snapshot: next }: LoadedPolicies,
): Found {
  const changes = inputs.flatMap((input) => changeOf(input, old, next));
  return { changes, total: inputs.length, isExhaustive: true };
}

function changeOf(input: DecisionInput, old: Snapshot, next: Snapshot): readonly Change[] {
  const before = decide(old, input);
  const after = decide(next, input);
  if (!isTransition(before, after)) return [];
  return [{ input, before, after, isWider: isWidening(before, after), conditions: {} }];
}

function decide(snapshot: Snapshot, input: DecisionInput): DecisionDocument {
  return documentOf(snapshot, input, evaluate(snapshot, input, { shadow: true }));
}

function searchChanges(old: LoadedPolicies, next: LoadedPolicies): Found {
  const { transitions, tried, isExhaustive } = comparePolicies(old.documents, next.documents);
  const changes = transitions.map(({ input, before, after, ...rest }) => ({
    ...rest,
    input,
    before: documentOf(old.snapshot, input, before),
    after: documentOf(next.snapshot, input, after),
  }));
  return { changes, total: tried, isExhaustive };
}

/** Decisions of a search come from policies compiled for it, so what they were made by is told here. */
function documentOf(snapshot: Snapshot, input: DecisionInput, decision: Decision) {
  const versions = snapshot.versionsFor(input.tenant);
  return toDecisionDocument({ ...decision, effective: versions.effective }, { input, versions });
}

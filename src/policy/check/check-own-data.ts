import type { Problem } from "../../base/index.ts";
import type { DocumentOfKind } from "../documents/document.ts";
import { placeProblem, type Spot } from "../documents/place-problem.ts";
import { admitPattern, instructionsTogetherMax } from "./admit-pattern.ts";

type Classifier = DocumentOfKind<"Classifier">;

/** Entries of one dictionary, and UTF-16 units of one entry. */
const entriesMax = 100_000;
const entryUnitsMax = 128;
/** Of one value of a list. */
const digestChars = 10;

/**
 * Finds what is wrong with patterns, terms and values that a classifier brings along: E01, and E08 for
 * patterns that are not admitted.
 */
export function findOwnDataProblems(classifier: Classifier): readonly Problem[] {
  return [
    ...idleFields(classifier),
    ...patternProblems(classifier),
    ...termProblems(classifier),
    ...valueProblems(classifier),
    ...ignoredInPart(classifier),
  ];
}

/** Fields by which only a model goes that is asked. */
function idleFields(classifier: Classifier): readonly Problem[] {
  const { spec } = classifier;
  if (spec.endpoint !== undefined) return [];
  const idle = (["files", "map", "timeout"] as const).filter((name) => spec[name] !== undefined);
  return idle.map((name) =>
    placeProblem(
      classifier,
      { key: name, of: spec },
      {
        code: "E01",
        message: `\`${name}\` is about a model that is asked`,
        hint: "Leave it out.",
      },
    ),
  );
}

function patternProblems(classifier: Classifier): readonly Problem[] {
  const { patterns = [] } = classifier.spec;
  const seen = new Set<string>();
  let together = 0;
  return patterns.flatMap((one) => {
    const problems = [...beyondClasses(classifier, one)];
    if (seen.has(one.id)) problems.push(twice(classifier, one));
    seen.add(one.id);
    const admission = admitPattern(one.pattern);
    const spot = { value: "pattern", of: one } as const;
    if ("message" in admission) {
      problems.push(placeProblem(classifier, spot, { code: "E08", ...admission }));
      return problems;
    }
    const before = together;
    together += admission.instructions;
    if (before <= instructionsTogetherMax && together > instructionsTogetherMax) {
      const message = `with this one the patterns take ${together} steps a character together, more than ${instructionsTogetherMax}`;
      const hint = "Leave some out, or list the words they stand for under `terms`.";
      problems.push(placeProblem(classifier, spot, { code: "E08", message, hint }));
    }
    return problems;
  });
}

function twice(classifier: Classifier, one: { readonly id: string }): Problem {
  const message = `two patterns have the id \`${one.id}\``;
  const text = { code: "E01", message, hint: "Give each an id of its own." } as const;
  return placeProblem(classifier, { value: "id", of: one }, text);
}

function termProblems(classifier: Classifier): readonly Problem[] {
  const { terms } = classifier.spec;
  if (terms === undefined) return [];
  const problems = [...beyondClasses(classifier, terms)];
  if ((terms.list === undefined) === (terms.lines === undefined)) {
    const message = "`terms` has exactly one of `list` and `lines`";
    const hint = "Write few entries as a `list`, and many as `lines`, one to a line.";
    const spot = { key: "terms", of: classifier.spec } as const;
    return [...problems, placeProblem(classifier, spot, { code: "E01", message, hint })];
  }
  const { list, lines = "" } = terms;
  const entries = list ?? lines.split("\n").filter((line) => line.trim() !== "");
  const wrong = entries.findIndex((entry) => entryProblem(entry) !== undefined);
  const spot: Spot =
    list === undefined ? { key: "lines", of: terms } : { value: Math.max(0, wrong), of: list };
  if (entries.length > entriesMax) {
    const message = `a dictionary has at most ${entriesMax} entries, found ${entries.length}`;
    const hint = "Split it into several classifiers.";
    problems.push(
      placeProblem(
        classifier,
        { key: "terms", of: classifier.spec },
        { code: "E01", message, hint },
      ),
    );
  }
  const message = entryProblem(entries[wrong] ?? "");
  if (wrong >= 0 && message !== undefined) {
    const hint = "Write a word or a name of two letters or digits or more.";
    problems.push(placeProblem(classifier, spot, { code: "E01", message, hint }));
  }
  return problems;
}

function valueProblems(classifier: Classifier): readonly Problem[] {
  const { values } = classifier.spec;
  if (values === undefined) return [];
  const problems = [...beyondClasses(classifier, values)];
  const chars = values.digests.replace(/\s+/g, "").length;
  const message =
    chars % digestChars === 0
      ? `a list has at most ${entriesMax} values, found ${chars / digestChars}`
      : `digests have ${digestChars} characters each, and ${chars % digestChars} are left over`;
  if (chars % digestChars !== 0 || chars > entriesMax * digestChars) {
    const hint = "Have the list made again with `chancery digest`, in parts if it is long.";
    const spot = { key: "digests", of: values } as const;
    problems.push(placeProblem(classifier, spot, { code: "E01", message, hint }));
  }
  return problems;
}

/**
 * The arguments of calls are among the texts of an answer on the wire. What a rule masks in them must
 * not be ignored there.
 */
function ignoredInPart(classifier: Classifier): readonly Problem[] {
  const { spec } = classifier;
  const isInPart = spec.in.includes("response") && !spec.in.includes("tool_args");
  if (spec.ignore === undefined || !isInPart) return [];
  const message =
    "values that are ignored in `response` are so in `tool_args`, which is part of it";
  const text = { code: "E01", message, hint: "Add `tool_args` to `in`." } as const;
  return [placeProblem(classifier, { key: "in", of: spec }, text)];
}

/** Letters and digits are what an entry is found by; what has next to none would be everywhere. */
function entryProblem(entry: string): string | undefined {
  if (entry.length > entryUnitsMax) {
    return `an entry has at most ${entryUnitsMax} characters, found one of ${entry.length}`;
  }
  const isTold = /[\p{L}\p{N}].*[\p{L}\p{N}]/u.test(entry);
  return isTold ? undefined : `\`${entry}\` has too few letters and digits to be told`;
}

/** Whatever a classifier may report stands in one list, where a reviewer looks for it. */
function beyondClasses(classifier: Classifier, of: { readonly class: string }): readonly Problem[] {
  if (classifier.spec.classes.includes(of.class)) return [];
  const message = `\`${of.class}\` is found, which \`classes\` does not list`;
  const text = { code: "E01", message, hint: "Add it to `classes`." } as const;
  return [placeProblem(classifier, { value: "class", of }, text)];
}

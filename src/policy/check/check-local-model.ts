import { nearestName, type Problem } from "../../base/index.ts";
import type { DocumentOfKind } from "../documents/document.ts";
import { placeProblem, type Spot } from "../documents/place-problem.ts";

/** A model that runs beside the server, as the operator's configuration has it. */
export interface LocalModel {
  /** Digests, `sha256:` and 64 hexadecimal digits. */
  readonly files: { readonly model: string; readonly tokenizer: string };
  /** All that it ever tells, in its own words. */
  readonly words: readonly string[];
}

type Classifier = DocumentOfKind<"Classifier">;

/**
 * Finds documents that do not pin the files of a model that runs here, E01, or others than those it
 * has, E02, and classes that it never tells, E02. `model` is undefined where it runs elsewhere.
 */
export function findModelProblems(
  classifier: Classifier,
  endpoint: string,
  model: LocalModel | undefined,
): readonly Problem[] {
  const { files } = classifier.spec;
  if (model === undefined) {
    if (files === undefined) return [];
    const message = `\`${endpoint}\` is asked over the network, so nobody knows its files`;
    const spot = { key: "files", of: classifier.spec } as const;
    return [placeProblem(classifier, spot, { code: "E01", message, hint: "Leave it out." })];
  }
  return [...otherFiles(classifier, endpoint, model), ...neverTold(classifier, endpoint, model)];
}

/** What a model finds is up to its files, so whoever answers for the policy chooses these. */
function otherFiles(classifier: Classifier, endpoint: string, model: LocalModel) {
  const { files } = classifier.spec;
  if (files === undefined) {
    const spot = { value: "endpoint", of: classifier.spec } as const;
    const { model: first, tokenizer } = model.files;
    const message = `\`${endpoint}\` runs here, and nothing says with which files`;
    const hint = `Write \`files: { model: "${first}", tokenizer: "${tokenizer}" }\` if these are the ones.`;
    return [placeProblem(classifier, spot, { code: "E01", message, hint })];
  }
  const names = (["model", "tokenizer"] as const).filter(
    (name) => files[name] !== model.files[name],
  );
  return names.map((name) =>
    placeProblem(
      classifier,
      { value: name, of: files },
      {
        code: "E02",
        message: `the ${name} of \`${endpoint}\` is another: \`${model.files[name]}\``,
        hint: "Try it, then pin this one, or ask the operator for the other.",
      },
    ),
  );
}

/** A class that is asked for and never told would look as if it were not there. */
function neverTold(classifier: Classifier, endpoint: string, { words }: LocalModel) {
  const { classes, map = {} } = classifier.spec;
  const unknown = (word: string, spot: Spot) => {
    const nearest = nearestName(word, words);
    return placeProblem(classifier, spot, {
      code: "E02",
      message: `the model \`${endpoint}\` never says \`${word}\``,
      hint:
        nearest === undefined
          ? `It says ${words
              .slice(0, 20)
              .map((each) => `\`${each}\``)
              .join(", ")}; give the class one of these under \`map\`.`
          : `Did you mean \`${nearest}\`?`,
    });
  };
  const mapped = new Set(Object.values(map));
  return [
    ...Object.keys(map)
      .filter((word) => !words.includes(word))
      .map((word) => unknown(word, { key: word, of: map })),
    ...classes.flatMap((dataClass, index) =>
      mapped.has(dataClass) || words.includes(dataClass)
        ? []
        : unknown(dataClass, { value: index, of: classes }),
    ),
  ];
}

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { readTokenizer } from "../tokens/index.ts";
import type { ModelTerms, PinnedFile } from "./model-terms.ts";
import { createModelRun, inputsOf } from "./run-model.ts";
import { loadRuntime, quiet } from "./runtime.ts";
import { createTokenClassifier, type TokenClassifier } from "./token-classifier.ts";
import { readLabels } from "./token-labels.ts";

/**
 * Loads a model and what goes with it, and tries it on a window that is full: a model that reads fewer
 * tokens, knows fewer or tells other labels than it should is found now and not by a text. Rejects with
 * one line for the operator.
 */
export async function openModel(terms: ModelTerms): Promise<TokenClassifier> {
  const { labels, threads, windowTokens } = terms;
  const runtime = loadRuntime(terms.runtimeDir);
  const tokenizerFile = await readPinned(terms.tokenizer);
  const tokenizer = within(terms.tokenizer, () => readTokenizer(tokenizerFile.toString()));
  const around = tokenizer.before.length + tokenizer.after.length;
  if (windowTokens - around < 1) {
    throw new Error(`a window of ${windowTokens} tokens has no room between ${around} around it`);
  }
  const model = await readPinned(terms.model);
  const name = basename(terms.model.file);
  const session = await runtime.InferenceSession.create(model, {
    executionProviders: ["cpu"],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    ...quiet,
    // In a file nothing lies: weights beside the model are not pinned, and would be looked for in the
    // working directory.
    extra: { session: { model_external_initializers_file_folder_path: terms.model.file } },
  }).catch((cause: unknown) => {
    throw new Error(`${name} is not a model that can be loaded: ${lineOf(cause)}`, { cause });
  });
  const inputs = within(terms.model, () => inputsOf(session.inputNames));
  const run = createModelRun({ runtime, session, inputs, labels: labels.length });
  const full = new Array<number>(windowTokens).fill(tokenizer.idMax);
  await run(full).catch((cause: unknown) => {
    throw new Error(
      `${name} does not read ${windowTokens} tokens up to ${tokenizer.idMax}: ${lineOf(cause)}`,
      { cause },
    );
  });
  return createTokenClassifier({ tokenizer, windowTokens, run, labels: readLabels(labels) });
}

async function readPinned({ digest, file }: PinnedFile): Promise<Buffer> {
  const bytes = await readFile(file);
  const found = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  if (found === digest) return bytes;
  throw new Error(`${basename(file)} is ${found}, which is not what is pinned`);
}

function within<Value>({ file }: PinnedFile, act: () => Value): Value {
  try {
    return act();
  } catch (cause) {
    throw new Error(`${basename(file)}: ${lineOf(cause)}`, { cause });
  }
}

function lineOf(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).split("\n", 1)[0] ?? "";
}

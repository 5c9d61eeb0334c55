import { resolve } from "node:path";
import { type LocalClassifierConfig, typesOfLabels } from "../classifiers/index.ts";
import type { ConfigObjection } from "./config-objection.ts";
import type { ConfigValue } from "./config-schema.ts";

type Entry = ConfigValue["classifiers"][string];
type ModelTerms = LocalClassifierConfig["onnx"];

/** What BERT and most encoders after it read at once. */
const windowTokensDefault = 512;

/** What is wrong with a classifier that runs here, its files aside. */
export function checkOnnx(name: string, { onnx }: Entry): readonly ConfigObjection[] {
  const severity = "error";
  if (onnx === undefined) {
    const message = "a classifier of type onnx runs here and needs its files";
    const hint = "Write `onnx: { model: …, tokenizer: …, labels: … }`.";
    return [{ path: ["classifiers", name], severity, message, hint }];
  }
  if (typesOfLabels(onnx.labels).length > 0) return [];
  const hint = "List the labels of the model in the order of its outputs.";
  const path = ["classifiers", name, "onnx", "labels"];
  return [{ path, severity, message: "a model with these labels tells nothing", hint }];
}

/** Fills in what follows from the rest. `baseDirectory` is where relative paths start. */
export function toModelTerms(
  { labels, model, runtimeDir, threads, tokenizer, windowTokens }: NonNullable<Entry["onnx"]>,
  baseDirectory: string,
): ModelTerms {
  return {
    labels,
    model: { ...model, file: resolve(baseDirectory, model.file) },
    tokenizer: { ...tokenizer, file: resolve(baseDirectory, tokenizer.file) },
    windowTokens: windowTokens ?? windowTokensDefault,
    threads: threads ?? 1,
    runtimeDir: runtimeDir && resolve(baseDirectory, runtimeDir),
  };
}

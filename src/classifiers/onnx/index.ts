/**
 * Token classifiers that run here: an ONNX model with its tokenizer on a thread of its own, by a
 * runtime that is loaded where one is wanted. Start with `ModelThread`.
 */
export type { ModelTerms, PinnedFile } from "./model-terms.ts";
export { ModelThread } from "./model-thread.ts";
export { typesOfLabels } from "./token-labels.ts";

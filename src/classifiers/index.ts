/**
 * Asks classification models, over the network or on a thread of this process (`onnx/`, with `tokens/`
 * for what models read), behind the port of `detect`. Adapters know how a model is asked and what its
 * answers mean; `guarded-classifier.ts` knows when it is asked: under a deadline, by so many at once,
 * not while it keeps failing. Decides nothing. Start with `openClassifiers`.
 */
export type { AskResult, ClassifierObserver } from "./guarded-classifier.ts";
export { typesOfLabels } from "./onnx/index.ts";
export {
  type ClassifierConfig,
  type LocalClassifierConfig,
  type OpenClassifiers,
  openClassifiers,
  type RemoteClassifierConfig,
} from "./open-classifiers.ts";

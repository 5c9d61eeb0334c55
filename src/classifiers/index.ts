/**
 * Asks classification models over the network, behind the port of `detect`. Adapters know how a server
 * is asked and what its answers mean; `guarded-classifier.ts` knows when it is asked: under a deadline,
 * by so many at once, not while it keeps failing. Decides nothing. Start with `openClassifiers`.
 */
export type { AskResult, ClassifierObserver } from "./guarded-classifier.ts";
export {
  type ClassifierConfig,
  type OpenClassifiers,
  openClassifiers,
} from "./open-classifiers.ts";

/**
 * Texts with known answers for measuring detection, all made by rule from a seed: a corpus, a wilder one
 * that shares no template with it, and attacks with their look-alikes. Nobody in them exists, and the
 * numbers belong to nobody: they only pass their checks. Detectors are not tuned to these templates, to
 * those of the wilder corpus and the held-out attacks least of all.
 */
export { rowOf, typeEntries } from "./catalogue/index.ts";
export { createCorpus } from "./corpus.ts";
export type { GoldSpan, LabelledDocument } from "./document.ts";
export { createInjectionSet, type InjectionCase } from "./injection/injection-set.ts";
export { Random } from "./random.ts";
export { createWilderCorpus } from "./wilder/wilder-corpus.ts";

import type { LabelledDocument } from "../document.ts";
import { Random } from "../random.ts";
import { dataScenes } from "./data-scenes.ts";
import { emptyScenes } from "./empty-scenes.ts";
import { operationsScenes } from "./operations-scenes.ts";
import { peopleScenes } from "./people-scenes.ts";
import { WilderValues } from "./values.ts";

const groups = [
  ["data", dataScenes],
  ["operations", operationsScenes],
  ["people", peopleScenes],
  ["nothing", emptyScenes],
] as const;

/**
 * The wilder corpus: other structures, other phrasing and other makers than the first one has. Detectors
 * are measured with it and never tuned to it. Names that nothing marks as such and values whose kind only
 * their position tells may be found or not; everything else counts as in the first corpus.
 */
export function createWilderCorpus(seed: string, documents: number): LabelledDocument[] {
  const random = new Random(`wilder ${seed}`);
  const values = new WilderValues(random);
  return Array.from({ length: documents }, (_, serial) => {
    const [genre, scenes] = random.pick(groups);
    return random
      .pick<(typeof scenes)[number]>(scenes)(values)
      .document(`${genre}-${serial}`, genre);
  });
}

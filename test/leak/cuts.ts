/** Ways to cut a text into pieces of a model's, and bytes into chunks of a network's. */
import { Draw } from "../support/draw.ts";

/** A way to cut, by name. */
export interface Cut<Whole> {
  readonly name: string;
  pieces(whole: Whole): readonly Whole[];
}

/** Texts as a model writes them: tokens of one to ten characters. */
export const textCuts: readonly Cut<string>[] = [
  { name: "in one piece", pieces: (text) => [text] },
  ...[1, 3, 10].map((units) => ({
    name: `in tokens of ${units}`,
    pieces: (text: string) => slices(text, () => units),
  })),
  { name: "in tokens of any length", pieces: (text) => slices(text, randomly(10)) },
];

/** Bytes as they arrive. `Whole` is a list of events, of which a chunk may hold parts. */
export const chunkCuts: readonly Cut<Buffer>[] = [
  { name: "in one chunk", pieces: (bytes) => [bytes] },
  { name: "byte by byte", pieces: (bytes) => slices(bytes, () => 1) },
  { name: "in random chunks", pieces: (bytes) => slices(bytes, randomly(90)) },
];

/** Chunks that end with an event each. */
export const eventCut: Cut<Buffer> = {
  name: "event by event",
  pieces: (bytes) =>
    bytes
      .toString("latin1")
      .split(/(?<=\n\n|\r\r|\r\n\r\n)/)
      .map((event) => Buffer.from(event, "latin1")),
};

function randomly(unitsMax: number): () => number {
  const draw = new Draw(unitsMax);
  return () => 1 + draw.below(unitsMax);
}

function slices<Whole extends { readonly length: number; slice(from: number, to: number): Whole }>(
  whole: Whole,
  units: () => number,
): readonly Whole[] {
  if (whole.length === 0) return [whole];
  const pieces: Whole[] = [];
  for (let at = 0; at < whole.length; ) {
    const next = at + units();
    pieces.push(whole.slice(at, next));
    at = next;
  }
  return pieces;
}

import { join } from "node:path";
import { readCheckpoint } from "../evidence/index.ts";
import { anchoredSizes, anchorsOf, readAnchored } from "./anchoring.ts";
import { readIfThere } from "./durable-file.ts";

/** What is known of a log beside its segments: by `checkpoint` and by its anchors. */
export interface KnownTrees {
  readonly largest: number;
  rootOf(size: number): Buffer | undefined;
}

/** Undefined where what is kept there is no checkpoint of this log. */
export function readKnownTrees(folder: string, origin: string): KnownTrees | undefined {
  const roots = new Map<number, Buffer>();
  for (const note of readNotes(folder)) {
    const checkpoint = readCheckpoint(note);
    if (checkpoint?.origin !== origin) return undefined;
    const root = Buffer.from(checkpoint.root);
    if (roots.get(checkpoint.size)?.equals(root) === false) return undefined;
    roots.set(checkpoint.size, root);
  }
  return { largest: Math.max(0, ...roots.keys()), rootOf: (size) => roots.get(size) };
}

/** Of each anchor the last is enough: what it held before is part of it. */
function readNotes(folder: string): readonly string[] {
  const own = readIfThere(join(folder, "checkpoint"));
  const anchored = anchorsOf(folder).flatMap((name) => {
    const size = anchoredSizes(folder, name).at(-1);
    return size === undefined ? [] : [readAnchored(folder, name, size) ?? ""];
  });
  // A power cut may leave a name without its content.
  if (own === undefined || own.every((byte) => byte === 0)) return anchored;
  return [own.toString(), ...anchored];
}

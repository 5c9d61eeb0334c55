import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Anchor } from "./anchor.ts";
import { replaceFile } from "./durable-file.ts";
import { padSize } from "./segment-name.ts";

/**
 * Checkpoints as files below a folder, such as one on another machine:
 * `<folder>/<origin>/<size>.checkpoint`.
 */
export function createDirectoryAnchor(name: string, folder: string): Anchor {
  return {
    name,
    async publish({ note, origin, size }) {
      const path = join(folder, origin, `${padSize(size)}.checkpoint`);
      await mkdir(dirname(path), { recursive: true });
      await replaceFile(path, note);
      return note;
    },
  };
}

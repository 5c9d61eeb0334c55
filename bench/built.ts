import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** Detection as it is published, which `bench/run.ts` has built: what is measured is what is installed. */
export type BuiltDetection = typeof import("../src/detect/index.ts");

/** Where what was built stands. */
export const builtFolder = join(import.meta.dirname, "..", "dist");

export async function builtDetection(): Promise<BuiltDetection> {
  return (await import(
    pathToFileURL(join(builtFolder, "detect", "index.js")).href
  )) as BuiltDetection;
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { joinModules } from "./join-modules.ts";

const root = join(import.meta.dirname, "..");
const tsc = join(root, "node_modules/typescript/bin/tsc");

/** Folders whose modules work on each text, unit by unit, and are entered by `index.js` alone. */
const joinedFolders = ["detect"];

/**
 * Compiles `src/` to a folder, which is made anew; those that are hot are one module each there. Rejects
 * where the compiler says no.
 */
export async function build(folder = join(root, "dist")): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await compile(folder);
  for (const name of joinedFolders) await joinModules(join(folder, name));
}

async function compile(folder: string): Promise<void> {
  const options = ["-p", join(root, "tsconfig.build.json"), "--outDir", folder];
  const child = spawn(process.execPath, [tsc, ...options], { stdio: "inherit" });
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`the compiler ended with ${String(code)}`);
}

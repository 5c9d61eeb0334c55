import { mkdir, open, rename } from "node:fs/promises";
import { join } from "node:path";
import type { Problem } from "../base/index.ts";
import type { PolicyFile } from "../policy/index.ts";
import { readPolicyDirectory } from "./policy-directory.ts";

/** The files of a folder of kill switches, and what could not be read. */
export interface KillSwitchFolder {
  readonly files: readonly PolicyFile[];
  readonly problems: readonly Problem[];
}

/**
 * Reads the folder of `policies.killSwitches`, which is laid out as a policy directory is
 * (policy-model 2.1). It may be empty: most of the time nothing is stopped. Never rejects.
 */
export function readKillSwitchFolder(directory: string): Promise<KillSwitchFolder> {
  return readPolicyDirectory(directory, { mayBeEmpty: true });
}

/** One file of the folder, to be written. */
export interface KillSwitchFile {
  readonly namespace: string;
  readonly name: string;
  readonly text: string;
}

/**
 * Puts a kill switch into the folder, in place of one of the same name: whole or not at all, and on
 * disk when it is done. Gives the path, relative to the folder. Rejects when the disk says no.
 */
export async function writeKillSwitch(
  directory: string,
  { namespace, name, text }: KillSwitchFile,
): Promise<string> {
  const folder = join(directory, namespace);
  await mkdir(folder, { recursive: true });
  // Hidden, so that no reader takes the draft for a switch.
  const draft = join(folder, `.${name}.${process.pid}`);
  {
    await using handle = await open(draft, "w", 0o644);
    await handle.writeFile(text);
    await handle.sync();
  }
  await rename(draft, join(folder, `${name}.yaml`));
  return `${namespace}/${name}.yaml`;
}

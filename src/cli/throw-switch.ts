import { resolve } from "node:path";
import { stringify } from "yaml";
import { documentsOf, parsePolicies } from "../policy/index.ts";
import { parseConfig } from "../server/index.ts";
import { sha256Hex } from "../signing/index.ts";
import { readKillSwitchFolder, writeKillSwitch } from "../sources/index.ts";
import type { Io } from "./io.ts";
import { readInput } from "./read-input.ts";
import { UsageError } from "./usage-error.ts";

/** What can be stopped, with the field of `target` that names it (policy-model 6). */
export const switchTargets = {
  tenant: "tenants",
  app: "apps",
  principal: "principals",
  model: "models",
  provider: "providers",
  tool: "tools",
} as const;

/** One switch to be thrown, as the command line says it. */
export interface SwitchOrder {
  readonly kind: string;
  readonly name: string;
  readonly reason: string;
  readonly active: boolean;
  readonly stopStreams?: boolean;
  /** Who throws it and where that was asked for, for the record of it. */
  readonly actor?: string | undefined;
  readonly ticket?: string | undefined;
  readonly config: string | undefined;
  readonly directory: string | undefined;
  /** Whose switch it is: `platform`, or a tenant, which stops its own requests only. */
  readonly namespace: string;
}

/** What was written. */
export interface ThrownSwitch {
  /** Full name. */
  readonly name: string;
  readonly sequence: number;
  /** As it was given, with the file below it. */
  readonly file: string;
}

/**
 * Writes the document with the next sequence into the folder that servers watch. Throws `UsageError`
 * for what cannot be a switch, or where the folder is not known or cannot be read.
 */
export async function throwSwitch(order: SwitchOrder, io: Io): Promise<ThrownSwitch> {
  const field = fieldOf(order.kind);
  const folder = await folderOf(order, io);
  const directory = resolve(io.cwd, folder);
  const name = documentName(order);
  const sequence = (await highestSequence(directory, { ...order, name, folder })) + 1;
  const text = stringify({
    apiVersion: "chancery/v1alpha1",
    kind: "KillSwitch",
    metadata: { name, namespace: order.namespace, ...annotationsOf(order) },
    spec: {
      sequence,
      active: order.active,
      target: { [field]: [order.name] },
      ...(order.stopStreams ? { stopStreams: true } : {}),
      reason: order.reason,
    },
  });
  const file = `${order.namespace}/${name}.yaml`;
  refuseMistakes(text, { file, namespace: order.namespace });
  await write(directory, { ...order, name, text, folder });
  return { name: `${order.namespace}/${name}`, sequence, file: `${folder}/${file}` };
}

function annotationsOf({ actor, ticket }: SwitchOrder): object {
  const annotations = { ...(actor && { actor }), ...(ticket && { ticket }) };
  return Object.keys(annotations).length === 0 ? {} : { annotations };
}

function fieldOf(kind: string): (typeof switchTargets)[keyof typeof switchTargets] {
  if (Object.hasOwn(switchTargets, kind)) return switchTargets[kind as keyof typeof switchTargets];
  const known = Object.keys(switchTargets).join(", ");
  throw new UsageError(`Nothing of kind "${kind}" can be stopped.`, `Name one of ${known}.`);
}

async function folderOf({ config, directory }: SwitchOrder, io: Io): Promise<string> {
  if (directory !== undefined) return directory;
  if (config === undefined) {
    throw new UsageError(
      "Neither --config nor --directory says where kill switches are kept.",
      "Name the server's configuration with --config FILE.",
    );
  }
  const text = await readInput(io, config, "--config");
  const found = parseConfig({ path: resolve(io.cwd, config), text }).config?.policies.killSwitches;
  if (found !== undefined) return found;
  throw new UsageError(
    `${config} names no folder of kill switches, or has problems.`,
    "Set `policies.killSwitches` in it, or name the folder with --directory DIR.",
  );
}

/** A DNS label that says what it stops; names that do not fit one are told apart by a digest. */
function documentName({ kind, name }: SwitchOrder): string {
  const plain = `${kind}-${name}`.toLowerCase();
  const label = plain.replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-+|-+$/g, "");
  return label === plain && label.length <= 63
    ? label
    : `${label.slice(0, 50).replace(/-$/, "")}-${sha256Hex(`${kind} ${name}`).slice(0, 12)}`;
}

interface SwitchPlace {
  readonly namespace: string;
  readonly name: string;
  readonly folder: string;
}

async function highestSequence(
  directory: string,
  { folder, name, namespace }: SwitchPlace,
): Promise<number> {
  const { files, problems } = await readKillSwitchFolder(directory);
  const [problem] = problems.filter(({ severity }) => severity === "error");
  if (problem !== undefined) {
    throw new UsageError(
      `Cannot read ${folder}: ${problem.message}.`,
      "A sequence that is not known cannot be passed; see to the folder first.",
    );
  }
  const documents = documentsOf(parsePolicies(files).documents, "KillSwitch");
  return documents
    .filter(({ metadata }) => metadata.name === name && metadata.namespace === namespace)
    .reduce((highest, { spec }) => Math.max(highest, spec.sequence), 0);
}

/** What no server would load is not written. */
function refuseMistakes(text: string, file: { file: string; namespace: string }): void {
  const { problems } = parsePolicies([{ path: file.file, namespace: file.namespace, text }]);
  const [problem] = problems;
  if (problem !== undefined) throw new UsageError(`No switch: ${problem.message}.`, problem.hint);
}

async function write(
  directory: string,
  { folder, ...file }: SwitchPlace & { readonly text: string },
): Promise<void> {
  try {
    await writeKillSwitch(directory, file);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? "unknown error";
    throw new UsageError(
      `Cannot write into ${folder}: ${reason}.`,
      "Check that the folder exists and that you may write there; nothing was stopped.",
    );
  }
}

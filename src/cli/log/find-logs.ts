import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { type FoundLog, findLogs } from "../../evidence/index.ts";
import { createDiskFiles } from "../../log/index.ts";
import { adminSlot, type Installation } from "../../server/index.ts";
import { readConfig } from "../config-file.ts";
import type { Io } from "../io.ts";
import { UsageError } from "../usage-error.ts";

/** PATH of every command that reads logs. */
export const pathArgument = {
  placeholder: "PATH",
  isOptional: true,
  summary: "A log folder, a slot, `<stateDir>/log`, or an export",
} as const;

/** Options that say whose logs are meant where PATH does not, and who may sign in their admin log. */
export const placeOptions = {
  config: {
    type: "string",
    placeholder: "FILE",
    summary: "The server's configuration; without PATH its logs are meant",
  },
  state: {
    type: "string",
    placeholder: "DIR",
    summary: "Replaces stateDir; without PATH its logs are meant",
  },
} as const;

/** PATH, --config and --state as they were given. */
export interface PlaceInput {
  readonly path?: string | undefined;
  readonly config: string | undefined;
  readonly state: string | undefined;
}

/** Logs that a command was pointed at. */
export interface LogPlace {
  /** The folder as it was named, for messages. */
  readonly shown: string;
  /** Absolute. */
  readonly path: string;
  /** Those of the admin slot included. */
  readonly logs: readonly FoundLog[];
  /** Whose logs they are; undefined for a copy elsewhere. */
  readonly installation: Installation | undefined;
}

/** Finds the logs meant. Throws `UsageError` where none is named, there, or readable. */
export async function findLogPlace(io: Io, input: PlaceInput): Promise<LogPlace> {
  const named = await findInstallation(io, input);
  const shown = input.path ?? logFolderOf(named);
  const path = resolve(io.cwd, shown);
  const logs = orUnreadable(shown, () => findLogs(createDiskFiles(path)));
  if (logs.length === 0) {
    throw new UsageError(
      `Found no log at ${shown}.`,
      "Give a log folder, a slot, `<stateDir>/log`, or an export.",
    );
  }
  return { shown, path, logs, installation: installationOf(path, logs, named) };
}

/**
 * The installation that --config or --state names; undefined where neither does. Throws `UsageError`
 * for a configuration that does not hold together.
 */
export async function findInstallation(
  io: Io,
  { config: file, state }: Pick<PlaceInput, "config" | "state">,
): Promise<Installation | undefined> {
  if (file === undefined) {
    if (state === undefined) return undefined;
    return { stateDir: resolve(io.cwd, state), audit: undefined };
  }
  const overrides = { state: state === undefined ? undefined : resolve(io.cwd, state) };
  const { audit, stateDir } = await readConfig(io, file, overrides);
  return { stateDir, audit };
}

/** The installation that a command cannot do without. Throws `UsageError` where none is named. */
export async function requireInstallation(
  io: Io,
  input: Pick<PlaceInput, "config" | "state">,
): Promise<Installation> {
  const found = await findInstallation(io, input);
  if (found !== undefined) return found;
  throw new UsageError(
    "No installation is named.",
    "Give the server's --config FILE, or its state directory with --state DIR.",
  );
}

function logFolderOf(installation: Installation | undefined): string {
  if (installation !== undefined) return join(installation.stateDir, "log");
  throw new UsageError(
    "No log is named.",
    "Give PATH, or the server's --config FILE or --state DIR.",
  );
}

/** The one installation that logs are of. Throws `UsageError` where they are of several. */
function installationOf(
  path: string,
  logs: readonly FoundLog[],
  named: Installation | undefined,
): Installation | undefined {
  const found = new Set(
    logs.map((log) => stateDirAround(realpathSync(join(path, log.path)), named)),
  );
  const [stateDir, ...others] = found;
  if (others.length > 0) {
    throw new UsageError(
      `There are logs of several installations at ${path}.`,
      "Name one of them: that they are read is recorded in its own log.",
    );
  }
  return toInstallation(stateDir, named);
}

function toInstallation(
  stateDir: string | undefined,
  named: Installation | undefined,
): Installation | undefined {
  if (stateDir === undefined) return undefined;
  const isNamed = named !== undefined && isSame(named.stateDir, stateDir);
  return isNamed ? named : { stateDir, audit: undefined };
}

/**
 * The state directory that a log folder is in, as `log/<slot>/<id>` below it. A copy of logs has no
 * `keys` beside them: these are kept out of backups (audit-and-operations 3), and without them
 * nothing could be written in its name; the one that was named needs none to be known.
 */
function stateDirAround(logFolder: string, named: Installation | undefined): string | undefined {
  const slots = dirname(dirname(logFolder));
  const stateDir = dirname(slots);
  const isNamed = named !== undefined && isSame(named.stateDir, stateDir);
  const isKnown = isNamed || existsSync(join(stateDir, "keys"));
  return basename(slots) === "log" && isKnown ? stateDir : undefined;
}

function isSame(one: string, other: string): boolean {
  return existsSync(one) && realpathSync(one) === other;
}

/**
 * Where records are read that need not be those of a log folder, such as a file of lines: there may be
 * no log. Throws `UsageError` where none is named, and for a configuration that does not hold together.
 */
export async function findReadingPlace(io: Io, input: PlaceInput): Promise<LogPlace> {
  const named = await findInstallation(io, input);
  const shown = input.path ?? logFolderOf(named);
  const path = resolve(io.cwd, shown);
  const logs = orUnreadable(shown, () => findLogs(createDiskFiles(path)));
  if (logs.length > 0) {
    return { shown, path, logs, installation: installationOf(path, logs, named) };
  }
  // A segment stands two folders below that of its log.
  const around = existsSync(path)
    ? stateDirAround(dirname(dirname(realpathSync(path))), named)
    : undefined;
  return { shown, path, logs, installation: toInstallation(around, named) };
}

/** Whether a log is that of the command line, by its name. */
export function isAdminLog({ origin }: { readonly origin: string }): boolean {
  return origin.split("/").at(-2) === adminSlot;
}

/** What is read of files. Throws `UsageError` where the disk does not give it. */
export function orUnreadable<T>(shown: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Error && "syscall" in error && "code" in error)) throw error;
    throw new UsageError(
      `Cannot read ${shown}: ${String(error.code)}.`,
      "Run as a user who may read the records, such as the server's own.",
    );
  }
}

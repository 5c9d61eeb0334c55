import { userInfo } from "node:os";
import { Fault } from "../../base/index.ts";
import { encodeAccess, type RecordPosition } from "../../record/index.ts";
import { type Installation, openAdminLog, RootKeyNeeded } from "../../server/index.ts";
import type { Io } from "../io.ts";
import { UsageError } from "../usage-error.ts";
import type { LogPlace } from "./find-logs.ts";
import type { RecordFilter } from "./record-filter.ts";

/** Options of every command that leaves a record of who ran it. */
export const actorOption = {
  type: "string",
  placeholder: "NAME",
  summary: "Who does this, for the record; else the login name",
} as const;

/** Options of every command that reads records (audit-and-operations 4.9). */
export const readingOptions = {
  actor: actorOption,
  purpose: { type: "string", placeholder: "TEXT", summary: "What for, for the record" },
} as const;

/** Who reads what. */
export interface Reading {
  /** As in `log tail`. */
  readonly command: string;
  readonly actor: string | undefined;
  readonly purpose: string | undefined;
  readonly filter?: RecordFilter | undefined;
  /** Records given out, where that is known. */
  readonly count?: number | undefined;
}

/**
 * Leaves an `access` record of a reading in the admin log of the installation, before anything is
 * given out; says on standard error that a copy elsewhere has none. Throws `UsageError` where the
 * record cannot be written: then nothing is to be read.
 */
export async function recordReading(
  io: Io,
  { installation, shown }: Pick<LogPlace, "installation" | "shown">,
  reading: Reading,
): Promise<void> {
  if (installation === undefined) {
    io.stderr.write(`chancery: ${shown} is a copy; that it is read here is not recorded.\n`);
    return;
  }
  const { command, count, filter, purpose } = reading;
  const actor = actorOf(reading.actor);
  const access = { command, actor, purpose: boundedText(purpose, "--purpose"), count };
  await appendToAdminLog(installation, "access", (position) =>
    encodeAccess({ ...access, filter: filter?.told }, position),
  );
}

/**
 * Appends one record to the admin log and sees it to the disk. Throws `UsageError` where it cannot
 * be written.
 */
export async function appendToAdminLog(
  installation: Installation,
  kind: "access" | "erase" | "hold",
  encode: (position: RecordPosition) => string,
): Promise<void> {
  try {
    const log = await openAdminLog(installation);
    try {
      log.append(encode, { kind });
      log.commitNow();
    } finally {
      await log.close("done");
    }
  } catch (error) {
    throw asRefusal(error);
  }
}

/** Why a log cannot be written, as people are told; what is no such reason is given back as it is. */
export function asRefusal(error: unknown): unknown {
  if (error instanceof RootKeyNeeded) {
    return new UsageError(`Nothing can be recorded: ${error.message}.`, "Give it with --config.");
  }
  const isDisk = error instanceof Error && "code" in error;
  if (!(error instanceof Fault) && !isDisk) return error;
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : "";
  return new UsageError(
    `Nothing can be recorded: ${error.message}${cause}.`,
    "Run as the server's user; what cannot be recorded is not done.",
  );
}

/** Who acts: as named, else by the login name. Throws `UsageError` where neither is there. */
export function actorOf(named: string | undefined): string {
  const actor = boundedText(named ?? loginName(), "--actor");
  if (actor !== undefined) return actor;
  throw new UsageError("Who does this is not known.", "Say it with --actor NAME.");
}

/** Text of people in records: short, so that a record stays one. Throws `UsageError` for a longer one. */
export function boundedText<T extends string | undefined>(text: T, flag: string): T {
  if (text === undefined || Buffer.byteLength(text) <= textBytesMax) return text;
  throw new UsageError(`${flag} takes at most ${textBytesMax} bytes.`, "Say it in fewer words.");
}

const textBytesMax = 1024;

/** Undefined for a user without an entry in the system's table. */
export function loginName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}

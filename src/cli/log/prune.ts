import { join } from "node:path";
import { type FoundLog, listSegments } from "../../evidence/index.ts";
import { countHeld, type ExpiredSegment, findExpired, SlotTaken } from "../../log/index.ts";
import {
  findCurrentLog,
  holdsOf,
  type Installation,
  openIdleSlot,
  type PrunedVersions,
  pruneVersions,
} from "../../server/index.ts";
import { readSent } from "../../sinks/index.ts";
import { defineCommand } from "../command.ts";
import { formatOption } from "../format-option.ts";
import type { Io } from "../io.ts";
import { createPaint, type Paint } from "../paint.ts";
import { plural } from "../problem-report.ts";
import { UsageError } from "../usage-error.ts";
import { findLogPlace, pathArgument, placeOptions } from "./find-logs.ts";
import { logExitCodes } from "./log-exit-codes.ts";
import { orBrokenHolds } from "./read-holds.ts";
import { readInfo } from "./read-records.ts";
import { actorOf, actorOption, asRefusal } from "./record-reading.ts";
import { toJson } from "./to-json.ts";

/** Deletes segments that nothing keeps any more. */
export const prune = defineCommand({
  name: "log prune",
  summary: "Delete segments past their retention, of logs that no process holds",
  details: [
    "A server prunes its own log by itself. Seals and tiles stay, so proofs of later records hold; a\n`prune` record says what went. What a legal hold covers stays, and all behind it; so does what a sink has not sent.",
    "Versions of policies and kill switches that no record can name any more go with them.",
  ],
  positionals: { path: pathArgument },
  options: {
    dryRun: { type: "boolean", summary: "Only say what would go" },
    actor: actorOption,
    ...placeOptions,
    format: formatOption,
  },
  exitCodes: [
    [logExitCodes.done, "pruned what may go"],
    [logExitCodes.failed, "a legal hold kept something"],
    [logExitCodes.usage, "the command line was not understood, or something could not be done"],
  ],
  examples: [
    "chancery log prune --config chancery.yaml --dry-run",
    "chancery log prune --config chancery.yaml",
  ],
  async run(input, io) {
    const { installation, logs, shown } = await findLogPlace(io, input);
    if (installation === undefined) {
      throw new UsageError(
        `${shown} is a copy, which nobody can write the \`prune\` record of.`,
        "Prune where the log is written; a copy can be deleted.",
      );
    }
    const actor = actorOf(input.actor);
    const going = new Map<string, readonly number[]>();
    const job = { installation, actor, isDry: input.dryRun, io, going };
    const pruned: Pruned[] = [];
    for (const log of logs) {
      const one = await pruneLog(log, job).catch((error: unknown) => {
        throw asRefusal(error);
      });
      if (one !== undefined) pruned.push(one);
    }
    let versions: PrunedVersions | undefined;
    try {
      versions = await pruneVersionsOf(job);
    } finally {
      // What went of the logs is told all the same.
      show(pruned, versions, input, io);
    }
    return pruned.some(({ held }) => held > 0) ? logExitCodes.failed : logExitCodes.done;
  },
});

interface PruneJob {
  readonly installation: Installation;
  readonly actor: string;
  readonly isDry: boolean;
  readonly io: Io;
  /** By folder of a log, what would go of it by the `seq` of its first record; added to. */
  readonly going: Map<string, readonly number[]>;
}

/** What went of a log, or would. */
interface Pruned {
  readonly log: string;
  readonly segments: number;
  readonly records: number;
  /** The lowest `seq` that is there then. */
  readonly minimum: number;
  /** Segments past their time that a hold keeps. */
  readonly held: number;
}

/** Undefined for a log that is not its slot's own, or that a process has. */
async function pruneLog(log: FoundLog, job: PruneJob): Promise<Pruned | undefined> {
  const { installation, isDry } = job;
  const info = readInfo(log);
  const [slot = "", id = ""] = info.origin.split("/").slice(-2);
  const folder = join(installation.stateDir, "log", slot, id);
  const holds = orBrokenHolds(() => holdsOf(installation.stateDir));
  const today = new Date().toISOString().slice(0, 10);
  const held = await countHeld(folder, today, holds);
  const isSent = await readSent(installation.stateDir);
  const expired = await findExpired(folder, today, holds, (seq) => isSent(info.origin, seq));
  const first = listSegments(log.files)[0] ?? 0;
  if (isDry) {
    job.going.set(
      folder,
      expired.map((segment) => segment.first),
    );
  }
  if (isDry || expired.length === 0) return told(info.origin, expired, { first, held });
  if (findCurrentLog(join(installation.stateDir, "log", slot))?.id !== id) {
    job.io.stderr.write(`chancery: ${info.origin} was replaced; no record can be added to it.\n`);
    return undefined;
  }
  try {
    const open = await openIdleSlot(installation, slot, info);
    try {
      const gone = await open.prune({ reason: "retention", actor: job.actor });
      return told(info.origin, gone, { first, held });
    } finally {
      await open.close("done");
    }
  } catch (error) {
    if (!(error instanceof SlotTaken)) throw error;
    job.io.stderr.write(`chancery: ${info.origin} is being written; its process prunes it.\n`);
    return undefined;
  }
}

function told(
  log: string,
  gone: readonly ExpiredSegment[],
  { first, held }: { readonly first: number; readonly held: number },
): Pruned {
  const records = gone.reduce((sum, { count }) => sum + count, 0);
  return { log, segments: gone.length, records, minimum: first + records, held };
}

/** Of the whole installation: a version may be named in any of its logs. */
async function pruneVersionsOf({ going, installation, io, isDry }: PruneJob) {
  try {
    const versions = await pruneVersions(installation.stateDir, {
      nowMs: Date.now(),
      isDry,
      isGoing: (folder, first) => going.get(folder)?.includes(first) ?? false,
    });
    if (versions.isBusy === true) {
      io.stderr.write("chancery: another process is pruning the versions of policies.\n");
    }
    return versions;
  } catch (error) {
    throw new UsageError(
      `No version of policies was pruned: ${(error as Error).message}.`,
      "Where a log cannot be read nobody knows what its records name, so all versions stay.",
    );
  }
}

function show(
  pruned: readonly Pruned[],
  versions: PrunedVersions | undefined,
  { dryRun, format }: { readonly dryRun: boolean; readonly format: string },
  io: Io,
): void {
  const { killSwitches = 0, layers = 0 } = versions ?? {};
  if (format === "json") {
    const sum = (of: (one: Pruned) => number) => pruned.reduce((all, one) => all + of(one), 0);
    io.stdout.write(
      toJson({
        segments: sum(({ segments }) => segments),
        records: sum(({ records }) => records),
        minimum: pruned.length === 1 ? pruned[0]?.minimum : null,
        held: sum(({ held }) => held),
        versions: versions ? { layers, killSwitches } : null,
        logs: pruned,
      }),
    );
    return;
  }
  const paint = createPaint(io);
  for (const one of pruned) io.stdout.write(renderPruned(one, dryRun, paint));
  if (layers + killSwitches === 0) return;
  const what = `${plural(layers, "version")} of policies, ${plural(killSwitches, "version")} of kill switches`;
  io.stdout.write(`${paint("strong", "snapshots")}  ${what} ${dryRun ? "would go" : "gone"}\n`);
}

function renderPruned(one: Pruned, isDry: boolean, paint: Paint): string {
  const { held, log, minimum, records, segments } = one;
  const what = `${plural(segments, "segment")}, ${plural(records, "record")} ${isDry ? "would go" : "gone"}`;
  const kept = held === 0 ? "" : `; ${paint("warning", `${plural(held, "segment")} held`)}`;
  return `${paint("strong", log)}  ${what}, records from ${minimum} on stay${kept}\n`;
}

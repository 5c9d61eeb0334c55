import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readCheckpoint } from "../evidence/index.ts";
import type { ListLogs, LogSource } from "./log-source.ts";

/** The log that this process writes: it knows more of it than the files say. */
export interface OwnLog {
  readonly origin: string;
  /** Records that are durable, undefined before the first commit. */
  readonly durable: { readonly checkpoint: { readonly size: number } } | undefined;
}

/** Logs of other slots change seldom, and a folder is looked through for them. */
const lookMicros = 5_000_000;

/**
 * The logs below a state directory: that of this process, those of other slots, and those that were
 * replaced. Of the others `checkpoint` says how far they are durable. Asks the disk every 5 seconds at
 * most; what cannot be read then is not there.
 */
export function findLogs(stateDir: string, own: OwnLog, monotonicMicros: () => number): ListLogs {
  let others: readonly LogSource[] = [];
  let lookedMicros = Number.NEGATIVE_INFINITY;
  const folder = join(stateDir, "log", ...own.origin.split("/").slice(-2));
  return () => {
    const now = monotonicMicros();
    if (now - lookedMicros >= lookMicros) {
      lookedMicros = now;
      others = readLogs(stateDir).filter(({ origin }) => origin !== own.origin);
    }
    const { origin } = own;
    return [{ origin, folder, durableSize: own.durable?.checkpoint.size ?? 0 }, ...others];
  };
}

function readLogs(stateDir: string): readonly LogSource[] {
  const root = join(stateDir, "log");
  return namesIn(root).flatMap((slot) =>
    namesIn(join(root, slot)).flatMap((id) => {
      const folder = join(root, slot, id);
      const checkpoint = readCheckpoint(readText(join(folder, "checkpoint")) ?? "");
      if (checkpoint === undefined) return [];
      return [{ origin: checkpoint.origin, folder, durableSize: checkpoint.size }];
    }),
  );
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  } catch {
    // Gone or not to be read; the next look may find it.
    return [];
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // A log without a checkpoint has nothing that anybody outside may know of.
    return undefined;
  }
}

import { daysCovered, type PolicyUsage } from "../../policy/index.ts";
import type { Io } from "../io.ts";
import { plural } from "../problem-report.ts";
import { UsageError } from "../usage-error.ts";
import { readUsage, type UsageFound } from "./read-usage.ts";

interface UsageQuestion {
  readonly io: Io;
  /** Absent: nothing was given. */
  readonly paths: readonly string[] | undefined;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
}

/** The number of days after `--unused-days`. Throws `UsageError` where it is none. */
export function toUnusedDays(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new UsageError(`\`${text}\` is no number of days.`, "Write one from 1 to 9999.");
}

/**
 * What was used, where it tells enough of `days` days to call anything unused; else nothing, and why
 * is told on standard error. Throws `UsageError` where a source cannot be read or understood.
 */
export async function readUsageOver(
  days: number,
  { io, paths = [], nowMs }: UsageQuestion,
): Promise<readonly PolicyUsage[]> {
  if (paths.length === 0) return [];
  const found = await readUsage(io, paths, nowMs);
  const lack = lackOf(found, days);
  if (lack === undefined) return found.usage;
  io.stderr.write(`--usage: ${lack}, so nothing is called unused\n`);
  return [];
}

function lackOf({ usage, cutRecords }: UsageFound, days: number): string | undefined {
  const covered = daysCovered(usage);
  if (usage.length === 0) return "there are no records";
  if (covered < days) {
    return `${plural(covered, "day")} covered, fewer than the ${days} that are asked for`;
  }
  if (cutRecords === 0) return undefined;
  return `${plural(cutRecords, "record")} had to be cut and may have named more`;
}

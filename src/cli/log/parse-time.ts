import { toRecordTime } from "../../base/index.ts";
import { UsageError } from "../usage-error.ts";

/** Date, time and offset of RFC 3339 section 5.6; a date alone is its first moment in UTC. */
const pattern = /^(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?([Zz]|[+-]\d\d:\d\d))?$/;

/** A time of the command line as records have it, in UTC. Throws `UsageError` where it is none. */
export function parseTime(text: string, flag: string): string {
  const [, day, time = "00:00:00", fraction = "", offset = "Z"] = pattern.exec(text) ?? [];
  const millis = Date.parse(`${day}T${time}${offset.toUpperCase()}`);
  const isReal = day !== undefined && !Number.isNaN(millis) && isDay(day);
  if (isReal) return toRecordTime(millis * 1000 + Number(fraction.padEnd(6, "0").slice(0, 6)));
  throw new UsageError(
    `${flag} takes a time, found "${text}".`,
    "Write it as 2026-11-21T08:00:00Z, or as 2026-11-21 for the start of that day in UTC.",
  );
}

/** `Date` takes the 30th of February for a day in March. */
function isDay(day: string): boolean {
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}

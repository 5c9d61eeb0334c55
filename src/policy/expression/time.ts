import { Duration, failed, Timestamp, type Value } from "./values.ts";

const perSecond = 1_000_000_000n;
const perMillisecond = 1_000_000n;
/** 0001-01-01T00:00:00Z to 9999-12-31T23:59:59.999999999Z, as protobuf's Timestamp has it. */
const timestampMin = -62_135_596_800n * perSecond;
const timestampMax = 253_402_300_800n * perSecond - 1n;
/** Just over 10,000 years, as protobuf's Duration has it. */
const durationMax = 315_576_000_000n * perSecond;

const rfc3339 = /^(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?([Zz]|[+-]\d\d:\d\d)$/;

/** Reads RFC 3339; an error for what is none. */
export function parseTimestamp(text: string): Value {
  const [, day, clock, fraction = "", offset = "Z"] = rfc3339.exec(text) ?? [];
  const milliseconds = Date.parse(`${day}T${clock}${offset.toUpperCase()}`);
  // A day that does not exist, such as February 30, is rolled over rather than refused by Date.
  if (Number.isNaN(milliseconds) || !isDay(day ?? "")) return failed;
  return toTimestamp(BigInt(milliseconds) * perMillisecond + BigInt(fraction.padEnd(9, "0")));
}

function isDay(day: string): boolean {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(day);
}

/** An error outside of the years 1 to 9999. */
export function toTimestamp(nanoseconds: bigint): Value {
  const isInRange = nanoseconds >= timestampMin && nanoseconds <= timestampMax;
  return isInRange ? new Timestamp(nanoseconds) : failed;
}

/** An error beyond 10,000 years. */
export function toDuration(nanoseconds: bigint): Value {
  const isInRange = nanoseconds >= -durationMax && nanoseconds <= durationMax;
  return isInRange ? new Duration(nanoseconds) : failed;
}

const unitNanoseconds: Readonly<Record<string, bigint>> = {
  h: 3600n * perSecond,
  m: 60n * perSecond,
  s: perSecond,
  ms: perMillisecond,
  us: 1000n,
  ns: 1n,
};

/** Reads lengths such as `1h30m`, `1.5s` or `-10ms`. */
export function parseDuration(text: string): Value {
  if (!/^[+-]?(?:\d{1,18}(?:\.\d{1,9})?(?:h|ms|m|s|us|ns)){1,16}$/.test(text)) return failed;
  let total = 0n;
  for (const [, whole = "", fraction = "", unit = ""] of text.matchAll(
    /(\d+)(?:\.(\d+))?([a-z]+)/g,
  )) {
    const size = unitNanoseconds[unit] ?? 0n;
    total += BigInt(whole) * size + (BigInt(fraction.padEnd(9, "0")) * size) / perSecond;
  }
  return toDuration(text.startsWith("-") ? -total : total);
}

/** RFC 3339 in UTC, with as many digits as it needs. */
export function formatTimestamp({ nanoseconds }: Timestamp): string {
  const milliseconds = floorDivide(nanoseconds, perMillisecond);
  const seconds = new Date(Number(milliseconds)).toISOString().slice(0, 19);
  return `${seconds}${fractionOf(modulo(nanoseconds, perSecond))}Z`;
}

/** Seconds with as many digits as it needs, such as `90s` or `-1.5s`. */
export function formatDuration({ nanoseconds }: Duration): string {
  const length = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  const sign = nanoseconds < 0n ? "-" : "";
  return `${sign}${length / perSecond}${fractionOf(length % perSecond)}s`;
}

function fractionOf(nanoseconds: bigint): string {
  if (nanoseconds === 0n) return "";
  return `.${`${nanoseconds}`.padStart(9, "0").replace(/0+$/, "")}`;
}

/** Whole seconds since the epoch. */
export function secondsOf({ nanoseconds }: Timestamp): bigint {
  return floorDivide(nanoseconds, perSecond);
}

function floorDivide(value: bigint, by: bigint): bigint {
  return (value - modulo(value, by)) / by;
}

function modulo(value: bigint, by: bigint): bigint {
  return ((value % by) + by) % by;
}

/** Milliseconds that the clocks of a zone are ahead, at a moment in milliseconds. */
export type Zone = (milliseconds: number) => number;

/** UTC, an offset such as `+02:00`, or a name of the IANA database; undefined for what is none. */
export function zoneOf(name: string): Zone | undefined {
  if (name === "UTC" || name === "") return utc;
  const [, sign, hours, minutes] = /^([+-]?)(\d\d):(\d\d)$/.exec(name) ?? [];
  if (hours !== undefined && minutes !== undefined) {
    if (Number(hours) > 23 || Number(minutes) > 59) return undefined;
    const ahead = (Number(hours) * 60 + Number(minutes)) * 60_000;
    return () => (sign === "-" ? -ahead : ahead);
  }
  return namedZone(name);
}

function utc(): number {
  return 0;
}

function namedZone(name: string): Zone | undefined {
  // Intl takes offsets such as `+0200` too, which are not names.
  if (!/^[A-Za-z]/.test(name)) return undefined;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: name,
      hourCycle: "h23",
      era: "short",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  } catch {
    // Throwing is how Intl says that it does not know a zone.
    return undefined;
  }
  return (milliseconds) => localTimeIn(format, milliseconds) - wholeSeconds(milliseconds);
}

function wholeSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000) * 1000;
}

/** What the clocks show there, as if it were UTC. */
function localTimeIn(format: Intl.DateTimeFormat, milliseconds: number): number {
  const parts = new Map(format.formatToParts(milliseconds).map(({ type, value }) => [type, value]));
  const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.get(type));
  const year = parts.get("era") === "BC" ? 1 - part("year") : part("year");
  const local = new Date(0);
  local.setUTCFullYear(year, part("month") - 1, part("day"));
  return local.setUTCHours(part("hour"), part("minute"), part("second"));
}

const dayMs = 86_400_000;

/** What a clock and a calendar show; `date` has the local time in its UTC fields. */
const clockParts: Readonly<Record<string, (date: Date) => number>> = {
  getFullYear: (date) => date.getUTCFullYear(),
  getMonth: (date) => date.getUTCMonth(),
  getDate: (date) => date.getUTCDate(),
  getDayOfMonth: (date) => date.getUTCDate() - 1,
  getDayOfWeek: (date) => date.getUTCDay(),
  getDayOfYear: (date) => {
    const january = new Date(date).setUTCMonth(0, 1);
    return Math.round((date.getTime() - january) / dayMs);
  },
  getHours: (date) => date.getUTCHours(),
  getMinutes: (date) => date.getUTCMinutes(),
  getSeconds: (date) => date.getUTCSeconds(),
  getMilliseconds: (date) => date.getUTCMilliseconds(),
};

/** Lengths in whole units; the milliseconds are those within the second. */
const lengthParts: Readonly<Record<string, (nanoseconds: bigint) => bigint>> = {
  getHours: (length) => length / (3600n * perSecond),
  getMinutes: (length) => length / (60n * perSecond),
  getSeconds: (length) => length / perSecond,
  getMilliseconds: (length) => (length % perSecond) / perMillisecond,
};

/** Names of the methods that take a time apart; all work on timestamps. */
export const timeMethods: readonly string[] = Object.keys(clockParts);
/** Those that work on durations too. */
export const durationMethods: readonly string[] = Object.keys(lengthParts);

/** One part of a timestamp in a zone, or of a duration. */
export function timePart(method: string, zone: Zone = utc): (value: Value) => Value {
  const [ofClock, ofLength] = [clockParts[method], lengthParts[method]];
  return (value) => {
    if (value instanceof Duration) return ofLength?.(value.nanoseconds) ?? failed;
    if (!(value instanceof Timestamp) || ofClock === undefined) return failed;
    const milliseconds = Number(floorDivide(value.nanoseconds, perMillisecond));
    return BigInt(ofClock(new Date(milliseconds + zone(milliseconds))));
  };
}

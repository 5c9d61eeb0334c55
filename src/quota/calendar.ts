const dayMs = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** A stretch of whole local days, in milliseconds since the epoch. */
export interface LocalDays {
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * The `count` local days that this moment falls into, from midnight to midnight: 23 or 25 hours
 * where clocks change. Stretches of seven days begin on Mondays (ISO 8601), others are counted from
 * 1970-01-01.
 */
export function localDays(nowMs: number, timeZone: string, count: number): LocalDays {
  const today = Math.floor(localMs(nowMs, timeZone) / dayMs);
  // 1970-01-01 was a Thursday.
  const offset = count % 7 === 0 ? 3 : 0;
  const first = today - modulo(today + offset, count);
  return {
    startMs: startOfDay(first, timeZone),
    endMs: startOfDay(first + count, timeZone),
  };
}

/** The first moment of a local day, given as days since 1970-01-01. */
function startOfDay(day: number, timeZone: string): number {
  const wanted = day * dayMs;
  // What the wall shows one day off is at most a day and a bit away; from there the offset is near.
  let before = wanted - 2 * dayMs;
  let after = wanted + 2 * dayMs;
  // The wall clock may repeat an hour, but a date never comes back, so the search is sound. Offsets
  // have whole seconds.
  while (after - before > 1000) {
    const middle = before + Math.floor((after - before) / 2000) * 1000;
    if (localMs(middle, timeZone) >= wanted) after = middle;
    else before = middle;
  }
  return after;
}

/** What a wall clock in the zone shows, as if it were UTC; whole seconds. */
function localMs(atMs: number, timeZone: string): number {
  const parts = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 };
  for (const { type, value } of formatOf(timeZone).formatToParts(atMs)) {
    if (type in parts) parts[type as keyof typeof parts] = Number(value);
  }
  const { year, month, day, hour, minute, second } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    calendar: "iso8601",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  // Names come from policies that were checked, so there are as many as the database has.
  formats.set(timeZone, made);
  return made;
}

function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}

/** The time, as a port: floors 0 to 3 never ask the machine. */
export interface Clock {
  /** Microseconds since 1970-01-01T00:00:00Z. */
  nowMicros(): number;
  /** Microseconds on a scale that never goes back; only differences mean something. */
  monotonicMicros(): number;
}

/** A deadline that can be called off or pushed back; calling it off twice is harmless. */
export interface Timer {
  cancel(): void;
  /** Starts the full wait again; not once it has run or was cancelled. */
  restart(): void;
}

/** Makes deadlines, as a port. */
export interface Timers {
  after(milliseconds: number, run: () => void): Timer;
}

let lastSecond = Number.NaN;
let lastPrefix = "";

/** RFC 3339 in UTC with six decimals, always 27 characters (audit-and-operations 2.1). */
export function toRecordTime(micros: number): string {
  const second = Math.floor(micros / 1_000_000);
  // Many records fall into one second, and the calendar is what costs.
  if (second !== lastSecond) {
    lastSecond = second;
    lastPrefix = new Date(second * 1000).toISOString().slice(0, 20);
  }
  const fraction = Math.floor(micros) - second * 1_000_000;
  return `${lastPrefix}${String(fraction).padStart(6, "0")}Z`;
}

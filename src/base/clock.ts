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
  /** Starts the full wait again. */
  restart(): void;
}

/** Makes deadlines, as a port. */
export interface Timers {
  after(milliseconds: number, run: () => void): Timer;
}

let lastMillis = Number.NaN;
let lastPrefix = "";

/** RFC 3339 in UTC with six decimals, always 27 characters (audit-and-operations 2.1). */
export function toRecordTime(micros: number): string {
  const fraction = Math.floor(micros % 1000);
  const millis = Math.floor(micros / 1000);
  // Many records fall into one millisecond, and the calendar is what costs.
  if (millis !== lastMillis) {
    lastMillis = millis;
    lastPrefix = new Date(millis).toISOString().slice(0, 23);
  }
  return `${lastPrefix}${String(fraction).padStart(3, "0")}Z`;
}

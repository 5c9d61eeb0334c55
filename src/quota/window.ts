import { type LocalDays, localDays } from "./calendar.ts";
import type { StoreWindow } from "./store.ts";

/** Over what time a budget holds (policy-model 8). Durations in milliseconds, amounts in micro-units. */
export type QuotaWindow =
  /** Whole days follow the calendar of the zone; shorter ones restart at its midnight. */
  | { readonly kind: "fixed"; readonly durationMs: number; readonly timeZone: string }
  | { readonly kind: "sliding"; readonly durationMs: number }
  | { readonly kind: "gcra"; readonly durationMs: number; readonly burst: number };

/**
 * Parts a sliding window is counted in. A part counts until all of it has left, so that no stretch
 * of the window's length ever holds more than the limit; an amount comes free that much later.
 */
export const slotsPerWindow = 60;

const dayMs = 86_400_000;
const periods = new Map<string, LocalDays>();
const periodsMax = 256;

/** The window as a store counts it now, and what tells this period's counter from the next one's. */
export function storeWindowAt(
  window: QuotaWindow,
  nowMs: number,
): { readonly window: StoreWindow; readonly period: string } {
  switch (window.kind) {
    case "sliding": {
      const slotMs = Math.ceil(window.durationMs / slotsPerWindow);
      return { window: { kind: "sliding", slotMs }, period: `s${window.durationMs}` };
    }
    case "gcra": {
      const { burst, durationMs } = window;
      const periodMicros = durationMs * 1000;
      return { window: { kind: "gcra", periodMicros, burst }, period: `g${durationMs}` };
    }
    case "fixed": {
      const { endMs, startMs } = fixedPeriod(window, nowMs);
      return { window: { kind: "fixed", endMs }, period: `f${window.durationMs}.${startMs}` };
    }
  }
}

function fixedPeriod(
  { durationMs, timeZone }: Extract<QuotaWindow, { kind: "fixed" }>,
  nowMs: number,
): LocalDays {
  if (durationMs % dayMs === 0) return daysAt(nowMs, timeZone, durationMs / dayMs);
  if (durationMs > dayMs) {
    const startMs = Math.floor(nowMs / durationMs) * durationMs;
    return { startMs, endMs: startMs + durationMs };
  }
  const day = daysAt(nowMs, timeZone, 1);
  const startMs = day.startMs + Math.floor((nowMs - day.startMs) / durationMs) * durationMs;
  return { startMs, endMs: Math.min(startMs + durationMs, day.endMs) };
}

/** Calendars cost microseconds, and most requests fall into the period of the one before. */
function daysAt(nowMs: number, timeZone: string, count: number): LocalDays {
  const key = `${count} ${timeZone}`;
  const known = periods.get(key);
  if (known !== undefined && known.startMs <= nowMs && nowMs < known.endMs) return known;
  const found = localDays(nowMs, timeZone, count);
  if (periods.size >= periodsMax) periods.clear();
  periods.set(key, found);
  return found;
}

import { invariant } from "../../base/index.ts";
import type { ActiveWindow } from "./rule.ts";

/**
 * Whether something is in force at a time (policy-model 5.1 steps 4 and 5): the one test that
 * policies, Grants and Incidents share. No window: always.
 *
 * A time that is none is inside no window and outside none, so the caller says what is safe then:
 * what restricts is in force, what loosens is not.
 */
export function isActive(
  window: ActiveWindow | undefined,
  timeMs: number,
  whereTimeIsUnreadable: boolean,
): boolean {
  if (window === undefined) return true;
  if (Number.isNaN(timeMs)) return whereTimeIsUnreadable;
  const { fromMs, untilMs } = window;
  return (fromMs === undefined || fromMs <= timeMs) && (untilMs === undefined || timeMs < untilMs);
}

/** The window between two moments as written; undefined where neither is. */
export function windowBetween(
  from: string | undefined,
  until: string | undefined,
): ActiveWindow | undefined {
  if (from === undefined && until === undefined) return undefined;
  return { fromMs: toMs(from), untilMs: toMs(until) };
}

function toMs(moment: string | undefined): number | undefined {
  if (moment === undefined) return undefined;
  const ms = Date.parse(moment);
  invariant(!Number.isNaN(ms), "a document with problems was compiled");
  return ms;
}

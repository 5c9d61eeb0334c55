import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import type { AdminServer } from "../admin/index.ts";
import type { RecordLog } from "../log/index.ts";
import type { Sinks } from "../sinks/index.ts";
import type { OperatorLog } from "../telemetry/index.ts";
import type { Config } from "./config.ts";
import type { Tracing } from "./open-tracing.ts";
import type { ServerState } from "./server-state.ts";

/** What a stop takes down. */
export interface DrainParts {
  readonly config: Pick<Config, "drain">;
  readonly state: ServerState;
  readonly records: RecordLog;
  readonly sinks: Sinks;
  readonly tracing: Pick<Tracing, "close">;
  readonly policies: { close(): void };
  readonly admin: AdminServer;
  readonly log: OperatorLog;
}

/** How long nobody may have asked anything new before connections are told to go. */
const quietMs = 2_000;
const quietWaitMs = 10_000;
const pollMs = 20;
/** How long sinks may take for what is left; the next process goes on where they are. */
export const lastSendMs = 3_000;

/**
 * Stops a server without losing an exchange (audit-and-operations 11): say no to health, wait to be
 * noticed, wait until nobody comes any more, let running exchanges finish, end the rest closed.
 */
export async function drain(parts: DrainParts, hurry: AbortSignal): Promise<void> {
  const { admin, config, log, policies, records, sinks, state, tracing } = parts;
  const { exchangesSeconds, noticeSeconds } = config.drain;
  state.beginDraining();
  log.info("draining", { streams: state.activeStreams });
  await pause(noticeSeconds * 1000, hurry);
  // Without a notice nobody could have noticed, so there is nothing to wait for either.
  if (noticeSeconds > 0) await until(() => isQuiet(state), quietWaitMs, hurry);
  for (const transport of state.transports) transport.stopAccepting();
  await until(() => state.activeStreams === 0, exchangesSeconds * 1000, hurry);
  for (const transport of state.transports) transport.endStreams();
  await Promise.all(state.transports.map((transport) => transport.close()));
  policies.close();
  for (const listener of state.listeners) listener.close();
  await records.close();
  const hurryAtLast = AbortSignal.any([hurry, AbortSignal.timeout(lastSendMs)]);
  await Promise.all([sinks.close(hurryAtLast), tracing.close(hurryAtLast)]);
  await admin.close();
  log.info("stopped", {});
}

function isQuiet(state: ServerState): boolean {
  const last = Math.max(...state.transports.map(({ lastStreamOpenedMs }) => lastStreamOpenedMs));
  return performance.now() - last > quietMs;
}

async function until(isDone: () => boolean, waitMs: number, hurry: AbortSignal): Promise<void> {
  const deadline = performance.now() + waitMs;
  while (!isDone() && performance.now() < deadline && !hurry.aborted) await pause(pollMs, hurry);
}

async function pause(milliseconds: number, hurry: AbortSignal): Promise<void> {
  try {
    await delay(milliseconds, undefined, { signal: hurry });
  } catch {
    // Told to hurry: the wait is over early, and the next step sees that itself.
  }
}

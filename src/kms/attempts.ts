import { setTimeout as delay } from "node:timers/promises";
import { KmsError } from "./kms-error.ts";

/** How patient we are with a service. */
export interface Patience {
  /** One call, from its start to the end of the answer. */
  readonly callMs: number;
  /** Before each further call; as many as there are of these. */
  readonly restsMs: readonly number[];
}

/**
 * A leader is elected within seconds, and a process that starts can wait for one. All of it stays
 * below half a minute.
 */
export const defaultPatience: Patience = { callMs: 5_000, restsMs: [250, 1_000, 3_000] };

/**
 * Calls a service until it answers, it says no, or patience ends. Rejects with the last `KmsError`,
 * and with the reason of `signal` where that ends it.
 */
export async function withPatience<T>(
  { callMs, restsMs }: Patience,
  signal: AbortSignal | undefined,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  for (let round = 0; ; round += 1) {
    const deadline = AbortSignal.timeout(callMs);
    try {
      return await call(signal === undefined ? deadline : AbortSignal.any([signal, deadline]));
    } catch (error) {
      const restMs = restsMs[round];
      const passes = error instanceof KmsError && error.code === "kms_away";
      if (!passes || restMs === undefined) throw error;
      signal?.throwIfAborted();
      await delay(restMs, undefined, signal && { signal });
    }
  }
}

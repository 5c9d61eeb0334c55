import type { Clock } from "../base/index.ts";
import type { RecordLog } from "../log/index.ts";
import type { Sinks } from "../sinks/index.ts";
import type { FindingsMemory } from "./findings-memory.ts";
import { openRecords, type RecordsParts } from "./open-records.ts";
import { openConfiguredSinks } from "./open-sinks.ts";
import { openTracing, type Tracing, type TracingParts } from "./open-tracing.ts";
import { type ProviderCredentials, readProviderCredentials } from "./provider-credentials.ts";
import { openQuotaLedger, type QuotaLedger } from "./quota-ledger.ts";
import { ServerNotStarted } from "./server-not-started.ts";
import type { ServerOptions } from "./server-options.ts";
import { SubjectKeys } from "./subject-keys.ts";
import { type WiredClassifiers, wireClassifiers } from "./wire-classifiers.ts";

/** What calls to providers carry instead of a caller's own credentials. */
export function readCredentials({ config, log }: ServerOptions): ProviderCredentials {
  try {
    return readProviderCredentials(config.providers, log);
  } catch (cause) {
    throw new ServerNotStarted("The credential of a provider cannot be read", cause);
  }
}

/** The models that are asked beside the rules; those that run here are loaded. */
export async function openClassifiers(
  options: ServerOptions,
  memory: FindingsMemory | undefined,
): Promise<WiredClassifiers> {
  let classifiers: WiredClassifiers | undefined;
  try {
    classifiers = wireClassifiers(options.config, { ...options, memory });
    await classifiers.start();
    return classifiers;
  } catch (cause) {
    classifiers?.close();
    throw new ServerNotStarted("A model or a file of one cannot be read", cause);
  }
}

/** Where spans go. */
export function openTraces(
  options: ServerOptions,
  parts: Pick<TracingParts, "clock" | "onSpans">,
): Tracing {
  try {
    return openTracing({ ...options, ...parts });
  } catch (cause) {
    throw new ServerNotStarted("The credential for traces cannot be read", cause);
  }
}

/** Where budgets are counted. */
export async function openQuotas({ config, log }: ServerOptions): Promise<QuotaLedger> {
  try {
    const { phaseMs } = config.deadlines;
    return await openQuotaLedger({ store: config.stores.quota, phaseMs, log });
  } catch (cause) {
    throw new ServerNotStarted("The password of the quota store cannot be read", cause);
  }
}

/** The log of this process. */
export async function openLog(
  options: ServerOptions,
  parts: Pick<RecordsParts, "clock" | "createId" | "isSent" | "onLine">,
): Promise<RecordLog> {
  try {
    return await openRecords({ ...options, ...parts });
  } catch (cause) {
    throw new ServerNotStarted("The log cannot be opened", cause);
  }
}

/** Where records go beside the log; who sends nothing yet takes nothing down. */
export async function openLogSinks(
  options: ServerOptions,
  parts: { readonly clock: Clock; readonly records: RecordLog },
): Promise<Sinks> {
  try {
    return await openConfiguredSinks({ ...options, ...parts });
  } catch (cause) {
    await parts.records.close();
    throw new ServerNotStarted("The sinks cannot be opened", cause);
  }
}

/** The keys that hide people, where each has one. */
export function openSubjectKeys({ config }: ServerOptions, clock: Clock): SubjectKeys | undefined {
  if (config.audit.pseudonyms !== "perSubject") return undefined;
  try {
    return new SubjectKeys(config.stateDir, clock);
  } catch (cause) {
    throw new ServerNotStarted("The table of pseudonym keys cannot be opened", cause);
  }
}

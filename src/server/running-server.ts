import { randomFillSync } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { hostname } from "node:os";
import { createAdminServer } from "../admin/index.ts";
import { createUuidV7, type Problem } from "../base/index.ts";
import { createRuleDetector } from "../detect/index.ts";
import { createExchanges, type ExchangeDeps, type ExchangeObserver } from "../exchange/index.ts";
import { createExtProcServer, type ExtProcServer } from "../extproc/index.ts";
import { parseStaticIdentity } from "../identity/index.ts";
import { openRecordLog, type RecordLog } from "../log/index.ts";
import type { Snapshot } from "../policy/index.ts";
import type { OperatorLog, Telemetry } from "../telemetry/index.ts";
import type { Config, ListenerConfig } from "./config.ts";
import { type DrainParts, drain } from "./drain.ts";
import { observeExchanges } from "./observe-exchanges.ts";
import { observePolicies } from "./observe-policies.ts";
import { ServerState } from "./server-state.ts";
import { createSystemClock, systemTimers } from "./system-clock.ts";

/** What a server is started with. */
export interface ServerOptions {
  readonly config: Config;
  readonly version: string;
  /** Undefined: the server is not ready and every exchange is refused. */
  readonly snapshot: Snapshot | undefined;
  readonly policyProblems: readonly Problem[];
  readonly telemetry: Telemetry;
  readonly log: OperatorLog;
  /** Told of every record beside the metrics, for people watching. */
  readonly watcher?: Pick<ExchangeObserver, "decided" | "closed" | "bypassed">;
}

/** A server that listens. */
export interface RunningServer {
  /** As bound, in the order of the configuration. */
  readonly addresses: readonly string[];
  readonly adminAddress: string;
  /** Stops as audit-and-operations 11 says; once `hurry` is aborted, at once. */
  stop(hurry?: AbortSignal): Promise<void>;
}

/** The log, a listener or the admin port could not be opened; the message says which and why. */
export class ServerNotStarted extends Error {
  override readonly name = "ServerNotStarted";

  constructor(what: string, cause: unknown) {
    super(`${what}: ${reasonOf(cause)}.`, { cause });
  }
}

/**
 * Wires the stages together, opens the log, listens, and answers health. Throws `ServerNotStarted`,
 * and nothing is left open then.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { config, log, telemetry } = options;
  const clock = createSystemClock();
  const createId = createUuidV7(() => clock.nowMicros(), randomFillSync);
  const records = await openLog(options, { clock, createId });
  observePolicies(
    telemetry,
    { snapshot: options.snapshot, problems: options.policyProblems },
    config.listeners.flatMap(({ identity }) => identity?.tenant ?? []),
  );
  const state = new ServerState({ ...options, records });
  const detector = createRuleDetector();
  const deps: Omit<ExchangeDeps, "identity"> = {
    clock,
    timers: systemTimers,
    createId,
    snapshot: () => options.snapshot,
    classify: (spans) => spans.map(({ text }) => detector.scan(text)),
    detector,
    records,
    observer: observeExchanges(telemetry, options.watcher),
    limits: config.limits,
    deadlines: config.deadlines,
    content: config.content,
    region: config.region,
    isUnsigned: config.policies.unsigned,
    heldBytes: state.heldBytes,
  };
  for (const listener of config.listeners) {
    state.transports.push(createTransport(listener, deps, options, state));
  }
  const admin = createAdminServer(state.adminOptions());
  const { addresses, adminAddress } = await listen(config, { state, records, admin });
  log.info("started", { addresses: addresses.join(" "), admin: adminAddress });
  let stopping: Promise<void> | undefined;
  return {
    addresses,
    adminAddress,
    stop: (hurry = new AbortController().signal) => {
      stopping ??= drain({ config, state, records, admin, log }, hurry);
      return stopping;
    },
  };
}

async function openLog(
  { config, telemetry }: ServerOptions,
  parts: Pick<ExchangeDeps, "clock" | "createId">,
): Promise<RecordLog> {
  try {
    await mkdir(config.stateDir, { recursive: true, mode: 0o700 });
    return await openRecordLog({
      stateDir: config.stateDir,
      origin: config.audit.origin ?? originOf(hostname()),
      ...parts,
      observer: telemetry.log,
    });
  } catch (cause) {
    throw new ServerNotStarted("The log cannot be opened", cause);
  }
}

/** Listens on everything, or on nothing. */
async function listen(
  { admin: { address: adminAddress }, listeners }: Config,
  parts: Pick<DrainParts, "admin" | "records" | "state">,
): Promise<Pick<RunningServer, "addresses" | "adminAddress">> {
  const { admin, records, state } = parts;
  const addresses: string[] = [];
  try {
    for (const [index, { address, socketMode }] of listeners.entries()) {
      const bound = await state.transports[index]?.listen(address, { socketMode });
      if (bound !== undefined) addresses.push(bound);
    }
    return { addresses, adminAddress: await admin.listen(adminAddress) };
  } catch (cause) {
    await Promise.all(state.transports.map((transport) => transport.close()));
    await records.close();
    throw new ServerNotStarted("The server cannot listen", cause);
  }
}

function createTransport(
  listener: ListenerConfig,
  deps: Omit<ExchangeDeps, "identity">,
  { config, log, telemetry }: ServerOptions,
  state: ServerState,
): ExtProcServer {
  const { identity } = listener;
  return createExtProcServer({
    open: createExchanges({
      ...deps,
      identity: identity && parseStaticIdentity(`${identity.tenant}/${identity.app}`),
    }),
    bodyModes: listener.bodyModes,
    limits: config.limits,
    commit: () => state.commit(),
    observer: telemetry.transport,
    isReady: () => state.isReady,
    onBug: (error) => log.error("bug", error),
  });
}

/** The words of whoever failed, down to what the system said. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return "unknown";
  return cause.cause instanceof Error ? `${cause.message}: ${cause.cause.message}` : cause.message;
}

/** A host name is not held to what log names may have in them. */
function originOf(host: string): string {
  return host.replaceAll(/[^A-Za-z0-9._-]/g, "-") || "localhost";
}

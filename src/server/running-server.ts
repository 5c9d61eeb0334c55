import { randomFillSync } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { hostname } from "node:os";
import { createAdminServer } from "../admin/index.ts";
import { createUuidV7, type Problem } from "../base/index.ts";
import { createRuleDetector } from "../detect/index.ts";
import { createExchanges, type ExchangeDeps, type ExchangeObserver } from "../exchange/index.ts";
import { createExtProcServer, type ExtProcServer } from "../extproc/index.ts";
import { parseStaticIdentity } from "../identity/index.ts";
import { openRecordLog } from "../log/index.ts";
import type { Snapshot } from "../policy/index.ts";
import type { OperatorLog, Telemetry } from "../telemetry/index.ts";
import type { Config, ListenerConfig } from "./config.ts";
import { drain } from "./drain.ts";
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

/** Wires the stages together, opens the log, listens, and answers health. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { config, log, telemetry } = options;
  await mkdir(config.stateDir, { recursive: true, mode: 0o700 });
  const clock = createSystemClock();
  const createId = createUuidV7(() => clock.nowMicros(), randomFillSync);
  const records = await openRecordLog({
    stateDir: config.stateDir,
    origin: config.audit.origin ?? originOf(hostname()),
    clock,
    createId,
    observer: telemetry.log,
  });
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
  const addresses: string[] = [];
  for (const listener of config.listeners) {
    const transport = createTransport(listener, deps, options, state);
    state.transports.push(transport);
    const { address, socketMode } = listener;
    addresses.push(await transport.listen(address, { socketMode }));
  }
  const admin = createAdminServer(state.adminOptions());
  const adminAddress = await admin.listen(config.admin.address);
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

/** A host name is not held to what log names may have in them. */
function originOf(host: string): string {
  return host.replaceAll(/[^A-Za-z0-9._-]/g, "-") || "localhost";
}

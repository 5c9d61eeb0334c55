import { randomFillSync } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { hostname } from "node:os";
import { createAdminServer } from "../admin/index.ts";
import { createUuidV7 } from "../base/index.ts";
import { createRuleDetector } from "../detect/index.ts";
import { createExchanges, type ExchangeDeps, type ExchangeObserver } from "../exchange/index.ts";
import { createExtProcServer, type ExtProcServer } from "../extproc/index.ts";
import { parseStaticIdentity } from "../identity/index.ts";
import { openRecordLog, type RecordLog } from "../log/index.ts";
import type { OperatorLog, Telemetry } from "../telemetry/index.ts";
import type { Config, ListenerConfig } from "./config.ts";
import { type DrainParts, drain } from "./drain.ts";
import { createLastGoodStore } from "./last-good-store.ts";
import { Listener } from "./listener.ts";
import { observeExchanges } from "./observe-exchanges.ts";
import { observeLoad, readServing } from "./observe-policies.ts";
import { PolicyKeeper, type PolicyLoad, type PolicySupplement } from "./policy-keeper.ts";
import type { PolicyState } from "./policy-state.ts";
import { type ProviderCredentials, readProviderCredentials } from "./provider-credentials.ts";
import { createPseudonymKeys } from "./pseudonym-keys.ts";
import { ServerState } from "./server-state.ts";
import { createSystemClock, systemTimers } from "./system-clock.ts";

/** What a server is started with. */
export interface ServerOptions {
  readonly config: Config;
  readonly version: string;
  /** Documents beside those of the policy directories. */
  readonly supplement?: PolicySupplement;
  readonly telemetry: Telemetry;
  readonly log: OperatorLog;
  /** Told of every record beside the metrics, for people watching. */
  readonly watcher?: Watcher;
}

/** What people may watch happen. */
export interface Watcher extends Pick<ExchangeObserver, "decided" | "closed" | "bypassed"> {
  /** Told of every attempt to load policies, the first included. */
  policiesLoaded?(load: PolicyLoad): void;
}

/** A server that listens. */
export interface RunningServer {
  /** As bound, in the order of the configuration. */
  readonly addresses: readonly string[];
  readonly adminAddress: string;
  /** The policies that serve, as they are now. */
  readonly policies: PolicyState;
  /** Reads policies and certificates anew, and is done when what came of it serves. */
  reload(): Promise<void>;
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
  const credentials = readCredentials(options);
  const clock = createSystemClock();
  const createId = createUuidV7(() => clock.nowMicros(), randomFillSync);
  const records = await openLog(options, { clock, createId });
  // Nobody watches health before the server listens.
  let publishHealth = (): void => undefined;
  const policies = await openPolicies(options, () => publishHealth());
  telemetry.policy.readFrom(() => readServing(policies.state));
  telemetry.disk.readFrom(config.stateDir);
  const state = new ServerState({ ...options, policies, records });
  publishHealth = () => state.publishHealth();
  const detector = createRuleDetector();
  const deps: Omit<ExchangeDeps, "identity" | "stripsHeaders"> = {
    clock,
    timers: systemTimers,
    createId,
    snapshot: () => policies.state.snapshot,
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
    pseudonymKey: createPseudonymKeys(config.stateDir, clock),
    credentialOf: (provider) => credentials.of(provider),
  };
  for (const listener of config.listeners) {
    const transport = createTransport(listener, deps, options, state);
    state.listeners.push(new Listener(listener, transport, log));
  }
  const admin = createAdminServer(state.adminOptions());
  const { addresses, adminAddress } = await listen(config, { state, records, policies, admin });
  credentials.watch();
  log.info("started", { addresses: addresses.join(" "), admin: adminAddress });
  let stopping: Promise<void> | undefined;
  return {
    addresses,
    adminAddress,
    get policies() {
      return policies.state;
    },
    reload: () => {
      for (const listener of state.listeners) listener.reload();
      return policies.reload();
    },
    stop: (hurry = new AbortController().signal) => {
      stopping ??= drain({ config, state, records, policies, admin, log }, hurry).finally(() =>
        credentials.close(),
      );
      return stopping;
    },
  };
}

function readCredentials({ config, log }: ServerOptions): ProviderCredentials {
  try {
    return readProviderCredentials(config.providers, log);
  } catch (cause) {
    throw new ServerNotStarted("The credential of a provider cannot be read", cause);
  }
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

/** Both files are right by themselves, and together they refuse everyone. */
function warnOfNobody({ snapshot }: PolicyState, { config, log }: ServerOptions): void {
  const isAsked = config.listeners.some(({ identity }) => identity === undefined);
  if (isAsked && snapshot?.identity.declarations.length === 0) {
    log.warn("a listener has no identity and the policies declare no source: all is refused");
  }
}

/** Loads the policies that serve from the start, and keeps them up to date. */
function openPolicies(options: ServerOptions, publish: () => void): Promise<PolicyKeeper> {
  const { log, telemetry, version, watcher } = options;
  const { stateDir, policies } = options.config;
  const directories = policies.sources.map(({ directory }) => directory);
  return PolicyKeeper.open({
    directories,
    engineVersion: version,
    store: createLastGoodStore(stateDir, directories),
    supplement: options.supplement,
    ageSecondsMax: policies.stale === "deny" ? policies.maxAgeSeconds : undefined,
    onLoad: (load) => {
      observeLoad(load, telemetry, log);
      warnOfNobody(load.state, options);
      watcher?.policiesLoaded?.(load);
      publish();
    },
    onFailure: (what, error) => {
      log.error(what === "load" ? "policies not loaded" : "policies not kept on disk", error);
    },
  });
}

/** Listens on everything, or on nothing. */
async function listen(
  { admin: { address: adminAddress } }: Config,
  parts: Pick<DrainParts, "admin" | "policies" | "records" | "state">,
): Promise<Pick<RunningServer, "addresses" | "adminAddress">> {
  const { admin, policies, records, state } = parts;
  const addresses: string[] = [];
  try {
    for (const listener of state.listeners) addresses.push(await listener.listen());
    return { addresses, adminAddress: await admin.listen(adminAddress) };
  } catch (cause) {
    policies.close();
    for (const listener of state.listeners) listener.close();
    await Promise.all(state.transports.map((transport) => transport.close()));
    await records.close();
    throw new ServerNotStarted("The server cannot listen", cause);
  }
}

function createTransport(
  listener: ListenerConfig,
  deps: Omit<ExchangeDeps, "identity" | "stripsHeaders">,
  { config, log, telemetry }: ServerOptions,
  state: ServerState,
): ExtProcServer {
  const { identity } = listener;
  return createExtProcServer({
    open: createExchanges({
      ...deps,
      identity: identity && parseStaticIdentity(`${identity.tenant}/${identity.app}`),
      stripsHeaders: new Set(listener.stripsHeaders),
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

import { randomFillSync } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { hostname } from "node:os";
import { WorkerPreparer } from "../activation/index.ts";
import { createAdminServer } from "../admin/index.ts";
import { createUuidV7 } from "../base/index.ts";
import { createRuleDetector } from "../detect/index.ts";
import { createExchanges, type ExchangeDeps, type ExchangeObserver } from "../exchange/index.ts";
import { createExtProcServer, type ExtProcServer } from "../extproc/index.ts";
import { parseStaticIdentity } from "../identity/index.ts";
import { openRecordLog, type RecordLog } from "../log/index.ts";
import type { OperatorLog, Telemetry } from "../telemetry/index.ts";
import { cachedDetection } from "./cached-detection.ts";
import type { Config, ListenerConfig } from "./config.ts";
import { directoriesOf } from "./config-sources.ts";
import { type DrainParts, drain } from "./drain.ts";
import { FeedbackCount } from "./feedback-count.ts";
import { type FindingsMemory, openFindingsMemory } from "./findings-memory.ts";
import { KillSwitchKeeper } from "./kill-switch-keeper.ts";
import { createLastGoodStore } from "./last-good-store.ts";
import { Listener } from "./listener.ts";
import { observeExchanges } from "./observe-exchanges.ts";
import { observeLoad, readServing } from "./observe-policies.ts";
import { nameOf, openFeed } from "./open-feed.ts";
import { PolicyKeeper, type PolicyLoad, type PolicySupplement } from "./policy-keeper.ts";
import type { PolicyState } from "./policy-state.ts";
import { type ProviderCredentials, readProviderCredentials } from "./provider-credentials.ts";
import { createPseudonymKeys } from "./pseudonym-keys.ts";
import { openQuotaLedger, type QuotaLedger } from "./quota-ledger.ts";
import { RolloutMonitor } from "./rollout-monitor.ts";
import { ServerNotStarted } from "./server-not-started.ts";
import { ServerState } from "./server-state.ts";
import { createSystemClock, systemTimers } from "./system-clock.ts";
import { endpointsOf, type WiredClassifiers, wireClassifiers } from "./wire-classifiers.ts";

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
  const rollouts = openRollouts(options);
  const policies = await openPolicies({ ...options, rollouts }, () => publishHealth());
  telemetry.policy.readFrom(() => readServing(policies.state));
  telemetry.disk.readFrom(config.stateDir);
  const marks = new FeedbackCount(config.stateDir);
  telemetry.feedback.readFrom(() => marks.read());
  const killSwitches = await openKillSwitches(options);
  const state = new ServerState({ ...options, policies, killSwitches, rollouts, records });
  publishHealth = () => state.publishHealth();
  const detector = createRuleDetector();
  const quotas = await openQuotas(options);
  const memory = openFindingsMemory(config.stores, telemetry);
  const classifiers = openClassifiers(options, memory);
  const deps: ListenersDeps = {
    clock,
    timers: systemTimers,
    createId,
    snapshot: () => policies.state.snapshot,
    classify: cachedDetection(detector, memory),
    detector,
    classifiers,
    records,
    quotas: quotas.ledger,
    observer: observeExchanges(telemetry, options.watcher),
    limits: config.limits,
    deadlines: config.deadlines,
    content: config.content,
    region: config.region,
    isUnsigned: config.policies.unsigned,
    heldBytes: state.heldBytes,
    pseudonymKey: createPseudonymKeys(config.stateDir, clock),
    credentialOf: (provider) => credentials.of(provider),
    killSwitches,
    ramps: rollouts,
  };
  for (const listener of config.listeners) {
    const transport = createTransport(listener, deps, options, state);
    state.listeners.push(new Listener(listener, transport, log));
  }
  const admin = createAdminServer(state.adminOptions());
  const parts = { state, records, policies, killSwitches, quotas, admin };
  const { addresses, adminAddress } = await listen(config, parts);
  credentials.watch();
  classifiers.watch();
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
      return Promise.all([policies.refresh(), killSwitches.reload()]).then(() => undefined);
    },
    stop: (hurry = new AbortController().signal) => {
      stopping ??= drain({ config, state, records, policies, admin, log }, hurry).finally(() => {
        credentials.close();
        killSwitches.close();
        quotas.close();
        classifiers.close();
      });
      return stopping;
    },
  };
}

/** What the exchanges of all listeners have in common. */
type ListenersDeps = Omit<ExchangeDeps, "identity" | "offeredTools" | "stripsHeaders">;

function readCredentials({ config, log }: ServerOptions): ProviderCredentials {
  try {
    return readProviderCredentials(config.providers, log);
  } catch (cause) {
    throw new ServerNotStarted("The credential of a provider cannot be read", cause);
  }
}

/** The models that are asked beside the rules. */
function openClassifiers(
  options: ServerOptions,
  memory: FindingsMemory | undefined,
): WiredClassifiers {
  try {
    return wireClassifiers(options.config, { ...options, memory });
  } catch (cause) {
    throw new ServerNotStarted("A file of a classifier cannot be read", cause);
  }
}

/** Where budgets are counted. */
async function openQuotas({ config, log }: ServerOptions): Promise<QuotaLedger> {
  try {
    const { phaseMs } = config.deadlines;
    return await openQuotaLedger({ store: config.stores.quota, phaseMs, log });
  } catch (cause) {
    throw new ServerNotStarted("The password of the quota store cannot be read", cause);
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
async function openPolicies(
  options: ServerOptions & { readonly rollouts: RolloutMonitor },
  publish: () => void,
): Promise<PolicyKeeper> {
  const { log, rollouts, telemetry, version, watcher } = options;
  const { listeners, stateDir, policies } = options.config;
  const directories = directoriesOf(policies.sources);
  // A source may give something else before there is anybody to load it.
  let isMissed = false;
  let renew = (): void => {
    isMissed = true;
  };
  const feed = await openFeed(options, () => renew());
  const keeper = await PolicyKeeper.open({
    directories,
    preparer: new WorkerPreparer({
      onSetback: (setback) => log.error("policies not compiled", setback),
    }),
    feed,
    endpoints: endpointsOf(options.config),
    modes: { response: [...new Set(listeners.flatMap(({ bodyModes }) => bodyModes.response))] },
    engineVersion: version,
    store: createLastGoodStore(stateDir, policies.sources.map(nameOf)),
    supplement: options.supplement,
    ageSecondsMax: policies.stale === "deny" ? policies.maxAgeSeconds : undefined,
    onLoad: (load) => {
      observeLoad(load, telemetry, log);
      if (load.state.snapshot !== undefined) rollouts.loaded(load.state.snapshot.rollouts);
      warnOfNobody(load.state, options);
      watcher?.policiesLoaded?.(load);
      publish();
    },
    onFailure: (what, error) => {
      log.error(what === "load" ? "policies not loaded" : "policies not kept on disk", error);
    },
  });
  renew = () => void keeper.renew();
  if (isMissed) renew();
  return keeper;
}

/** Watches ramps by their guards. */
function openRollouts({ log }: ServerOptions): RolloutMonitor {
  return new RolloutMonitor(({ guard, max, of, rate, rollout, samples, state }) => {
    const reason = `${guard} ${max}: ${rate.toFixed(4)} of ${samples} ${of}`;
    log.warn(`rollout ${state} by its guards`, { rollout, reason });
  });
}

/** The fast channel beside the policies. */
function openKillSwitches({ config, log }: ServerOptions): Promise<KillSwitchKeeper> {
  return KillSwitchKeeper.open({
    directory: config.policies.killSwitches,
    stateDir: config.stateDir,
    onSwitch: ({ active, name, sequence }) => {
      const said = active ? "kill switch thrown" : "kill switch taken back";
      log.warn(said, { killSwitch: name, sequence });
    },
    onProblems: (problems) => {
      if (problems.length === 0) return log.info("kill switches without problems again");
      for (const { code, file, message } of problems) {
        log.warn("kill switches have a problem", { code, place: file, reason: message });
      }
    },
    onFailure: (error) => log.error("kill switches not kept on disk", error),
  });
}

/** Listens on everything, or on nothing. */
async function listen(
  { admin: { address: adminAddress } }: Config,
  parts: Pick<DrainParts, "admin" | "policies" | "records" | "state"> & {
    readonly killSwitches: KillSwitchKeeper;
    readonly quotas: QuotaLedger;
  },
): Promise<Pick<RunningServer, "addresses" | "adminAddress">> {
  const { admin, killSwitches, policies, quotas, records, state } = parts;
  const addresses: string[] = [];
  try {
    for (const listener of state.listeners) addresses.push(await listener.listen());
    return { addresses, adminAddress: await admin.listen(adminAddress) };
  } catch (cause) {
    policies.close();
    killSwitches.close();
    quotas.close();
    for (const listener of state.listeners) listener.close();
    await Promise.all(state.transports.map((transport) => transport.close()));
    await records.close();
    throw new ServerNotStarted("The server cannot listen", cause);
  }
}

function createTransport(
  listener: ListenerConfig,
  deps: ListenersDeps,
  { config, log, telemetry }: ServerOptions,
  state: ServerState,
): ExtProcServer {
  const { identity } = listener;
  return createExtProcServer({
    open: createExchanges({
      ...deps,
      identity: identity && parseStaticIdentity(`${identity.tenant}/${identity.app}`),
      stripsHeaders: new Set(listener.stripsHeaders),
      offeredTools: listener.offeredTools,
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

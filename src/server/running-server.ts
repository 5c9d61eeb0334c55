import { randomFillSync } from "node:crypto";
import { join } from "node:path";
import { WorkerPreparer } from "../activation/index.ts";
import { createAdminServer } from "../admin/index.ts";
import { type Clock, createUuidV7 } from "../base/index.ts";
import { createRuleDetector } from "../detect/index.ts";
import { createExchanges, type ExchangeDeps, type ExchangeObserver } from "../exchange/index.ts";
import { createExtProcServer, type ExtProcServer } from "../extproc/index.ts";
import { parseStaticIdentity } from "../identity/index.ts";
import type { RecordLog } from "../log/index.ts";
import type { Sinks } from "../sinks/index.ts";
import { VersionStore } from "../stores/index.ts";
import type { OperatorLog, Telemetry } from "../telemetry/index.ts";
import { cachedDetection } from "./cached-detection.ts";
import type { Config, ListenerConfig } from "./config.ts";
import { directoriesOf } from "./config-sources.ts";
import { type DrainParts, drain, lastSendMs } from "./drain.ts";
import { FeedbackCount } from "./feedback-count.ts";
import { type FindingsMemory, openFindingsMemory } from "./findings-memory.ts";
import { KillSwitchKeeper } from "./kill-switch-keeper.ts";
import { createLastGoodStore } from "./last-good-store.ts";
import { Listener } from "./listener.ts";
import { observeExchanges } from "./observe-exchanges.ts";
import { observeLoad, readServing } from "./observe-policies.ts";
import { nameOf, openFeed } from "./open-feed.ts";
import { commitOnCrash, openRecords } from "./open-records.ts";
import { openConfiguredSinks } from "./open-sinks.ts";
import { openTracing, type Tracing } from "./open-tracing.ts";
import { PolicyJournal } from "./policy-journal.ts";
import { PolicyKeeper, type PolicyLoad, type PolicySupplement } from "./policy-keeper.ts";
import type { PolicyState } from "./policy-state.ts";
import { type ProviderCredentials, readProviderCredentials } from "./provider-credentials.ts";
import { createContentKeys, createPseudonymKeys } from "./pseudonym-keys.ts";
import { openQuotaLedger, type QuotaLedger } from "./quota-ledger.ts";
import { RolloutMonitor } from "./rollout-monitor.ts";
import { ServedDigests } from "./served-digests.ts";
import { ServerNotStarted } from "./server-not-started.ts";
import { ServerState } from "./server-state.ts";
import { SubjectKeys } from "./subject-keys.ts";
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
  // What sinks have is known once they are open; until then nothing may go that one could lack.
  let sinks: Sinks | undefined;
  const isSent = (origin: string, seq: number) => sinks?.hasPassed(origin, seq) ?? false;
  const records = await openLog(options, { clock, createId, isSent });
  sinks = await openLogSinks(options, { clock, records });
  // Nobody watches health before the server listens.
  let publishHealth = (): void => undefined;
  const journal = new PolicyJournal(records);
  const rollouts = openRollouts(options, journal);
  const policies = await openPolicies({ ...options, journal, rollouts }, () => publishHealth());
  telemetry.policy.readFrom(() => readServing(policies.state));
  telemetry.disk.readFrom(config.stateDir);
  const marks = new FeedbackCount(config.stateDir);
  telemetry.feedback.readFrom(() => marks.read());
  const killSwitches = await openKillSwitches(options, journal);
  const state = new ServerState({ ...options, policies, killSwitches, rollouts, records });
  publishHealth = () => state.publishHealth();
  const detector = createRuleDetector();
  const quotas = await openQuotas(options);
  const memory = openFindingsMemory(config.stores, telemetry);
  const classifiers = await openClassifiers(options, memory);
  const tracing = openTraces(options, clock);
  const { audit } = config;
  const subjectKeys = openSubjectKeys(options, clock);
  const auditRoutes = new Map(Object.entries(audit.routes));
  const deps: ListenersDeps = {
    clock,
    timers: systemTimers,
    createId,
    snapshot: () => policies.state.snapshot,
    classify: cachedDetection(detector, memory),
    detector,
    classifiers,
    records,
    auditRules: (route) =>
      route === undefined ? audit.rules : (auditRoutes.get(route) ?? audit.rules),
    retentionDays: audit.retentionDays,
    quotas: quotas.ledger,
    observer: observeExchanges(telemetry, options.watcher),
    limits: config.limits,
    deadlines: config.deadlines,
    content: config.content,
    region: config.region,
    isUnsigned: config.policies.unsigned,
    heldBytes: state.heldBytes,
    pseudonymKey: createPseudonymKeys(config.stateDir, clock),
    contentKey: audit.contentDigests ? createContentKeys(config.stateDir, clock) : undefined,
    subjectKey: subjectKeys && ((subject) => subjectKeys.of(subject)),
    credentialOf: (provider) => credentials.of(provider),
    killSwitches,
    ramps: rollouts,
    tracer: tracing.tracer,
  };
  for (const listener of config.listeners) {
    const transport = createTransport(listener, deps, options, state);
    state.listeners.push(new Listener(listener, transport, log));
  }
  const admin = createAdminServer(state.adminOptions());
  const parts = { state, records, sinks, policies, killSwitches, quotas, admin };
  const { addresses, adminAddress } = await listen(config, parts);
  const endCrashWatch = commitOnCrash(records);
  credentials.watch();
  classifiers.watch();
  tracing.watch();
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
      sinks.resume();
      return Promise.all([policies.refresh(), killSwitches.reload()]).then(() => undefined);
    },
    stop: (hurry = new AbortController().signal) => {
      stopping ??= drain(
        { config, state, records, sinks, tracing, policies, admin, log },
        hurry,
      ).finally(() => {
        endCrashWatch();
        credentials.close();
        killSwitches.close();
        quotas.close();
        classifiers.close();
        subjectKeys?.close();
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

/** The models that are asked beside the rules; those that run here are loaded. */
async function openClassifiers(
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
function openTraces(options: ServerOptions, clock: Clock): Tracing {
  try {
    return openTracing({ ...options, clock });
  } catch (cause) {
    throw new ServerNotStarted("The credential for traces cannot be read", cause);
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
  options: ServerOptions,
  parts: Pick<ExchangeDeps, "clock" | "createId"> & {
    readonly isSent: (origin: string, seq: number) => boolean;
  },
): Promise<RecordLog> {
  try {
    return await openRecords({ ...options, ...parts });
  } catch (cause) {
    throw new ServerNotStarted("The log cannot be opened", cause);
  }
}

/** Where records go beside the log; who sends nothing yet takes nothing down. */
async function openLogSinks(
  options: ServerOptions,
  parts: Pick<ExchangeDeps, "clock"> & { readonly records: RecordLog },
): Promise<Sinks> {
  try {
    return await openConfiguredSinks({ ...options, ...parts });
  } catch (cause) {
    await parts.records.close();
    throw new ServerNotStarted("The sinks cannot be opened", cause);
  }
}

/** The keys that hide people, where each has one. */
function openSubjectKeys({ config }: ServerOptions, clock: Clock): SubjectKeys | undefined {
  if (config.audit.pseudonyms !== "perSubject") return undefined;
  try {
    return new SubjectKeys(config.stateDir, clock);
  } catch (cause) {
    throw new ServerNotStarted("The table of pseudonym keys cannot be opened", cause);
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
  options: ServerOptions & {
    readonly journal: PolicyJournal;
    readonly rollouts: RolloutMonitor;
  },
  publish: () => void,
): Promise<PolicyKeeper> {
  const { journal, log, rollouts, telemetry, version, watcher } = options;
  const { listeners, stateDir, policies } = options.config;
  const directories = directoriesOf(policies.sources);
  const served = new ServedDigests();
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
    versions: versionsIn(stateDir),
    supplement: options.supplement,
    ageSecondsMax: policies.stale === "deny" ? policies.maxAgeSeconds : undefined,
    onLoad: (load) => {
      observeLoad(load, { log, served, telemetry });
      journal.loaded(load, feed?.kept.ledger.accepted ?? new Map());
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
function openRollouts({ log, telemetry }: ServerOptions, journal: PolicyJournal): RolloutMonitor {
  return new RolloutMonitor((breach) => {
    const { guard, max, of, rate, rollout, samples, state } = breach;
    if (state === "suspended") {
      telemetry.policy.rolledBack("health");
      journal.suspended(breach);
    }
    const reason = `${guard} ${max}: ${rate.toFixed(4)} of ${samples} ${of}`;
    log.warn(`rollout ${state} by its guards`, { rollout, reason });
  });
}

/** Every version that ever served, for decisions to be made again. */
function versionsIn(stateDir: string): VersionStore {
  return new VersionStore(join(stateDir, "snapshots"));
}

/** The fast channel beside the policies. */
function openKillSwitches(
  { config, log }: ServerOptions,
  journal: PolicyJournal,
): Promise<KillSwitchKeeper> {
  return KillSwitchKeeper.open({
    directory: config.policies.killSwitches,
    stateDir: config.stateDir,
    versions: versionsIn(config.stateDir),
    onSwitch: (standing) => {
      journal.switched(standing);
      const { active, name, sequence } = standing;
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
  parts: Pick<DrainParts, "admin" | "policies" | "records" | "sinks" | "state"> & {
    readonly killSwitches: KillSwitchKeeper;
    readonly quotas: QuotaLedger;
  },
): Promise<Pick<RunningServer, "addresses" | "adminAddress">> {
  const { admin, killSwitches, policies, quotas, records, sinks, state } = parts;
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
    await sinks.close(AbortSignal.timeout(lastSendMs));
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
    whenDurable: (seq, done) => state.whenDurable(seq, done),
    observer: telemetry.transport,
    isReady: () => state.isReady,
    onBug: (error) => log.error("bug", error),
  });
}

import { randomFillSync } from "node:crypto";
import { createAdminServer } from "../admin/index.ts";
import { createUuidV7 } from "../base/index.ts";
import { createRuleDetector } from "../detect/index.ts";
import type { Sinks } from "../sinks/index.ts";
import { cachedDetection } from "./cached-detection.ts";
import { drain } from "./drain.ts";
import { FeedbackCount } from "./feedback-count.ts";
import { openFindingsMemory } from "./findings-memory.ts";
import { type Addresses, createTransport, type ListenersDeps, listen } from "./listen.ts";
import { Listener } from "./listener.ts";
import { observeExchanges } from "./observe-exchanges.ts";
import { readServing } from "./observe-policies.ts";
import {
  openClassifiers,
  openLog,
  openLogSinks,
  openQuotas,
  openSubjectKeys,
  openTraces,
  readCredentials,
} from "./open-parts.ts";
import { openKillSwitches, openPolicies, openRollouts } from "./open-policies.ts";
import { commitOnCrash } from "./open-records.ts";
import { PolicyJournal } from "./policy-journal.ts";
import type { PolicyState } from "./policy-state.ts";
import { createContentKeys, createPseudonymKeys } from "./pseudonym-keys.ts";
import type { ServerOptions } from "./server-options.ts";
import { ServerState } from "./server-state.ts";
import { createSystemClock, systemTimers } from "./system-clock.ts";
import { keepVersions, versionsIn } from "./version-duty.ts";
import { watchLeaks } from "./watch-leaks.ts";

/** A server that listens. */
export interface RunningServer extends Addresses {
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
  const detector = createRuleDetector();
  const leaks = watchLeaks({ ...options, detector });
  const onLine = (line: Uint8Array, seq: number) => leaks.record(line, seq);
  const records = await openLog(options, { clock, createId, isSent, onLine });
  sinks = await openLogSinks(options, { clock, records });
  // Nobody watches health before the server listens.
  let publishHealth = (): void => undefined;
  const journal = new PolicyJournal(records);
  const rollouts = openRollouts(options, journal);
  const versions = versionsIn(config.stateDir);
  const parties = { journal, rollouts, versions };
  const policies = await openPolicies({ ...options, ...parties }, () => publishHealth());
  telemetry.policy.readFrom(() => readServing(policies.state));
  telemetry.disk.readFrom(config.stateDir);
  const marks = new FeedbackCount(config.stateDir);
  telemetry.feedback.readFrom(() => marks.read());
  const killSwitches = await openKillSwitches(options, journal, versions);
  const state = new ServerState({
    ...options,
    ...{ policies, killSwitches, rollouts, records, sinks, leaks },
  });
  publishHealth = () => state.publishHealth();
  const quotas = await openQuotas(options);
  const memory = openFindingsMemory(config.stores, telemetry);
  const classifiers = await openClassifiers(options, memory);
  const tracing = openTraces(options, { clock, onSpans: (spans) => leaks.spans(spans) });
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
    recordClaims: audit.recordClaims,
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
  const retention = keepVersions(options, versions);
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
        leaks.close();
        credentials.close();
        killSwitches.close();
        quotas.close();
        classifiers.close();
        subjectKeys?.close();
        retention.close();
      });
      return stopping;
    },
  };
}

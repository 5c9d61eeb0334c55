import { WorkerPreparer } from "../activation/index.ts";
import type { VersionStore } from "../stores/index.ts";
import { directoriesOf } from "./config-sources.ts";
import { KillSwitchKeeper } from "./kill-switch-keeper.ts";
import { createLastGoodStore } from "./last-good-store.ts";
import { observeLoad } from "./observe-policies.ts";
import { nameOf, openFeed } from "./open-feed.ts";
import type { PolicyJournal } from "./policy-journal.ts";
import { PolicyKeeper } from "./policy-keeper.ts";
import type { PolicyState } from "./policy-state.ts";
import { RolloutMonitor } from "./rollout-monitor.ts";
import { ServedDigests } from "./served-digests.ts";
import type { ServerOptions } from "./server-options.ts";
import { endpointsOf } from "./wire-classifiers.ts";

/** Both files are right by themselves, and together they refuse everyone. */
function warnOfNobody({ snapshot }: PolicyState, { config, log }: ServerOptions): void {
  const isAsked = config.listeners.some(({ identity }) => identity === undefined);
  if (isAsked && snapshot?.identity.declarations.length === 0) {
    log.warn("a listener has no identity and the policies declare no source: all is refused");
  }
}

/** Loads the policies that serve from the start, and keeps them up to date. */
export async function openPolicies(
  options: ServerOptions & {
    readonly journal: PolicyJournal;
    readonly rollouts: RolloutMonitor;
    readonly versions: VersionStore;
  },
  publish: () => void,
): Promise<PolicyKeeper> {
  const { journal, log, rollouts, telemetry, version, versions, watcher } = options;
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
    versions,
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
export function openRollouts(
  { log, telemetry }: ServerOptions,
  journal: PolicyJournal,
): RolloutMonitor {
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

/** The fast channel beside the policies. */
export function openKillSwitches(
  { config, log }: ServerOptions,
  journal: PolicyJournal,
  versions: VersionStore,
): Promise<KillSwitchKeeper> {
  return KillSwitchKeeper.open({
    directory: config.policies.killSwitches,
    stateDir: config.stateDir,
    versions,
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

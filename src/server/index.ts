/**
 * The running service: its configuration, its wiring, its start and its stop. Decides nothing about
 * traffic. Start with `startServer`, the one page on which everything is put together.
 */
export {
  findCurrentLog,
  type Installation,
  openAdminLog,
  openIdleSlot,
  RootKeyNeeded,
} from "./admin-log.ts";
export {
  type BundleLedgerStore,
  type BundleRefusal,
  createBundleLedgerStore,
  datedRefusals,
  type KeptBundles,
  renderBundles,
} from "./bundle-ledger.ts";
export {
  type Config,
  defaultConfig,
  type ListenerConfig,
  type ParsedConfig,
  parseConfig,
} from "./config.ts";
export type { ConfigFile } from "./config-document.ts";
export type { ConfigOverrides } from "./config-overrides.ts";
export { erasePseudonymKey, hasPseudonymKey } from "./erase-pseudonyms.ts";
export { feedbackFile } from "./feedback-count.ts";
export { adminSlot, holdsOf } from "./legal-holds.ts";
export type { PolicyLoad } from "./policy-keeper.ts";
export type { PolicyState } from "./policy-state.ts";
export { type RunningServer, startServer } from "./running-server.ts";
export { ServerNotStarted } from "./server-not-started.ts";
export type { ServerOptions, Watcher } from "./server-options.ts";
export { eraseSubjectKey, hasSubjectKey } from "./subject-keys.ts";
export { NotTryable, startTryOut, type TryOut, type TryOutOptions } from "./try-out.ts";
export { type PrunedVersions, pruneVersions } from "./version-retention.ts";
export { endpointsOf } from "./wire-classifiers.ts";

/**
 * State behind ports: where quota counters are kept, what was found in texts before, and every version of
 * policies that served. A store counts and keeps; what is counted or kept, and what comes of it, is decided below. Start with
 * `openRedisQuotaStore`, `MemoryQuotaStore` and `MemoryFindingsCache`.
 */
export {
  type FindingsCacheBounds,
  type FindingsCacheUsage,
  MemoryFindingsCache,
} from "./memory-findings-cache.ts";
export { MemoryQuotaStore } from "./memory-quota-store.ts";
export {
  openRedisQuotaStore,
  type RedisQuotaStore,
  type RedisQuotaStoreOptions,
} from "./redis-quota-store.ts";
export {
  type KeptVersion,
  readVersion,
  type SignedLayer,
  type VersionedLayer,
} from "./version-entry.ts";
export { type IdleVersion, slackMs, VersionRetention } from "./version-retention.ts";
export { VersionStore } from "./version-store.ts";

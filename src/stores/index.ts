/**
 * State behind ports: where quota counters are kept. A store counts; what is counted, and what comes
 * of it, is decided below. Start with `openRedisQuotaStore` or `MemoryQuotaStore`.
 */
export { MemoryQuotaStore } from "./memory-quota-store.ts";
export {
  openRedisQuotaStore,
  type RedisQuotaStore,
  type RedisQuotaStoreOptions,
} from "./redis-quota-store.ts";

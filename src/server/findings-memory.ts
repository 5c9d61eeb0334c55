import { randomBytes } from "node:crypto";
import type { FindingsCache } from "../detect/index.ts";
import { MemoryFindingsCache } from "../stores/index.ts";
import type { Telemetry } from "../telemetry/index.ts";
import type { Config } from "./config.ts";

/** What was found in texts before, and the key that texts are known by; both go with the process. */
export interface FindingsMemory {
  readonly cache: FindingsCache;
  readonly digestKey: Uint8Array;
}

const digestKeyBytes = 32;

/** Opens it as large as the configuration says; undefined where it gives no room. */
export function openFindingsMemory(
  { findings }: Config["stores"],
  telemetry: Telemetry,
): FindingsMemory | undefined {
  if (findings.bytesMax === 0) return undefined;
  const cache = new MemoryFindingsCache(findings);
  telemetry.findingsCache.readFrom(() => cache.usage);
  return { cache, digestKey: randomBytes(digestKeyBytes) };
}

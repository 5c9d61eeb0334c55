import type { Clock } from "../base/index.ts";
import {
  type Anchor,
  createDirectoryAnchor,
  createWitnessAnchor,
  parseWitnessKey,
} from "../log/index.ts";
import { createHttpClient, createS3Anchor, openBucket } from "../sinks/index.ts";
import type { AnchorConfig, AuditConfig } from "./config-audit.ts";

/**
 * The anchors that a configuration names. Rejects where a key is none, or a library is not installed;
 * an anchor that is away is no reason to.
 */
export async function openAnchors(
  { anchors, retentionDays }: Pick<AuditConfig, "anchors" | "retentionDays">,
  clock: Clock,
): Promise<readonly Anchor[]> {
  return Promise.all(anchors.map((anchor) => openAnchor(anchor, retentionDays, clock)));
}

async function openAnchor(
  anchor: AnchorConfig,
  retentionDays: number,
  clock: Clock,
): Promise<Anchor> {
  const { name } = anchor;
  if (anchor.kind === "directory") return createDirectoryAnchor(name, anchor.directory);
  if (anchor.kind === "s3") {
    const bucket = await openBucket(anchor.s3);
    return createS3Anchor({ name, bucket, retentionDays, nowMicros: () => clock.nowMicros() });
  }
  const key = parseWitnessKey(anchor.key);
  if (key === undefined) throw new Error(`expected the key of the witness ${name}`);
  const http = createHttpClient(anchor.tls);
  return createWitnessAnchor({ name, url: anchor.url, key, http });
}

import { createHash } from "node:crypto";
import type { Bucket } from "./bucket.ts";

const dayMs = 86_400_000;

/** What it is given of a checkpoint. */
interface AnchorRequest {
  readonly origin: string;
  readonly size: number;
  readonly note: string;
}

/**
 * Checkpoints in a bucket with object lock (audit-and-operations 4.6), as
 * `<prefix><origin>/<size>.checkpoint`: who holds the machine cannot take them back before their day.
 */
export function createS3Anchor(options: {
  readonly name: string;
  readonly bucket: Bucket;
  readonly retentionDays: number;
  readonly nowMicros: () => number;
}): {
  readonly name: string;
  publish(request: AnchorRequest, signal: AbortSignal): Promise<string>;
} {
  const { bucket, name, nowMicros, retentionDays } = options;
  return {
    name,
    async publish({ note, origin, size }, signal) {
      const body = Buffer.from(note);
      const object = {
        ...{ key: `${origin}/${String(size).padStart(12, "0")}.checkpoint`, body },
        ...{ length: body.length, isOnce: true },
        sha256: createHash("sha256").update(body).digest("base64"),
        retainUntil: new Date(nowMicros() / 1000 + retentionDays * dayMs),
      };
      await bucket.put(object, signal);
      return note;
    },
  };
}

import type { MetricSet } from "./metric-set.ts";

/** How long a reading is good for, in seconds: scrapers may be many, the disk is one. */
const readingSeconds = 5;

/** What is asked of the system; in production the functions of Node. */
export interface DiskReading {
  /** Blocks of the file system of a folder: all there are, and those left for us. */
  readonly statfs: (path: string) => Promise<{ readonly blocks: number; readonly bavail: number }>;
  readonly monotonicSeconds: () => number;
}

/** How much room there is for records. */
export interface DiskMetrics {
  /** From now on a scrape tells of the file system that this folder is on. */
  readFrom(directory: string): void;
}

export function createDiskMetrics(
  metrics: MetricSet,
  { statfs, monotonicSeconds }: DiskReading,
): DiskMetrics {
  let directory: string | undefined;
  let reading: Promise<number | undefined> | undefined;
  let readAt = 0;
  metrics.gauge(
    "chancery_audit_disk_free_ratio",
    "Share of the file system of the state folder that is free for us.",
    () => {
      if (directory === undefined) return undefined;
      const now = monotonicSeconds();
      if (reading === undefined || now - readAt >= readingSeconds) {
        readAt = now;
        reading = freeRatio(statfs, directory);
      }
      return reading;
    },
  );
  return {
    readFrom(path) {
      directory = path;
      reading = undefined;
    },
  };
}

async function freeRatio(
  statfs: DiskReading["statfs"],
  directory: string,
): Promise<number | undefined> {
  try {
    const { bavail, blocks } = await statfs(directory);
    return blocks > 0 ? bavail / blocks : undefined;
  } catch {
    // Any number would be a guess. Records that cannot be written are counted where they are lost.
    return undefined;
  }
}

/** A log of several tenants, a bucket that it goes to, and holds that a test sets and lifts. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type HoldBook, listSeals, readSeal } from "../../src/evidence/index.ts";
import { createDiskFiles } from "../../src/log/index.ts";
import type { SinkConfig, Sinks } from "../../src/sinks/index.ts";
import type { Cleanup } from "./chancery-process.ts";
import { folderOf } from "./log-stage.ts";
import type { ObjectStore } from "./object-store.ts";
import { appendFinal } from "./recorded-logs.ts";
import { type SinkStage, setSinkStage, until } from "./sink-stage.ts";

const hourMicros = 3_600_000_000;
/** Looks at the holds come that much sooner: every 50 ms. */
const hurry = 200;

/** A hold by its id, of all times. */
export function holdOf(hold: string, tenant: string): HoldBook["inForce"][number] {
  return {
    ...{ hold, tenant, from: undefined, to: undefined },
    ...{ reason: "case 7", actor: "jane", since: "2026-11-21T09:00:00.000000Z" },
  };
}

export interface HoldStage<Store extends ObjectStore> {
  readonly stage: SinkStage;
  readonly store: Store;
  /** What the admin log says; undefined: it cannot be read. */
  book: HoldBook | undefined;
  /** How far the sinks' time of day is ahead. */
  aheadMs: number;
  /** Sets and lifts, as the admin log would have it. */
  set(hold: string, tenant: string): void;
  lift(hold: string): void;
  /** Seals a segment with a record of each, and gives the `seq` of its first record. */
  seal(...tenants: readonly string[]): Promise<number>;
  open(): Promise<Sinks>;
  /** Waits for these segments to be held with their seals, and for nothing else to be. */
  untilHeld(...firsts: readonly number[]): Promise<void>;
  /** Waits for all that is sealed to be there. */
  untilSent(): Promise<void>;
}

export async function setHoldStage<Store extends ObjectStore>(
  t: Cleanup,
  startStore: (t: Cleanup) => Promise<Store>,
): Promise<HoldStage<Store>> {
  let offset = 0;
  const now = () => performance.now() * 1000;
  const clock = { nowMicros: () => Date.now() * 1000, monotonicMicros: () => now() + offset };
  const [stage, store] = await Promise.all([setSinkStage(t, { clock }), startStore(t)]);
  const files = createDiskFiles(folderOf(stage.stateDir, stage.log));
  const sealed = () => listSeals(files).at(-1) ?? 0;
  const credentialFile = join(stage.stateDir, "s3.key");
  writeFileSync(credentialFile, store.credential);
  const config: SinkConfig = {
    ...{ name: "vault", kind: "s3", bucket: "audit", region: "eu-1", prefix: "eu1/" },
    ...{ endpoint: store.endpoint, credentialFile },
  };
  const heldKeys = async () =>
    (await store.objects())
      .filter(({ legalHold }) => legalHold === "ON")
      .map(({ key }) => key)
      .sort();
  const keysOf = (firsts: readonly number[]) =>
    firsts
      .flatMap((first) => ["jsonl", "seal.json"].map((ending) => `${pad(first)}.${ending}`))
      .map((name) => `eu1/${stage.log.origin}/segments/${name}`)
      .sort();
  const holds: HoldStage<Store> = {
    ...{ stage, store, aheadMs: 0, book: { inForce: [], lifted: new Set<string>() } },
    set(hold, tenant) {
      const { inForce = [], lifted = new Set<string>() } = holds.book ?? {};
      holds.book = { inForce: [...inForce, holdOf(hold, tenant)], lifted };
    },
    lift(hold) {
      const { inForce = [], lifted = [] } = holds.book ?? {};
      const others = inForce.filter((one) => one.hold !== hold);
      holds.book = { inForce: others, lifted: new Set([...lifted, hold]) };
    },
    async seal(...tenants) {
      for (const tenant of tenants) appendFinal(stage.log, { tenant });
      await stage.append(0);
      offset += hourMicros;
      // What comes after the hour begins another segment; it has no tenant.
      await stage.append(1);
      return sealed();
    },
    open: () =>
      stage.open([config], {
        clock: {
          nowMicros: () => (Date.now() + holds.aheadMs) * 1000,
          monotonicMicros: () => now() * hurry,
        },
        readHolds: () => {
          if (holds.book === undefined) throw new Error("the admin log cannot be read");
          return holds.book;
        },
      }),
    untilHeld: (...firsts) =>
      until(`held are ${firsts.join(", ")}`, async () => {
        const keys = await heldKeys();
        return JSON.stringify(keys) === JSON.stringify(keysOf(firsts));
      }),
    untilSent: () =>
      until("all is there", () => {
        const last = readSeal(files, sealed());
        return typeof last === "object" && stage.cursorSeq("vault") === last.first + last.count;
      }),
  };
  return holds;
}

function pad(first: number): string {
  return String(first).padStart(12, "0");
}

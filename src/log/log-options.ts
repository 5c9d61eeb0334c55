import type { Clock, Timers } from "../base/index.ts";
import type { LegalHold } from "../evidence/index.ts";
import type { NoteSigner, RootSigner } from "../signing/index.ts";
import type { Anchor } from "./anchor.ts";
import type { NamedSlot } from "./log-folder.ts";
import type { LogObserver } from "./log-observer.ts";
import type { SegmentDisk } from "./segment-file.ts";

/** What a log is opened with. */
export interface RecordLogOptions {
  /** Folder of the installation; the log goes to `log/<slot>/<id>/` below it. */
  readonly stateDir: string;
  /** First part of the log's name. */
  readonly origin: string;
  readonly clock: Clock;
  readonly timers: Timers;
  /** UUIDv7, lower case. */
  readonly createId: () => string;
  /** Introduces the keys that sign; undefined: the log has a key of its own, in a file. */
  readonly rootKey?: RootSigner | undefined;
  readonly anchors?: readonly Anchor[];
  /** Days a record is kept that says nothing itself; at least 184 (audit-and-operations 4.7). */
  readonly retentionDays?: number;
  /** The one slot to take; undefined: the lowest that is free. */
  readonly slot?: NamedSlot;
  /**
   * What becomes of a process that finds a damaged log: it begins another one and serves nothing, or
   * goes on with it; or it leaves everything as it is and opens none.
   */
  readonly onCorrupt?: "refuse" | "continue" | "leave";
  /** Legal holds in force; without it there are none. */
  readonly readHolds?: () => Promise<readonly LegalHold[]>;
  /** Whether every sink has what stands before a `seq` of a log; without it there are none. */
  readonly isSent?: (origin: string, seq: number) => boolean;
  readonly observer?: LogObserver;
  /** Told of each line, lent for the call, and its `seq` once it is written; must not throw. */
  readonly onLine?: ((line: Uint8Array, seq: number) => void) | undefined;
  /** For tests: where segments go, how free the disk is, and what is otherwise drawn at random. */
  readonly disk?: SegmentDisk;
  readonly readFreeRatio?: () => Promise<number | undefined>;
  readonly drawId?: () => string;
  readonly createKey?: (origin: string) => NoteSigner;
}

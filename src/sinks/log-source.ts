/** One log whose records sinks are given. */
export interface LogSource {
  readonly origin: string;
  /** Its folder, absolute. */
  readonly folder: string;
  /** Records under a checkpoint that is on the disk for good: nobody outside may know of more. */
  readonly durableSize: number;
}

/** The logs of one installation, as they are now. */
export type ListLogs = () => readonly LogSource[];

/** Up to where a log was read. */
export interface Position {
  /** `seq` of the first record of the segment, as in its name. */
  readonly segment: number;
  /** Bytes of that segment before the next line. */
  readonly byte: number;
  /** Records before the next line. */
  readonly seq: number;
}

/** Before the first line. */
export const start: Position = { segment: 0, byte: 0, seq: 0 };

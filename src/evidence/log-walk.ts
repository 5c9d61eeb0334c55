import { recordBytesMax } from "../base/index.ts";
import { RecordReader } from "../record/index.ts";
import { CompactRange, type SubtreeSink } from "../signing/index.ts";
import { isCheckpointLine, readCheckpointLine, type SignedCheckpoint } from "./checkpoint-line.ts";
import type { LineReader } from "./line-reader.ts";

/** What a line of a log turned out to be. */
export type Step = "record" | "checkpoint" | Misfit;

/** Why a line does not fit where it stands; one of these ends a walk. */
export type Misfit =
  /** Not what the canonical form gives, or it lacks what every record has. */
  | "line_not_canonical"
  /** The file ends in the middle of it. */
  | "line_torn"
  /** A record of another log, or with another `seq` than its place. */
  | "line_misplaced"
  /** A checkpoint of another log, another size or another root, or not larger than the last. */
  | "checkpoint_differs";

/** Where a walk starts. */
export interface WalkStart {
  readonly origin: string;
  /** The tree of everything before; the walk goes on with it. Empty if left out. */
  readonly range?: CompactRange;
  /** The last checkpoint before; undefined for none. */
  readonly checkpoint?: SignedCheckpoint | undefined;
  /** Told every subtree that becomes complete. */
  readonly subtrees?: SubtreeSink;
}

/**
 * Walks the lines of a log in order and keeps the tree over them: each must be canonical, of this
 * log and in its place, and each checkpoint line must be what the records before it give
 * (audit-and-operations 4.5 step 3). It verifies no signature: who trusts which key is the caller's
 * business. Recovery, verification, export and replay walk alike.
 */
export class LogWalk {
  /** The record at hand, after a step that was one. */
  readonly record: RecordReader = new RecordReader();
  readonly range: CompactRange;
  readonly #origin: string;
  readonly #originBytes: Buffer;
  readonly #subtrees: SubtreeSink | undefined;
  #checkpoint: SignedCheckpoint | undefined;

  constructor({ origin, range = CompactRange.empty(), checkpoint, subtrees }: WalkStart) {
    this.range = range;
    this.#origin = origin;
    this.#originBytes = Buffer.from(origin);
    this.#checkpoint = checkpoint;
    this.#subtrees = subtrees;
  }

  /** Records before the next line. */
  get size(): number {
    return this.range.size;
  }

  /** The last checkpoint so far. */
  get checkpoint(): SignedCheckpoint | undefined {
    return this.#checkpoint;
  }

  /** Takes the line at hand. One that does not fit leaves everything as it was. */
  take(line: LineReader): Step {
    if (line.isTorn) return "line_torn";
    return isCheckpointLine(line.bytes, line.start, line.end)
      ? this.#takeCheckpoint(line)
      : this.#takeRecord(line);
  }

  #takeRecord(line: LineReader): Step {
    if (!this.record.read(line.bytes, line.start, line.end)) return "line_not_canonical";
    if (this.record.seq !== this.range.size || !this.record.isOf(this.#originBytes)) {
      return "line_misplaced";
    }
    this.range.appendLeaf(line.leaf, this.#subtrees);
    return "record";
  }

  #takeCheckpoint(line: LineReader): Step {
    if (line.end - line.start > recordBytesMax) return "line_not_canonical";
    const found = readCheckpointLine(line.line);
    if (found === undefined) return "line_not_canonical";
    const { origin, root, size } = found;
    if (origin !== this.#origin || size !== this.range.size) return "checkpoint_differs";
    if (size <= (this.#checkpoint?.size ?? 0) || !this.range.root().equals(root)) {
      return "checkpoint_differs";
    }
    this.#checkpoint = found;
    return "checkpoint";
  }
}

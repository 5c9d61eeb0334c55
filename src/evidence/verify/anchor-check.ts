import type { CheckpointKeys } from "../checkpoint-keys.ts";
import { readCheckpoint, type SignedCheckpoint } from "../checkpoint-line.ts";
import { type LogFiles, readText } from "../log-files.ts";
import { listNumbers } from "../segments.ts";
import type { LogProblems } from "./problem.ts";

/** A checkpoint from outside the log, by the name it was handed in under. */
export interface OutsideAnchor {
  readonly name: string;
  /** The signed note. */
  readonly text: string;
}

/** What became of the anchors of a log. The log's own `checkpoint` and seals are none. */
export interface AnchorReport {
  readonly checked: number;
  readonly unchecked: number;
  /** The largest size that an anchor confirmed; undefined for none. */
  readonly newest: number | undefined;
}

/** A checkpoint to be held against the tree once it has that size. */
interface Awaited {
  readonly size: number;
  readonly file: string;
  readonly isAnchor: boolean;
  /** Read when its turn comes: a log may have a million of them. */
  readonly load: () => SignedCheckpoint | undefined;
}

/**
 * Holds checkpoints that are kept apart from the records against the tree as it grows
 * (audit-and-operations 4.5 step 5): anchors, the file `checkpoint`, seals of pruned segments.
 */
export class AnchorCheck {
  readonly #origin: string;
  readonly #keys: CheckpointKeys;
  readonly #problems: LogProblems;
  readonly #awaited: Awaited[] = [];
  #next = 0;
  #checked = 0;
  #unchecked = 0;
  #newest: number | undefined;

  constructor(origin: string, keys: CheckpointKeys, problems: LogProblems) {
    this.#origin = origin;
    this.#keys = keys;
    this.#problems = problems;
  }

  /** Takes what lies in the log's folder. */
  addOwn(files: LogFiles): void {
    this.#addFile(files);
    for (const name of files.list("anchors")) {
      const folder = `anchors/${name}`;
      for (const size of listNumbers(files, folder, /^([0-9]{12})\.checkpoint$/)) {
        const file = `${folder}/${String(size).padStart(12, "0")}.checkpoint`;
        const load = () => readCheckpoint(readText(files, file) ?? "");
        this.#awaited.push({ size, file, isAnchor: true, load });
      }
    }
  }

  /** Takes a checkpoint that was read. */
  add(file: string, checkpoint: SignedCheckpoint, isAnchor: boolean): void {
    this.#awaited.push({ size: checkpoint.size, file, isAnchor, load: () => checkpoint });
  }

  /** To be called once, when all are added. */
  start(): void {
    this.#awaited.sort((one, other) => one.size - other.size);
  }

  /** The size at which a checkpoint waits; infinite for none. */
  get nextSize(): number {
    return this.#awaited[this.#next]?.size ?? Number.POSITIVE_INFINITY;
  }

  /** Checks those of a size, once all records before it are walked. */
  check(size: number, root: () => Uint8Array): void {
    for (let one = this.#take(size); one !== undefined; one = this.#take(size)) {
      this.#checkOne(one, root);
    }
  }

  /** Passes over those up to a size, where the tree cannot be known. */
  skip(size: number): void {
    for (let one = this.#take(size); one !== undefined; one = this.#take(size)) {
      if (one.isAnchor) this.#unchecked += 1;
    }
  }

  /** Once the walk has ended: what is left goes beyond the log, which ends at `size`. */
  finish(size: number, isWhole: boolean): AnchorReport {
    for (const one of this.#awaited.slice(this.#next)) {
      if (isWhole) this.#checkBeyond(one, size);
      else if (one.isAnchor) this.#unchecked += 1;
    }
    return { checked: this.#checked, unchecked: this.#unchecked, newest: this.#newest };
  }

  #addFile(files: LogFiles): void {
    const file = "checkpoint";
    const text = readText(files, file);
    const checkpoint = text === undefined ? undefined : readCheckpoint(text);
    if (checkpoint !== undefined) this.add(file, checkpoint, false);
    else if (files.read(file, 0, new Uint8Array(1)) === undefined) {
      this.#problems.add("checkpoint_missing", {
        file,
        message: "expected a checkpoint, found none",
      });
    } else this.#tellUnsigned(file, "expected a signed checkpoint, found another text");
  }

  #take(size: number): Awaited | undefined {
    const one = this.#awaited[this.#next];
    if (one === undefined || one.size > size) return undefined;
    this.#next += 1;
    return one;
  }

  #checkOne(one: Awaited, root: () => Uint8Array): void {
    const found = this.#verified(one);
    if (found === undefined) return;
    if (!Buffer.from(found.root).equals(root())) {
      const message = `expected the root that the first ${one.size} records give, found another`;
      this.#problems.add("anchor_differs", { file: one.file, seq: one.size, message });
    } else if (one.isAnchor) {
      this.#checked += 1;
      this.#newest = one.size;
    }
  }

  #checkBeyond(one: Awaited, size: number): void {
    if (this.#verified(one) === undefined) return;
    const message = `expected ${one.size} records as this checkpoint covers, found ${size}`;
    this.#problems.add("log_shorter", { file: one.file, seq: size, message });
  }

  /** The checkpoint if it is of this log and signed; a revoked key's is left unchecked. */
  #verified(one: Awaited): SignedCheckpoint | undefined {
    const found = one.load();
    if (found?.size !== one.size || found.origin !== this.#origin) {
      this.#tellUnsigned(
        one.file,
        `expected a signed checkpoint of ${one.size} records of this log`,
      );
      return undefined;
    }
    const standing = this.#keys.checkAnchor(found.signed, found.size);
    if (standing === "signed") return found;
    if (standing === "revoked") this.#unchecked += one.isAnchor ? 1 : 0;
    else this.#tellUnsigned(one.file, "expected a signature that holds, of a key of this log");
    return undefined;
  }

  #tellUnsigned(file: string, message: string): void {
    this.#problems.add("anchor_unsigned", { file, message });
  }
}

import { createHash, type Hash } from "node:crypto";
import type { SignedCheckpoint } from "../checkpoint-line.ts";
import type { LogFiles } from "../log-files.ts";
import { readSeal, type Seal } from "../seal.ts";
import { sealPath } from "../segments.ts";
import type { LogProblems } from "./problem.ts";

/** What a segment turned out to be, once it was read to its end. */
export interface ReadSegment {
  readonly bytes: number;
  /** The checkpoint of its last line; undefined where that is none. */
  readonly checkpoint: SignedCheckpoint | undefined;
  /** Whether no other segment follows, so that it may be unsealed. */
  readonly isLast: boolean;
}

/** Holds a segment against its seal (audit-and-operations 4.5 step 4). */
export class SealCheck {
  /** To be fed the whole segment; undefined where no seal has a digest to compare with. */
  readonly digest: Hash | undefined;
  readonly #first: number;
  readonly #seal: Seal | "malformed" | undefined;
  readonly #problems: LogProblems;

  /** `first` is the `seq` of the segment's first record. */
  constructor(files: LogFiles, first: number, problems: LogProblems) {
    this.#first = first;
    this.#problems = problems;
    this.#seal = readSeal(files, first);
    this.digest = typeof this.#seal === "object" ? createHash("sha256") : undefined;
  }

  finish({ bytes, checkpoint, isLast }: ReadSegment): void {
    const seal = this.#seal;
    if (seal === undefined) {
      if (isLast) return;
      const message = "expected a seal, since another segment follows";
      const [file, seq] = [sealPath(this.#first), this.#first];
      this.#problems.add("seal_missing", { file, seq, message });
    } else if (seal === "malformed") {
      tellSeal(this.#problems, this.#first, "expected a seal in its one form, found another");
    } else if (seal.bytes !== bytes || seal.sha256 !== this.digest?.digest("hex")) {
      const message = "expected the length and digest of the segment, found others";
      tellSeal(this.#problems, this.#first, message);
    } else if (checkpoint === undefined || seal.checkpoint.note !== checkpoint.note) {
      const message = "expected the checkpoint in which the segment ends, found another";
      tellSeal(this.#problems, this.#first, message);
    }
  }
}

/** Tells of a seal that is not what it has to be. */
export function tellSeal(problems: LogProblems, first: number, message: string): void {
  problems.add("seal_differs", { file: sealPath(first), seq: first, message });
}

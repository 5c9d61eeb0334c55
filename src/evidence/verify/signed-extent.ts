import type { KeyStatement } from "../../signing/index.ts";
import type { CheckpointKeys } from "../checkpoint-keys.ts";
import type { SignedCheckpoint } from "../checkpoint-line.ts";

/** How far a log is signed for, by the checkpoints that count and the keys that were revoked. */
export class SignedExtent {
  readonly #keys: CheckpointKeys;
  #last: SignedCheckpoint | undefined;
  #size = 0;
  #doubtfulFrom: number | undefined;

  constructor(keys: CheckpointKeys) {
    this.#keys = keys;
  }

  /** The size up to which the log counts as signed; below that of the last one after a revocation. */
  get size(): number {
    return this.#size;
  }

  /** From which size on only a revoked key signed; undefined for nowhere. */
  get doubtfulFrom(): number | undefined {
    return this.#doubtfulFrom;
  }

  /** The root at that size, where a checkpoint that counts has it. */
  get root(): Uint8Array | undefined {
    return this.#last?.size === this.#size ? this.#last.root : undefined;
  }

  /** Lets a checkpoint count if it is signed; gives what is wrong with it where it is not. */
  count(checkpoint: SignedCheckpoint): string | undefined {
    switch (this.#keys.checkOwn(checkpoint.signed, checkpoint.size)) {
      case "signed":
        this.#last = checkpoint;
        this.#size = checkpoint.size;
        this.#doubtfulFrom = undefined;
        return undefined;
      case "revoked":
        this.#doubtfulFrom ??= this.#size;
        return undefined;
      case "forged":
        return "expected signatures that hold, found one that does not";
      case "unsigned":
        return "expected the signature of the key in force, found none or that of an unknown key";
    }
  }

  /** What a revoked key signed for above the size is doubtful from now on. */
  takeBack({ at, verifier }: KeyStatement): void {
    if (this.#size <= at || this.#keys.inForce(this.#size) !== verifier) return;
    this.#size = at;
    this.#doubtfulFrom = at;
  }
}

import { invariant } from "../base/index.ts";
import { formatCheckpoint, type NoteSigner, signNote } from "../signing/index.ts";

/** For this long after a change of keys the old one signs as well (audit-and-operations 4.3). */
const overlapMicros = 3_600_000_000;

/** A checkpoint as it was signed. */
export interface SignedCheckpoint {
  readonly size: number;
  readonly root: Buffer;
  /** The whole note. */
  readonly note: string;
}

/**
 * Signs the checkpoints of one log, the only place that does. It never signs two trees that are not
 * consistent: sizes only grow, and a size has one root.
 */
export class CheckpointSigner {
  readonly #origin: string;
  readonly #monotonicMicros: () => number;
  #signer: NoteSigner;
  #since: number;
  #former: NoteSigner | undefined;
  #last: { readonly size: number; readonly root: Buffer };

  /** `last`: what was signed before, by whichever process; size 0 where nothing was. */
  constructor(options: {
    readonly origin: string;
    readonly signer: NoteSigner;
    readonly last: { readonly size: number; readonly root: Buffer };
    readonly monotonicMicros: () => number;
  }) {
    this.#origin = options.origin;
    this.#signer = options.signer;
    this.#last = options.last;
    this.#monotonicMicros = options.monotonicMicros;
    this.#since = this.#monotonicMicros();
  }

  /** Microseconds since the key in force was taken up. */
  get keyAgeMicros(): number {
    return this.#monotonicMicros() - this.#since;
  }

  /** From now on another key signs. */
  change(signer: NoteSigner): void {
    this.#former = this.#signer;
    this.#signer = signer;
    this.#since = this.#monotonicMicros();
  }

  /** A `Bug` for a tree that could contradict the last one. */
  sign(size: number, root: Buffer): SignedCheckpoint {
    const last = this.#last;
    const isConsistent = size > last.size || (size === last.size && root.equals(last.root));
    invariant(isConsistent, "a log never signs two trees that are not consistent");
    if (this.#former !== undefined && this.keyAgeMicros >= overlapMicros) this.#former = undefined;
    const text = formatCheckpoint({ origin: this.#origin, size, root });
    const signers = this.#former === undefined ? [this.#signer] : [this.#signer, this.#former];
    this.#last = { size, root };
    return { size, root, note: signNote(text, signers) };
  }
}

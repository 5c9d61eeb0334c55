import { Fault, type Limits } from "../base/index.ts";
import { ratioBytes } from "./content-encoding.ts";
import { Unpacker } from "./unpacker.ts";

const nothing = Buffer.alloc(0);

/**
 * Undoes the codings of a body while it comes in (RFC 9110 section 8.4): whatever the pieces so far
 * decode to is given with the last of them, so that a stream flushed per event comes out event by
 * event. One call at a time. Owned by one caller, who closes it.
 */
export class ContentDecoder {
  readonly #limits: Limits;
  /** In the order in which the codings are undone. */
  readonly #unpackers: readonly Unpacker[];
  #encodedBytes = 0;

  /** `codings` in the order they were applied; all must be supported. */
  constructor(codings: readonly string[], limits: Limits) {
    this.#limits = limits;
    const guard = (madeBytes: number, madeNow: number) => this.#guard(madeBytes, madeNow);
    this.#unpackers = codings.toReversed().map((coding) => new Unpacker(coding, guard));
  }

  /**
   * What this piece adds, perhaps nothing.
   * @throws Fault encoding_invalid; decode_ratio_exceeded over all pieces so far; body_too_large
   * where one piece comes to more than `limits.bodyBytesMax`
   */
  async push(piece: Buffer): Promise<Buffer> {
    this.#encodedBytes += piece.length;
    let bytes = piece;
    for (const unpacker of this.#unpackers) bytes = await unpacker.push(bytes);
    return bytes;
  }

  /**
   * What is left when nothing more comes. A body without any byte is empty, whatever its codings.
   * @throws Fault as `push`; encoding_invalid where the packed data has no end
   */
  async end(): Promise<Buffer> {
    if (this.#encodedBytes === 0) return nothing;
    let bytes: Buffer = nothing;
    for (const unpacker of this.#unpackers) {
      const last = await unpacker.push(bytes);
      const rest = await unpacker.end();
      bytes = rest.length === 0 ? last : Buffer.concat([last, rest]);
    }
    return bytes;
  }

  /** Frees what the decompressors hold. A call under way rejects. */
  close(): void {
    for (const unpacker of this.#unpackers) unpacker.close();
  }

  #guard(madeBytes: number, madeNow: number): void {
    const { bodyBytesMax } = this.#limits;
    const ratioBytesMax = ratioBytes(this.#encodedBytes, this.#limits);
    if (madeBytes > ratioBytesMax) {
      throw new Fault(
        "decode_ratio_exceeded",
        `expected at most ${ratioBytesMax} bytes of ${this.#encodedBytes} encoded ones`,
      );
    }
    if (madeNow > bodyBytesMax) {
      throw new Fault("body_too_large", `expected pieces of at most ${bodyBytesMax} bytes decoded`);
    }
  }
}

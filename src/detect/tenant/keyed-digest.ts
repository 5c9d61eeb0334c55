import { hash } from "node:crypto";

/** Block and result of SHA-256, bytes. */
const blockBytes = 64;
const hashBytes = 32;
const innerByte = 0x36;
const outerByte = 0x5c;
/** UTF-8 bytes of one UTF-16 unit. */
const unitBytesMax = 3;

/**
 * HMAC-SHA-256 (RFC 2104) of short texts with one key, in base64url. Written out because the library's
 * takes three times as long to begin as to hash, and this is asked about many texts.
 */
export class KeyedDigest {
  readonly #inner: Buffer;
  readonly #outer = Buffer.alloc(blockBytes + hashBytes);

  /** `key` has at most 64 bytes, and texts at most `unitsMax` UTF-16 units. */
  constructor(key: Buffer, unitsMax: number) {
    this.#inner = Buffer.alloc(blockBytes + unitsMax * unitBytesMax);
    for (let at = 0; at < blockBytes; at += 1) {
      const byte = key[at] ?? 0;
      this.#inner[at] = byte ^ innerByte;
      this.#outer[at] = byte ^ outerByte;
    }
  }

  of(text: string): string {
    const bytes = this.#inner.write(text, blockBytes);
    hash("sha256", this.#inner.subarray(0, blockBytes + bytes), "buffer").copy(
      this.#outer,
      blockBytes,
    );
    return hash("sha256", this.#outer, "base64url");
  }
}

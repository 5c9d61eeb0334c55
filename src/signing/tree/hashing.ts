import { hash } from "node:crypto";

/** Bytes of one hash of the tree. */
export const hashBytes = 32;

/** Stands before the bytes of a leaf when they are hashed (RFC 6962 section 2.1). */
export const leafPrefix = 0x00;
const nodePrefix = 0x01;

/** Longer lines than any record has are hashed from a copy of their own. */
const scratchBytes = 32 * 1024;
const leafScratch = new Uint8Array(scratchBytes);
const nodeScratch = new Uint8Array(1 + 2 * hashBytes);
leafScratch[0] = leafPrefix;
nodeScratch[0] = nodePrefix;

/** The hash of a tree without leaves: SHA-256 of nothing (RFC 6962 section 2.1). */
export const emptyRoot: Buffer = hash("sha256", "", "buffer");

/** The hash of one leaf, H(0x00 ‖ line) (RFC 6962 section 2.1). */
export function leafHash(line: Uint8Array): Buffer {
  return sha256(leafInput(line));
}

/** The hash of an inner node, H(0x01 ‖ left ‖ right) (RFC 6962 section 2.1). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  nodeScratch.set(left, 1);
  nodeScratch.set(right, 1 + hashBytes);
  return sha256(nodeScratch);
}

/** Writes the SHA-256 of bytes into the 32 bytes of `into`. */
export function writeHash(bytes: Uint8Array, into: Buffer): void {
  into.write(hash("sha256", bytes, "binary"), "binary");
}

/** Two nodes side by side, kept so that the one above them is hashed without moving them. */
export class NodePair {
  readonly #input: Buffer = Buffer.alloc(1 + 2 * hashBytes, nodePrefix);
  readonly left: Buffer = this.#input.subarray(1, 1 + hashBytes);
  readonly right: Buffer = this.#input.subarray(1 + hashBytes);

  /** Writes the hash of the node above the two into the 32 bytes of `into`. */
  writeParent(into: Buffer): void {
    writeHash(this.#input, into);
  }
}

/** A line behind its prefix; the array is used again for the next one. */
export function leafInput(line: Uint8Array): Uint8Array {
  const input =
    line.length < scratchBytes
      ? leafScratch.subarray(0, 1 + line.length)
      : new Uint8Array(1 + line.length);
  input.set(line, 1);
  return input;
}

/** By way of a string, since a digest given as bytes comes in memory of its own, which costs more than it. */
function sha256(input: Uint8Array): Buffer {
  return Buffer.from(hash("sha256", input, "binary"), "binary");
}

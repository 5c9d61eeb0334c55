import { hash } from "node:crypto";

/** Bytes of one hash of the tree. */
export const hashBytes = 32;

const leafPrefix = 0x00;
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
  const input =
    line.length < scratchBytes
      ? leafScratch.subarray(0, 1 + line.length)
      : new Uint8Array(1 + line.length);
  input.set(line, 1);
  return sha256(input);
}

/** The hash of an inner node, H(0x01 ‖ left ‖ right) (RFC 6962 section 2.1). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  nodeScratch.set(left, 1);
  nodeScratch.set(right, 1 + hashBytes);
  return sha256(nodeScratch);
}

/** By way of a string, since a digest given as bytes comes in memory of its own, which costs more than it. */
function sha256(input: Uint8Array): Buffer {
  return Buffer.from(hash("sha256", input, "binary"), "binary");
}

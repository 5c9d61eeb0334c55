import { hash } from "node:crypto";

const alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const values = buildValues();
/** A version, 20 bytes of a hash and four of its check. */
const addressBytes = 25;
const checkBytes = 4;
const bytes = Buffer.alloc(addressBytes);
const payload = bytes.subarray(0, addressBytes - checkBytes);
const check = bytes.subarray(addressBytes - checkBytes);

/**
 * Whether a text is 25 bytes in base 58 that end in the first four bytes of a double SHA-256 of the
 * others (Base58Check, as Bitcoin writes addresses).
 */
export function passesBase58Check(text: string): boolean {
  bytes.fill(0);
  /** Where the bytes begin that are not all 0. */
  let from = addressBytes - 1;
  for (let at = 0; at < text.length; at += 1) {
    let carry = values[text.charCodeAt(at)] ?? -1;
    if (carry < 0) return false;
    let index = addressBytes - 1;
    for (; index >= from || carry !== 0; index -= 1) {
      if (index < 0) return false;
      carry += (bytes[index] ?? 0) * 58;
      bytes[index] = carry & 0xff;
      carry >>= 8;
    }
    from = index + 1;
  }
  return sha256(Buffer.from(sha256(payload), "binary")).startsWith(check.toString("binary"));
}

// Each byte as one character, which costs less than the memory of a buffer.
function sha256(data: Uint8Array): string {
  return hash("sha256", data, "binary");
}

function buildValues(): Int8Array {
  const table = new Int8Array(128).fill(-1);
  for (let value = 0; value < alphabet.length; value += 1)
    table[alphabet.charCodeAt(value)] = value;
  return table;
}

import { hash } from "node:crypto";

const alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const values = buildValues();
/** A version, 20 bytes of a hash and four of its check. */
const addressBytes = 25;

/**
 * Whether a text is 25 bytes in base 58 that end in the first four bytes of a double SHA-256 of the
 * others (Base58Check, as Bitcoin writes addresses).
 */
export function passesBase58Check(text: string): boolean {
  const bytes = new Uint8Array(addressBytes);
  for (let at = 0; at < text.length; at += 1) {
    let carry = values[text.charCodeAt(at)] ?? -1;
    if (carry < 0) return false;
    for (let index = addressBytes - 1; index >= 0; index -= 1) {
      carry += (bytes[index] ?? 0) * 58;
      bytes[index] = carry & 0xff;
      carry >>= 8;
    }
    if (carry !== 0) return false;
  }
  const digest = sha256(sha256(bytes.subarray(0, addressBytes - 4)));
  for (let index = 0; index < 4; index += 1) {
    if (digest[index] !== bytes[addressBytes - 4 + index]) return false;
  }
  return true;
}

function sha256(bytes: Uint8Array): Uint8Array {
  return hash("sha256", bytes, "buffer");
}

function buildValues(): Int8Array {
  const table = new Int8Array(128).fill(-1);
  for (let value = 0; value < alphabet.length; value += 1)
    table[alphabet.charCodeAt(value)] = value;
  return table;
}

import { createHash } from "node:crypto";
import type { Draw } from "./draw.ts";
import { hex } from "./planted-value.ts";

const alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/** An address that pays to the hash of a key: Base58Check of version 0 and 20 random bytes. */
export function bitcoinAddress(draw: Draw): string {
  // Not 0 first, so that version 0 is the only leading 1.
  const payload = Buffer.from(`005a${draw.text(hex, 38)}`, "hex");
  const check = sha256(sha256(payload)).subarray(0, 4);
  let rest = BigInt(`0x${Buffer.concat([payload, check]).toString("hex")}`);
  let text = "";
  for (; rest > 0n; rest /= 58n) text = alphabet.charAt(Number(rest % 58n)) + text;
  return `1${text}`;
}

function sha256(bytes: Buffer): Buffer {
  return createHash("sha256").update(bytes).digest();
}

import { createHash } from "node:crypto";
import { hexDigits, type Random } from "./random.ts";

/** Addresses of made-up wallets, with the checksums of their networks. */
const base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const bech32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

const randomBytes = (random: Random, length: number): Buffer =>
  Buffer.from(Array.from({ length }, () => random.between(0, 255)));

const sha256 = (bytes: Buffer): Buffer => createHash("sha256").update(bytes).digest();

/** A Bitcoin address: legacy, script or one of the two native forms (BIP-173, BIP-350). */
export function bitcoinAddress(random: Random): string {
  const kind = random.between(0, 3);
  if (kind < 2) return base58Check(Buffer.concat([Buffer.of(kind * 5), randomBytes(random, 20)]));
  return kind === 2
    ? segwitAddress(0, randomBytes(random, 20), 1)
    : segwitAddress(1, randomBytes(random, 32), 0x2bc830a3);
}

/** An Ethereum address, in one case or with the checksum of EIP-55. */
export function ethereumAddress(random: Random): string {
  const address = random.string(hexDigits, 40);
  return `0x${random.chance(0.5) ? address : checksummed(address)}`;
}

/** The mixed case that checks 40 hex digits (EIP-55). */
export function checksummed(address: string): string {
  const digest = keccak256(Buffer.from(address));
  return [...address]
    .map((digit, index) =>
      Number.parseInt(digest.charAt(index), 16) >= 8 ? digit.toUpperCase() : digit,
    )
    .join("");
}

function base58Check(payload: Buffer): string {
  const bytes = Buffer.concat([payload, sha256(sha256(payload)).subarray(0, 4)]);
  let number = BigInt(`0x${bytes.toString("hex")}`);
  let text = "";
  for (; number > 0n; number /= 58n) text = base58.charAt(Number(number % 58n)) + text;
  const zeros = bytes.findIndex((byte) => byte !== 0);
  return "1".repeat(zeros) + text;
}

function segwitAddress(version: number, program: Buffer, constant: number): string {
  const bits = [...program].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  const padded = bits.padEnd(Math.ceil(bits.length / 5) * 5, "0");
  const words = [version, ...(padded.match(/.{5}/g) ?? []).map((each) => Number.parseInt(each, 2))];
  const human = [3, 3, 0, 2, 3];
  const rest = bech32Rest([...human, ...words, 0, 0, 0, 0, 0, 0]) ^ constant;
  const check = [25, 20, 15, 10, 5, 0].map((shift) => (rest >>> shift) & 31);
  return `bc1${[...words, ...check].map((word) => bech32.charAt(word)).join("")}`;
}

function bech32Rest(words: readonly number[]): number {
  const generators = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
  let rest = 1;
  for (const word of words) {
    const top = rest >>> 25;
    rest = ((rest & 0x1ffffff) << 5) ^ word;
    for (const [bit, generator] of generators.entries()) if ((top >>> bit) & 1) rest ^= generator;
  }
  return rest;
}

const laneMask = (1n << 64n) - 1n;
const rotated = (lane: bigint, by: number): bigint =>
  ((lane << BigInt(by)) | (lane >> BigInt(64 - by))) & laneMask;

/** Keccak-256 with its original padding, of at most 135 bytes, as hex. */
function keccak256(message: Buffer): string {
  const block = Buffer.alloc(136);
  message.copy(block);
  block[message.length] = 1;
  block[135] = (block[135] ?? 0) | 0x80;
  let lanes = Array.from({ length: 25 }, (_, lane) =>
    lane < 17 ? block.readBigUInt64LE(lane * 8) : 0n,
  );
  let register = 1;
  for (let round = 0; round < 24; round += 1) {
    lanes = keccakRound(lanes);
    for (let bit = 0; bit < 7; bit += 1) {
      if (register & 1) lanes[0] = (lanes[0] ?? 0n) ^ (1n << BigInt(2 ** bit - 1));
      register = (register << 1) ^ (register & 0x80 ? 0x171 : 0);
    }
  }
  const digest = Buffer.alloc(32);
  for (let lane = 0; lane < 4; lane += 1) digest.writeBigUInt64LE(lanes[lane] ?? 0n, lane * 8);
  return digest.toString("hex");
}

/** One round without its constant: theta, rho and pi, chi (FIPS 202, 3.2). */
function keccakRound(lanes: readonly bigint[]): bigint[] {
  const at = (list: readonly bigint[], index: number) => list[index] ?? 0n;
  const columns = [0, 1, 2, 3, 4].map((x) =>
    [0, 5, 10, 15, 20].reduce((parity, row) => parity ^ at(lanes, row + x), 0n),
  );
  const mixed = lanes.map(
    (lane, index) =>
      lane ^ at(columns, (index + 4) % 5) ^ rotated(at(columns, ((index % 5) + 1) % 5), 1),
  );
  const moved = [...mixed];
  let [x, y] = [1, 0];
  for (let step = 0; step < 24; step += 1) {
    const lane = at(mixed, x + 5 * y);
    [x, y] = [y, (2 * x + 3 * y) % 5];
    moved[x + 5 * y] = rotated(lane, (((step + 1) * (step + 2)) / 2) % 64);
  }
  return moved.map((lane, index) => {
    const row = index - (index % 5);
    return (
      lane ^ (~at(moved, row + ((index + 1) % 5)) & laneMask & at(moved, row + ((index + 2) % 5)))
    );
  });
}

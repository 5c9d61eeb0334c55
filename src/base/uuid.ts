import { invariant } from "./invariant.ts";

/** Random bytes drawn at once, so that an id costs no system call of its own. */
const poolBytes = 4096;
/** Counter values that fit `rand_a` (12 bits). */
const counterEnd = 0x1000;
/** A fresh millisecond starts its counter below this, which leaves 2,048 ids or more for it. */
const counterStartEnd = 0x0800;

const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/**
 * Makes a creator of UUIDv7 in lower case (RFC 9562 section 5.7). Ids of one creator strictly
 * increase as text, also within a millisecond and when the clock goes back: `rand_a` is a counter
 * started at random (section 6.2, method 1), which borrows from the next millisecond when it
 * is used up.
 *
 * `nowMicros` is the time as of `Clock`; `fillRandom` fills the bytes it is given.
 */
export function createUuidV7(
  nowMicros: () => number,
  fillRandom: (bytes: Uint8Array) => unknown,
): () => string {
  const pool = new Uint8Array(poolBytes);
  let used = poolBytes;
  let lastMillis = -1;
  let counter = 0;
  let timeText = "";

  function startMillis(millis: number, seed: number): void {
    invariant(millis >= 0 && millis < 2 ** 48, "a UUIDv7 holds times from 1970 to the year 10889");
    lastMillis = millis;
    counter = seed % counterStartEnd;
    const hex = millis.toString(16).padStart(12, "0");
    timeText = `${hex.slice(0, 8)}-${hex.slice(8)}-7`;
  }

  function byte(index: number): number {
    return pool[used + index] ?? 0;
  }

  return () => {
    if (used + 10 > poolBytes) {
      fillRandom(pool);
      used = 0;
    }
    const millis = Math.floor(nowMicros() / 1000);
    const seed = byte(8) * 256 + byte(9);
    counter += 1;
    if (millis > lastMillis) startMillis(millis, seed);
    else if (counter === counterEnd) startMillis(lastMillis + 1, seed);
    const id =
      timeText +
      (counter >> 8).toString(16) +
      hexOfByte[counter & 0xff] +
      "-" +
      hexOfByte[0x80 | (byte(0) & 0x3f)] +
      hexOfByte[byte(1)] +
      "-" +
      hexOfByte[byte(2)] +
      hexOfByte[byte(3)] +
      hexOfByte[byte(4)] +
      hexOfByte[byte(5)] +
      hexOfByte[byte(6)] +
      hexOfByte[byte(7)];
    used += 10;
    return id;
  };
}

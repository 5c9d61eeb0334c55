/** What a byte may be part of, as bits. */
const wordBit = 1;
const identifierBit = 2;
const tokenBit = 4;
const digitBit = 8;
const separatorBit = 16;

const kinds = new Uint8Array(256);
const mark = (characters: string, bits: number) => {
  for (const byte of Buffer.from(characters)) kinds[byte] = (kinds[byte] as number) | bits;
};
const lower = "abcdefghijklmnopqrstuvwxyz";
mark(`${lower}_-./`, wordBit);
mark(`${lower + lower.toUpperCase()}0123456789_$-`, identifierBit);
mark(`${lower + lower.toUpperCase()}0123456789_$-.:/+=~#`, tokenBit);
mark("0123456789", digitBit);
mark("-./:+", separatorBit);

const wordBytesMax = 64;
/** Shorter than any credential that is recognised by its form. */
const identifierBytesMax = 19;
/** No number that identifies a person or an account has fewer digits. */
const digitsMin = 6;

/**
 * True for a name or discriminator that cannot hold a value anybody would look for: lower-case
 * words, or a short identifier with few digits.
 */
export function isPlainWord(bytes: Buffer, start: number, end: number): boolean {
  const length = end - start;
  if (length > wordBytesMax) return false;
  let common = wordBit | identifierBit;
  let digits = 0;
  for (let position = start; position < end; position += 1) {
    const kind = kinds[bytes[position] as number] as number;
    common &= kind;
    if (common === 0) return false;
    if ((kind & digitBit) !== 0) digits += 1;
  }
  return (common & wordBit) !== 0 || (length <= identifierBytesMax && digits < digitsMin);
}

/**
 * True for an id, a link inside a document, a signature or ciphertext: one token in the characters
 * of identifiers and of base64, solidus escapes included, that is not a mere number.
 */
export function isToken(bytes: Buffer, start: number, end: number): boolean {
  let hasLetter = false;
  let digits = 0;
  for (let position = start; position < end; position += 1) {
    const byte = bytes[position] as number;
    const kind = kinds[byte] as number;
    if ((kind & tokenBit) === 0) {
      if (byte !== 0x5c || bytes[position + 1] !== 0x2f) return false;
    } else if ((kind & digitBit) !== 0) {
      digits += 1;
    } else if ((kind & separatorBit) === 0) {
      hasLetter = true;
    }
  }
  return hasLetter || digits < digitsMin;
}

/** True for a JSON number whose whole part is long enough to identify somebody or something. */
export function isLongNumber(bytes: Buffer, start: number, end: number): boolean {
  const first = bytes[start] === 0x2d ? start + 1 : start;
  if (end - first < digitsMin) return false;
  for (let position = first; position < first + digitsMin; position += 1) {
    if (((kinds[bytes[position] as number] as number) & digitBit) === 0) return false;
  }
  return true;
}

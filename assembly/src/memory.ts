/**
 * Where everything lies in the memory this code shares with the engine. Lengths are in bytes.
 */

/** The most units that are laid down. */
export const unitsMax: u32 = 32_768;
/** Zeros around what is read in wider steps than it has units. */
const margin: usize = 64;

/** UTF-16 units of the text that is laid down. */
export const units: usize = margin;

/** One bit for each unit, the first the lowest of its byte; those behind the text mean nothing. */
const bitsLength: usize = (<usize>unitsMax >> 3) + margin;
/** Letters of scripts that write words apart, and the combining marks among them. */
export const letters: usize = units + ((<usize>unitsMax) << 1) + margin;
/** Capitals of ASCII. */
export const capitals: usize = letters + bitsLength;
/** Letters and digits of ASCII, the digits of them, and the letter `y`. */
export const alphanumerics: usize = capitals + bitsLength;
export const digits: usize = alphanumerics + bitsLength;
export const years: usize = digits + bitsLength;
/** Letters beyond ASCII. */
export const foreign: usize = years + bitsLength;
/** What has a role and is no letter: no space, no dash behind none, no digit behind neither space nor `#`. */
export const marks: usize = foreign + bitsLength;
/** What may be a sign of a value: digits, `-`, `@`, `_`, and `A` and `J`, which others must stand beside. */
export const signs: usize = marks + bitsLength;
/** What opens an escape, a byte of a URL or a character reference: `\`, `%` and `&`. */
export const openings: usize = signs + bitsLength;
/** Units beyond Latin-1, the soft hyphen and the middle dot. */
export const beyond: usize = openings + bitsLength;
/** Units from which on sixteen could all be of an encoded run. */
export const runs: usize = beyond + bitsLength;

/** Each unit as the letter it counts as, or its role: 16 bits. */
export const unitTable: usize = runs + bitsLength;

/** Known words: hash and entry of each slot, 32 bits each. */
export const slots: u32 = 1 << 14;
export const cells: usize = unitTable + 0x20000;
/** Bits by hash: whether a word may be known, and whether two words may end a phrase. */
export const sieveBits: u32 = 1 << 16;
export const knownSieve: usize = cells + ((<usize>slots) << 3);
export const endSieve: usize = knownSieve + (<usize>sieveBits >> 3);

/** The last words: start, end, what is known and hash of each, 32 bits each. */
export const wordsMax: u32 = 128;
export const words: usize = endSieve + (<usize>sieveBits >> 3);

/** What a call gives besides its result, 32 bits each: see `words.ts`. */
export const answer: usize = words + ((<usize>wordsMax) << 4);

/** Powers of the base of hashes for words of each length: see `hash.ts`. */
export const weights: usize = answer + margin;
/**
 * Vectors that stay the same, of 16 bytes each; `classes.ts` lays them down. What is written as a
 * constant is made anew wherever it is used, in a loop too, while a loaded one stays in its register.
 */
const constants: usize = weights + 0x200;
/** Masks: the lower half of each byte, the bit of small letters in bytes and in units, no ASCII. */
export const halfMask: usize = constants;
export const smallBits: usize = constants + 0x10;
export const smallBit: usize = constants + 0x20;
export const notAscii: usize = constants + 0x30;
/** Bytes: the first small letter, and the last as counted from there. */
export const firstLetter: usize = constants + 0x40;
export const letterSpan: usize = constants + 0x50;
/** Tables of classes by the lower and the upper half of a byte. */
export const lowMarks: usize = constants + 0x60;
export const highMarks: usize = constants + 0x70;
export const lowSigns: usize = constants + 0x80;
export const highSigns: usize = constants + 0x90;
export const lowCodings: usize = constants + 0xa0;
export const highCodings: usize = constants + 0xb0;
/** Masks: the classes in those of marks that are such, in those of codings that are openings, or runs. */
export const markMask: usize = constants + 0xc0;
export const openingMask: usize = constants + 0xd0;
export const runMask: usize = constants + 0xe0;
/** Bytes: the letter `y`. */
export const yearLetter: usize = constants + 0xf0;

export const end: usize = constants + 0x100;

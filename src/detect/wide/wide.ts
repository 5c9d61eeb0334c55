import { invariant } from "../../base/index.ts";
import { code } from "./code.ts";

// The types of neither the language nor Node.js have it.
declare const WebAssembly: {
  readonly Module: new (binary: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
};

/** A number, or the place of something. */
interface Place {
  readonly value: number;
}

/** What `assembly/src/index.ts` exports: functions, sizes, and where things lie in its memory. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly units: Place;
  readonly capitals: Place;
  readonly alphanumerics: Place;
  readonly digits: Place;
  readonly years: Place;
  readonly signs: Place;
  readonly openings: Place;
  readonly beyond: Place;
  readonly runs: Place;
  readonly unitTable: Place;
  readonly cells: Place;
  readonly knownSieve: Place;
  readonly endSieve: Place;
  readonly words: Place;
  readonly answer: Place;
  readonly end: Place;
  readonly unitsMax: Place;
  readonly slots: Place;
  readonly sieveBits: Place;
  readonly wordsMax: Place;
  layDownClasses(): void;
  layDownWeights(): void;
  classifyWords(start: number, end: number): void;
  classifyCodings(length: number): void;
  readWords(
    base: number,
    from: number,
    to: number,
    seesSpaces: number,
    count: number,
    told: number,
  ): number;
  lookUp(hash: number): number;
  runsOn(found: number, hash: number, count: number): number;
}

const module = new WebAssembly.Module(Buffer.from(code, "base64"));
const wide = new WebAssembly.Instance(module).exports as Exports;
const { buffer } = wide.memory;

invariant(wide.end.value <= buffer.byteLength, "all that is laid down has its place");

/** The most units that are laid down. */
export const unitsMax = wide.unitsMax.value;

/** UTF-16 units of the text that is laid down. */
export const units = new Uint16Array(buffer, wide.units.value, unitsMax);

// One bit for each of them, the first the lowest; those behind the text mean nothing.

/** Letters and digits of ASCII; the digits, the capitals and the letter `y` among them. */
export const alphanumericBits = bitsAt(wide.alphanumerics);
export const digitBits = bitsAt(wide.digits);
export const capitalBits = bitsAt(wide.capitals);
export const yearBits = bitsAt(wide.years);
/** Digits, `-`, `@`, `_`, and `A` and `J`, which are signs of a value beside others. */
export const signBits = bitsAt(wide.signs);
/** What opens an escape, a byte of a URL or a character reference. */
export const openingBits = bitsAt(wide.openings);
/** Units beyond Latin-1, the soft hyphen and the middle dot. */
export const beyondBits = bitsAt(wide.beyond);
/** Where sixteen units begin that could all be of an encoded run. */
export const runBits = bitsAt(wide.runs);

/** Each UTF-16 unit as its entry in `letters`, or its role if it is no letter. To be filled once. */
export const unitTable = new Uint16Array(buffer, wide.unitTable.value, 0x10000);

/** Slots of known words, each a hash and an entry with its flags. To be filled once. */
export const wordSlots = wide.slots.value;
export const cells = new Int32Array(buffer, wide.cells.value, 2 * wordSlots);
/** Bits by hash: whether a word may be known, and whether two may end a phrase. To be filled once. */
export const sieveBits = wide.sieveBits.value;
export const knownSieve = new Int32Array(buffer, wide.knownSieve.value, sieveBits / 32);
export const endSieve = new Int32Array(buffer, wide.endSieve.value, sieveBits / 32);

/** The last words of a text, in rows of start, end, what is known and hash. */
export const wordsMax = wide.wordsMax.value;
export const rowLength = 4;
export const rows = new Int32Array(buffer, wide.words.value, rowLength * wordsMax);

/**
 * What `readWords` gives besides a place: why it stopped, words so far, where the last begins that tells
 * something; and of a word that is not plain where it begins and the hash of what was read.
 */
export const answer = new Int32Array(buffer, wide.answer.value, 5);
/** Why it stopped, besides being at a mark or the end. */
export const stops = { more: 1, opens: 2 } as const;

/** Functions as `assembly/src` describes them. */
export const { classifyWords, classifyCodings, readWords, lookUp, runsOn } = wide;

wide.layDownClasses();
wide.layDownWeights();

function bitsAt({ value }: Place): Int32Array {
  return new Int32Array(buffer, value, unitsMax / 32 + 1);
}

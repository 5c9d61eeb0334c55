/**
 * What a UTF-16 unit means to the rules, as bits. 0 is a break: no value but a spaced number or a
 * PEM block reaches across it.
 */
export const lowerBit = 1;
export const upperBit = 2;
export const digitBit = 4;
export const atBit = 8;
/** Hyphen-minus and the dashes people type instead. */
export const dashBit = 16;
/** Punctuation that occurs inside values. */
export const markBit = 32;
/** Letters of other European scripts. Scripts written without spaces are breaks. */
export const foreignBit = 64;
/** How many these are. */
export const kindBits = 7;

export const letterBits = lowerBit | upperBit | foreignBit;
export const wordBits = letterBits | digitBit;
export const asciiWordBits = lowerBit | upperBit | digitBit;

const kinds = buildKinds();

/** Bits of a UTF-16 unit; 0 for a break. */
export function kindOf(code: number): number {
  return kinds[code] ?? 0;
}

/** Bits of the unit at an index; 0 for a break and outside the text. */
export function kindAt(text: string, index: number): number {
  return index >= 0 && index < text.length ? (kinds[text.charCodeAt(index)] ?? 0) : 0;
}

/** Space, no-break space and the spaces of typography, but neither tab nor line break. */
export function isSpace(code: number): boolean {
  if (code < 0x1680) return code === 0x20 || code === 0xa0;
  if (code >= 0x2000 && code <= 0x200a) return true;
  return code === 0x202f || code === 0x205f || code === 0x3000 || code === 0x1680;
}

function buildKinds(): Uint8Array {
  const table = new Uint8Array(0x10000);
  table.fill(digitBit, 0x30, 0x3a);
  table.fill(upperBit, 0x41, 0x5b);
  table.fill(lowerBit, 0x61, 0x7b);
  table.fill(foreignBit, 0xc0, 0x250);
  table[0xd7] = 0;
  table[0xf7] = 0;
  // Combining marks, Greek, Cyrillic.
  table.fill(foreignBit, 0x300, 0x530);
  table.fill(dashBit, 0x2010, 0x2016);
  table[0x2212] = dashBit;
  table[0x2d] = dashBit;
  table[0x40] = atBit;
  for (const mark of "._+/%'()~") table[mark.charCodeAt(0)] = markBit;
  return table;
}

type Range = readonly [first: number, last: number];

/**
 * Characters nobody sees: Unicode's `Default_Ignorable_Code_Point` within the basic plane, and the
 * key cap around a digit.
 */
const unseen: readonly Range[] = [
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x61c, 0x61c],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x200b, 0x200f],
  [0x202a, 0x202e],
  [0x2060, 0x206f],
  [0x20e3, 0x20e3],
  [0x3164, 0x3164],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
];

/**
 * Forms of ASCII of which compatibility normalisation makes ASCII: raised and lowered ones, letters
 * as symbols, Roman numerals, circled, small and full-width ones.
 */
const forms: readonly Range[] = [
  [0x17f, 0x17f],
  [0x2b0, 0x2e3],
  [0x1d2c, 0x1dbb],
  [0x2024, 0x2024],
  [0x2070, 0x209c],
  [0x2102, 0x2149],
  [0x2160, 0x217f],
  [0x2460, 0x2468],
  [0x24b6, 0x24ea],
  [0x2c7c, 0x2c7d],
  [0xa7f1, 0xa7f4],
  [0xfe50, 0xfe6b],
  [0xff01, 0xff5e],
];

/** The zeros of Unicode's decimal digits (`Nd`) in the basic plane, but for those of ASCII. */
const zeros = [
  0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50,
  0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0,
  0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0,
] as const;

/** What joins digits in other hands: between two of them it is a dot, a hyphen or a slash. */
const joints = {
  ".": "\u00b7\u2022\u2027\u2219\u22c5\u30fb\uff65\u06d4",
  "-": "\u058a\u05be\u1806\u2043\u2500\u30fc\u4e00\uff70",
  "/": "\u2044\u2215",
} as const;

/** First units of pairs that may stand for one character of ASCII, or for nothing. */
const leads =
  "\ud801\ud803\ud804\ud805\ud806\ud807\ud818\ud81a\ud81b\ud833\ud835\ud838\ud839\ud83a\ud83c\ud83e" +
  "\udb40";

/** What each unit of the basic plane that is not what it looks like reads as; empty if unseen. */
export const unitReadings: ReadonlyMap<string, string> = buildReadings();

/** What joins digits, and as what it does. */
export const jointReadings: ReadonlyMap<string, string> = buildJoints();

/** What a unit is to the search for disguises. */
export const disguiseKinds = { none: 0, read: 1, joint: 2, lead: 3 } as const;

/** One of `disguiseKinds` for each UTF-16 unit. */
export const disguiseKindOf: Uint8Array = buildKinds();

function buildReadings(): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  for (const unit of unitsOf(unseen)) map.set(unit, "");
  for (const unit of unitsOf(forms)) {
    const reading = unit.normalize("NFKC");
    if (/^[!-~]$/.test(reading)) map.set(unit, reading);
  }
  for (const zero of zeros) {
    for (let digit = 0; digit < 10; digit += 1) {
      map.set(String.fromCharCode(zero + digit), String(digit));
    }
  }
  return map;
}

function buildJoints(): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  for (const [reading, units] of Object.entries(joints)) {
    for (const unit of units) map.set(unit, reading);
  }
  return map;
}

function buildKinds(): Uint8Array {
  const table = new Uint8Array(0x10000);
  for (const unit of unitReadings.keys()) table[unit.charCodeAt(0)] = disguiseKinds.read;
  for (const unit of jointReadings.keys()) table[unit.charCodeAt(0)] = disguiseKinds.joint;
  for (const unit of leads.split("")) table[unit.charCodeAt(0)] = disguiseKinds.lead;
  return table;
}

function unitsOf(ranges: readonly Range[]): readonly string[] {
  const units: string[] = [];
  for (const [first, last] of ranges) {
    for (let code = first; code <= last; code += 1) units.push(String.fromCharCode(code));
  }
  return units;
}

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

/** Small and full-width forms of ASCII, of which compatibility normalisation makes ASCII. */
const wide: readonly Range[] = [
  [0xfe50, 0xfe6b],
  [0xff01, 0xff5e],
];

/** The zeros of other scripts in which people type numbers: Arabic, Persian, Devanagari. */
const zeros = [0x660, 0x6f0, 0x966] as const;

/** What each unit of the basic plane that is not what it looks like reads as; empty if unseen. */
export const unitReadings: ReadonlyMap<string, string> = buildReadings();

function buildReadings(): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  for (const unit of unitsOf(unseen)) map.set(unit, "");
  for (const unit of unitsOf(wide)) map.set(unit, unit.normalize("NFKC"));
  for (const zero of zeros) {
    for (let digit = 0; digit < 10; digit += 1) {
      map.set(String.fromCharCode(zero + digit), String(digit));
    }
  }
  return map;
}

function unitsOf(ranges: readonly Range[]): readonly string[] {
  const units: string[] = [];
  for (const [first, last] of ranges) {
    for (let code = first; code <= last; code += 1) units.push(String.fromCharCode(code));
  }
  return units;
}

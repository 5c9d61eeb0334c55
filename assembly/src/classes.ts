import {
  alphanumerics,
  beyond,
  capitals,
  digits,
  firstLetter,
  foreign,
  halfMask,
  highCodings,
  highMarks,
  highSigns,
  letterSpan,
  letters,
  lowCodings,
  lowMarks,
  lowSigns,
  markMask,
  marks,
  notAscii,
  openingMask,
  openings,
  runMask,
  runs,
  signs,
  smallBit,
  smallBits,
  units,
  unitTable,
  yearLetter,
  years,
} from "./memory";

/** Entries of `unitTable` that are no less are letters; of the others those no less than this are marks. */
export const letterMin: u32 = 32;
export const markRoleMin: u32 = 2;

/** Units of a block: as many as a number has bits. */
const blockUnits: usize = 64;
const blockBytes: usize = blockUnits << 1;
/** Units that are looked at together, and the bytes of half of them. */
const step: u32 = 16;
const halfBytes: usize = 16;
/**
 * Lays down what classes are told by. A unit of ASCII belongs to one if the bits of its two halves in a
 * pair of tables meet; any other is narrowed to one that has no bits.
 */
export function layDownClasses(): void {
  v128.store(halfMask, i8x16.splat(0x0f));
  v128.store(smallBits, i8x16.splat(0x20));
  v128.store(smallBit, i16x8.splat(0x20));
  v128.store(firstLetter, i8x16.splat(0x61));
  v128.store(letterSpan, i8x16.splat(25));
  v128.store(yearLetter, i8x16.splat(0x79));
  v128.store(notAscii, i16x8.splat(<i16>0xff80));
  v128.store(lowMarks, i8x16(96, 0, 2, 64, 0, 0, 2, 2, 2, 3, 5, 12, 22, 13, 4, 4));
  v128.store(highMarks, i8x16(1, 0, 66, 4, 0, 8, 32, 24, 0, 0, 0, 0, 0, 0, 0, 0));
  v128.store(lowSigns, i8x16(5, 12, 4, 4, 4, 4, 4, 4, 4, 4, 8, 0, 0, 16, 0, 2));
  v128.store(highSigns, i8x16(0, 0, 16, 4, 9, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
  v128.store(lowCodings, i8x16(72, 76, 76, 76, 76, 77, 77, 76, 76, 76, 68, 20, 6, 20, 4, 52));
  v128.store(highCodings, i8x16(0, 0, 17, 8, 4, 98, 4, 64, 0, 0, 0, 0, 0, 0, 0, 0));
  v128.store(markMask, i8x16.splat(63));
  v128.store(openingMask, i8x16.splat(3));
  v128.store(runMask, i8x16.splat(124));
}

/**
 * Sets the bits of letters, capitals, foreign letters, marks and signs from the unit at `start`, the first
 * of a block, to `end`.
 */
export function classifyWords(start: u32, end: u32): void {
  const half = v128.load(halfMask);
  const small = v128.load(smallBits);
  const first = v128.load(firstLetter);
  const span = v128.load(letterSpan);
  const foreignBits = v128.load(notAscii);
  const markLows = v128.load(lowMarks);
  const markHighs = v128.load(highMarks);
  const signLows = v128.load(lowSigns);
  const signHighs = v128.load(highSigns);
  const anyMark = v128.load(markMask);
  const year = v128.load(yearLetter);
  const zero = i8x16.splat(0);
  const last = units + ((<usize>end) << 1);
  let at = <usize>start >> 3;
  // What stands before the block; at the beginning of all, as if nothing were idle.
  const before: u32 = start === 0 ? 0 : <u32>load<u16>(units + ((<usize>start) << 1) - 2);
  let behindGap = <u64>(start === 0 || before === 0x20 || before === 0x23);
  let behindDash = <u64>(start === 0 || before === 0x2d);
  for (let from = units + ((<usize>start) << 1); from < last; from += blockBytes) {
    let isLetter: u64 = 0;
    let isSmall: u64 = 0;
    let isNoMark: u64 = 0;
    let isNoSign: u64 = 0;
    let isGap: u64 = 0;
    let isDigit: u64 = 0;
    let isDash: u64 = 0;
    let isYear: u64 = 0;
    let all = zero;
    for (let part: u32 = 0; part < 64; part += step) {
      const one = v128.load(from + ((<usize>part) << 1));
      const other = v128.load(from + ((<usize>part) << 1), halfBytes);
      all = v128.or(all, v128.or(one, other));
      const codes = i8x16.narrow_i16x8_u(one, other);
      const low = v128.and(codes, half);
      const high = v128.and(i16x8.shr_u(codes, 4), half);
      const letter = i8x16.le_u(i8x16.sub(v128.or(codes, small), first), span);
      const mark = v128.and(i8x16.swizzle(markLows, low), i8x16.swizzle(markHighs, high));
      const sign = v128.and(i8x16.swizzle(signLows, low), i8x16.swizzle(signHighs, high));
      isLetter |= (<u64>i8x16.bitmask(letter)) << part;
      isNoMark |= (<u64>i8x16.bitmask(i8x16.eq(v128.and(mark, anyMark), zero))) << part;
      isNoSign |= (<u64>i8x16.bitmask(i8x16.eq(sign, zero))) << part;
      isYear |= (<u64>i8x16.bitmask(i8x16.eq(codes, year))) << part;
      // Single bits of what small letters, gaps, digits and dashes have, moved to where they are taken from.
      isSmall |= (<u64>i8x16.bitmask(i16x8.shl(codes, 2))) << part;
      isGap |= (<u64>i8x16.bitmask(i16x8.shl(mark, 1))) << part;
      isDigit |= (<u64>i8x16.bitmask(i16x8.shl(sign, 5))) << part;
      isDash |= (<u64>i8x16.bitmask(i16x8.shl(sign, 3))) << part;
    }
    store<u64>(letters + at, isLetter);
    store<u64>(capitals + at, isLetter & ~isSmall);
    store<u64>(alphanumerics + at, isLetter | isDigit);
    store<u64>(digits + at, isDigit);
    store<u64>(years + at, isYear);
    store<u64>(foreign + at, 0);
    // A dash behind no other, and a digit behind neither space nor number sign, begin nothing.
    const isBusy = (isDigit & ((isGap << 1) | behindGap)) | (isDash & ((isDash << 1) | behindDash));
    store<u64>(marks + at, ~isNoMark | isBusy);
    behindGap = isGap >>> 63;
    behindDash = isDash >>> 63;
    store<u64>(signs + at, ~isNoSign);
    if (v128.any_true(v128.and(all, foreignBits))) classifyForeign(from, at);
    at += blockUnits >> 3;
  }
}

// What stands in a block that is not ASCII.
function classifyForeign(from: usize, at: usize): void {
  let isForeign: u64 = 0;
  let isMark: u64 = 0;
  let rest = greaterThan(from, 0x7f);
  while (rest !== 0) {
    const bit = rest & (0 - rest);
    const code = <usize>load<u16>(from + ((<usize>ctz(rest)) << 1));
    const entry = <u32>load<u16>(unitTable + (code << 1));
    if (entry >= letterMin) isForeign |= bit;
    else if (entry >= markRoleMin) isMark |= bit;
    rest ^= bit;
  }
  store<u64>(letters + at, load<u64>(letters + at) | isForeign);
  store<u64>(foreign + at, isForeign);
  store<u64>(marks + at, load<u64>(marks + at) | isMark);
}

/** Sets the bits of openings, of what is beyond Latin-1 and of runs for the first `length` units. */
export function classifyCodings(length: u32): void {
  const half = v128.load(halfMask);
  const foreignBits = v128.load(notAscii);
  const lows = v128.load(lowCodings);
  const highs = v128.load(highCodings);
  const isOpening = v128.load(openingMask);
  const isRun = v128.load(runMask);
  const zero = i8x16.splat(0);
  const end = units + ((<usize>length) << 1);
  let at: usize = 0;
  for (let from = units; from < end; from += blockBytes) {
    let isNoOpening: u64 = 0;
    let isNoRun: u64 = 0;
    let all = zero;
    for (let part: u32 = 0; part < 64; part += step) {
      const one = v128.load(from + ((<usize>part) << 1));
      const other = v128.load(from + ((<usize>part) << 1), halfBytes);
      all = v128.or(all, v128.or(one, other));
      const codes = i8x16.narrow_i16x8_u(one, other);
      const low = v128.and(codes, half);
      const high = v128.and(i16x8.shr_u(codes, 4), half);
      const both = v128.and(i8x16.swizzle(lows, low), i8x16.swizzle(highs, high));
      isNoOpening |= (<u64>i8x16.bitmask(i8x16.eq(v128.and(both, isOpening), zero))) << part;
      isNoRun |= (<u64>i8x16.bitmask(i8x16.eq(v128.and(both, isRun), zero))) << part;
    }
    let isBeyond: u64 = 0;
    if (v128.any_true(v128.and(all, foreignBits))) {
      isBeyond = greaterThan(from, 0xff) | equalTo(from, 0xad) | equalTo(from, 0xb7);
    }
    store<u64>(openings + at, ~isNoOpening);
    store<u64>(beyond + at, isBeyond);
    store<u64>(runs + at, ~isNoRun);
    at += blockUnits >> 3;
  }
  joinRuns(length, at);
}

// Keeps of the bits of runs those behind which fifteen more are set.
function joinRuns(length: u32, end: usize): void {
  let next: u64 = 0;
  let next2: u64 = 0;
  let next4: u64 = 0;
  let next8: u64 = 0;
  // Nothing behind the text goes on with it.
  const last = <u64>(length & 63);
  let within: u64 = last === 0 ? -1 : ((<u64>1) << last) - 1;
  for (let at = end; at > 0; ) {
    at -= blockUnits >> 3;
    const own = load<u64>(runs + at) & within;
    within = -1;
    const of2 = own & ((own >> 1) | (next << 63));
    const of4 = of2 & ((of2 >> 2) | (next2 << 62));
    const of8 = of4 & ((of4 >> 4) | (next4 << 60));
    store<u64>(runs + at, of8 & ((of8 >> 8) | (next8 << 56)));
    next = own;
    next2 = of2;
    next4 = of4;
    next8 = of8;
  }
}

// The bits of units in a block that are greater.
function greaterThan(from: usize, most: i16): u64 {
  let bits: u64 = 0;
  for (let part: u32 = 0; part < 64; part += step) {
    const first = v128.load(from + ((<usize>part) << 1));
    const second = v128.load(from + ((<usize>part) << 1), halfBytes);
    const greater = i8x16.narrow_i16x8_s(
      i16x8.gt_u(first, i16x8.splat(most)),
      i16x8.gt_u(second, i16x8.splat(most)),
    );
    bits |= (<u64>i8x16.bitmask(greater)) << part;
  }
  return bits;
}

function equalTo(from: usize, code: i16): u64 {
  let bits: u64 = 0;
  for (let part: u32 = 0; part < 64; part += step) {
    const first = v128.load(from + ((<usize>part) << 1));
    const second = v128.load(from + ((<usize>part) << 1), halfBytes);
    const equal = i8x16.narrow_i16x8_s(
      i16x8.eq(first, i16x8.splat(code)),
      i16x8.eq(second, i16x8.splat(code)),
    );
    bits |= (<u64>i8x16.bitmask(equal)) << part;
  }
  return bits;
}

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

/** Units that are looked at together; in bytes, the bits of a class and half of the units. */
const step: u32 = 16;
const bitBytes: usize = 2;
const halfBytes: usize = 16;
/** Units of a block: as many as a number has bits. */
const blockUnits: u32 = 64;
const blockBytes: usize = 8;

/** Bits in the tables of marks and signs that are asked for one by one. */
const gap: u32 = 1 << 6;
const digit: u32 = 1 << 2;
const dash: u32 = 1 << 4;

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
  // Tab and line breaks; " & ' ( ) and the comma; : ; < = > ?; [ ] { }; the bar; the backtick.
  addClass(lowMarks, highMarks, 1, 0x0, 0x2600);
  addClass(lowMarks, highMarks, 2, 0x2, 0x13c4);
  addClass(lowMarks, highMarks, 4, 0x3, 0xfc00);
  addClass(lowMarks, highMarks, 8, 0x5, 0x2800);
  addClass(lowMarks, highMarks, 8, 0x7, 0x2800);
  addClass(lowMarks, highMarks, 16, 0x7, 0x1000);
  addClass(lowMarks, highMarks, 32, 0x6, 0x0001);
  v128.store(markMask, i8x16.splat(63));
  // Space and number sign, which are no marks.
  addClass(lowMarks, highMarks, gap, 0x2, 0x0009);
  // The at sign; the underscore; digits; A and J; the hyphen.
  addClass(lowSigns, highSigns, 1, 0x4, 0x0001);
  addClass(lowSigns, highSigns, 2, 0x5, 0x8000);
  addClass(lowSigns, highSigns, digit, 0x3, 0x03ff);
  addClass(lowSigns, highSigns, 8, 0x4, 0x0402);
  addClass(lowSigns, highSigns, dash, 0x2, 0x2000);
  // % and &; the backslash.
  addClass(lowCodings, highCodings, 1, 0x2, 0x0060);
  addClass(lowCodings, highCodings, 2, 0x5, 0x1000);
  v128.store(openingMask, i8x16.splat(3));
  // Letters up to o and from p on; digits; + - /; the underscore.
  addClass(lowCodings, highCodings, 4, 0x4, 0xfffe);
  addClass(lowCodings, highCodings, 4, 0x6, 0xfffe);
  addClass(lowCodings, highCodings, 8, 0x5, 0x07ff);
  addClass(lowCodings, highCodings, 8, 0x7, 0x07ff);
  addClass(lowCodings, highCodings, 16, 0x3, 0x03ff);
  addClass(lowCodings, highCodings, 32, 0x2, 0xa800);
  addClass(lowCodings, highCodings, 64, 0x5, 0x8000);
  v128.store(runMask, i8x16.splat(124));
}

// Gives a bit to units with this upper half and one of these lower halves, each a bit.
function addClass(lows: usize, highs: usize, bit: u32, upper: usize, lowers: u32): void {
  store<u8>(highs + upper, load<u8>(highs + upper) | bit);
  for (let low: usize = 0; low < 16; low++) {
    if (((lowers >>> <u32>low) & 1) !== 0) store<u8>(lows + low, load<u8>(lows + low) | bit);
  }
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
  const other = v128.load(notAscii);
  const markLows = v128.load(lowMarks);
  const markHighs = v128.load(highMarks);
  const signLows = v128.load(lowSigns);
  const signHighs = v128.load(highSigns);
  const anyMark = v128.load(markMask);
  const year = v128.load(yearLetter);
  const zero = i8x16.splat(0);
  // What stands before; at the beginning of all, as if nothing were idle.
  const before: u32 = start === 0 ? 0 : <u32>load<u16>(units + ((<usize>start) << 1) - 2);
  let behindGap = <u32>(start === 0 || before === 0x20 || before === 0x23);
  let behindDash = <u32>(start === 0 || before === 0x2d);
  let at = <usize>start >> 3;
  for (let unit = start; unit < end; unit += step) {
    const one = v128.load(units + ((<usize>unit) << 1));
    const two = v128.load(units + ((<usize>unit) << 1), halfBytes);
    const codes = i8x16.narrow_i16x8_u(one, two);
    const low = v128.and(codes, half);
    const high = v128.and(i16x8.shr_u(codes, 4), half);
    const mark = v128.and(i8x16.swizzle(markLows, low), i8x16.swizzle(markHighs, high));
    const sign = v128.and(i8x16.swizzle(signLows, low), i8x16.swizzle(signHighs, high));
    const isLetter = bitsOf(i8x16.le_u(i8x16.sub(v128.or(codes, small), first), span));
    const isNoMark = bitsOf(i8x16.eq(v128.and(mark, anyMark), zero));
    const isNoSign = bitsOf(i8x16.eq(sign, zero));
    const isYear = bitsOf(i8x16.eq(codes, year));
    // Single bits that small letters, gaps, digits and dashes have, moved to where they are taken from.
    const isSmall = bitsOf(i16x8.shl(codes, 2));
    const isGap = bitsOf(i16x8.shl(mark, clz(gap) - 24));
    const isDigit = bitsOf(i16x8.shl(sign, clz(digit) - 24));
    const isDash = bitsOf(i16x8.shl(sign, clz(dash) - 24));
    // A dash behind no other, and a digit behind neither space nor number sign, begin nothing.
    const isBusy = (isDigit & ((isGap << 1) | behindGap)) | (isDash & ((isDash << 1) | behindDash));
    behindGap = isGap >>> (step - 1);
    behindDash = isDash >>> (step - 1);
    store<u16>(letters + at, isLetter);
    store<u16>(capitals + at, isLetter & ~isSmall);
    store<u16>(alphanumerics + at, isLetter | isDigit);
    store<u16>(digits + at, isDigit);
    store<u16>(years + at, isYear);
    store<u16>(foreign + at, 0);
    store<u16>(marks + at, ~isNoMark | isBusy);
    store<u16>(signs + at, ~isNoSign);
    if (v128.any_true(v128.and(v128.or(one, two), other))) classifyForeign(unit, at);
    at += bitBytes;
  }
}

// What stands among a step's units that is not ASCII.
function classifyForeign(unit: u32, at: usize): void {
  let isForeign: u32 = 0;
  let isMark: u32 = 0;
  for (let place: u32 = 0; place < step; place++) {
    const code = <usize>load<u16>(units + ((<usize>(unit + place)) << 1));
    if (code < 0x80) continue;
    const entry = <u32>load<u16>(unitTable + (code << 1));
    if (entry >= letterMin) isForeign |= 1 << place;
    else if (entry >= markRoleMin) isMark |= 1 << place;
  }
  store<u16>(letters + at, <u32>load<u16>(letters + at) | isForeign);
  store<u16>(foreign + at, isForeign);
  store<u16>(marks + at, <u32>load<u16>(marks + at) | isMark);
}

/** Sets the bits of openings, of what is beyond Latin-1 and of runs for the first `length` units. */
export function classifyCodings(length: u32): void {
  const half = v128.load(halfMask);
  const other = v128.load(notAscii);
  const lows = v128.load(lowCodings);
  const highs = v128.load(highCodings);
  const anyOpening = v128.load(openingMask);
  const anyRun = v128.load(runMask);
  const zero = i8x16.splat(0);
  let at: usize = 0;
  for (let unit: u32 = 0; unit < length; unit += step) {
    const one = v128.load(units + ((<usize>unit) << 1));
    const two = v128.load(units + ((<usize>unit) << 1), halfBytes);
    const codes = i8x16.narrow_i16x8_u(one, two);
    const low = v128.and(codes, half);
    const high = v128.and(i16x8.shr_u(codes, 4), half);
    const both = v128.and(i8x16.swizzle(lows, low), i8x16.swizzle(highs, high));
    const isNoOpening = bitsOf(i8x16.eq(v128.and(both, anyOpening), zero));
    const isNoRun = bitsOf(i8x16.eq(v128.and(both, anyRun), zero));
    const hasOther = v128.any_true(v128.and(v128.or(one, two), other));
    store<u16>(openings + at, ~isNoOpening);
    store<u16>(runs + at, ~isNoRun);
    store<u16>(beyond + at, hasOther ? beyondLatin(one, two) : 0);
    at += bitBytes;
  }
  joinRuns(length);
}

// Units beyond Latin-1, soft hyphens and middle dots among those of two vectors.
function beyondLatin(one: v128, two: v128): u32 {
  return bitsOf(i8x16.narrow_i16x8_s(isBeyondLatin(one), isBeyondLatin(two)));
}

function isBeyondLatin(codes: v128): v128 {
  const isDisguise = v128.or(
    i16x8.eq(codes, i16x8.splat(0xad)),
    i16x8.eq(codes, i16x8.splat(0xb7)),
  );
  return v128.or(isDisguise, i16x8.gt_u(codes, i16x8.splat(0xff)));
}

// @inline
function bitsOf(bytes: v128): u32 {
  return <u32>i8x16.bitmask(bytes);
}

// Keeps of the bits of runs those behind which fifteen more are set.
function joinRuns(length: u32): void {
  let next: u64 = 0;
  let next2: u64 = 0;
  let next4: u64 = 0;
  let next8: u64 = 0;
  // Nothing behind the text goes on with it.
  const last = <u64>(length & (blockUnits - 1));
  let within: u64 = last === 0 ? -1 : ((<u64>1) << last) - 1;
  const blocks = (length + blockUnits - 1) / blockUnits;
  for (let at = <usize>blocks * blockBytes; at > 0; ) {
    at -= blockBytes;
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

import { invariant, recordListMax } from "../base/index.ts";
import type { Cuts } from "./cuts.ts";

/** UTF-8 bytes kept of one string (audit-and-operations 2.1). */
const textBytesMax = 256;
/** UTF-16 code units that never take more than `textBytesMax`: three bytes each at most. */
const textUnitsSafe = Math.floor(textBytesMax / 3);
/**
 * A string in its one canonical form (RFC 8785 section 3.2.2.2). `JSON.stringify` escapes exactly
 * what the form escapes once lone surrogates are gone; most strings need no look that close.
 */
export function encodeText(value: string): string {
  return isPlain(value) ? `"${value}"` : JSON.stringify(value.toWellFormed());
}

/** Anything but a quote, a backslash, a control or a surrogate stands as it is. */
const special = /[^ !#-[\]-\ud7ff\ue000-\uffff]/;

function isPlain(value: string): boolean {
  return !special.test(value);
}

/** A string that traffic may have had a say in: cut at 256 bytes, between characters. */
export function encodeName(value: string, field: string, cuts: Cuts): string {
  if (value.length <= textUnitsSafe) return encodeText(value);
  return encodeText(shorten(value, field, cuts));
}

function shorten(value: string, field: string, cuts: Cuts): string {
  // Length first: a hostile name may be megabytes, and code units never outnumber bytes.
  if (value.length <= textBytesMax && Buffer.byteLength(value) <= textBytesMax) return value;
  cuts.add(field);
  let units = 0;
  let bytes = 0;
  for (const character of value) {
    bytes += Buffer.byteLength(character);
    if (bytes > textBytesMax) break;
    units += character.length;
  }
  return value.slice(0, units);
}

/** An integer; a fraction is dropped, and what is no safe integer then is a bug of ours. */
export function encodeInteger(value: number): string {
  const whole = Math.trunc(value);
  invariant(Number.isSafeInteger(whole), "a number of a record is a safe integer");
  return String(whole);
}

/**
 * Whether a key from outside can stand in a record. One that is not well-formed could be read as
 * another key after U+FFFD took the place of its surrogates.
 */
export function isRecordableKey(key: string): boolean {
  if (key.length <= textUnitsSafe) return isPlain(key) || key.isWellFormed();
  return key.length <= textBytesMax && key.isWellFormed() && Buffer.byteLength(key) <= textBytesMax;
}

/** `{…}` around members that each end with a comma; nothing around nothing. */
export function encodeObject(members: string): string {
  return members === "" ? "" : `{${members.slice(0, -1)}}`;
}

/*
 * Members come with a comma at their end, or as nothing where there is no value. Each is asked for
 * by what stands before its value (`"key":`): joined ahead of time, that costs nothing here.
 */

export function member(prefix: string, encoded: string): string {
  return encoded === "" ? "" : `${prefix + encoded},`;
}

/** A word of ours, in no need of escaping; `prefix` has its opening quote. */
export function wordMember(prefix: string, word: string | undefined): string {
  return word === undefined ? "" : `${prefix + word}",`;
}

export function trueMember(prefix: string, value: true | undefined): string {
  return value === undefined ? "" : `${prefix}true,`;
}

export function integerMember(prefix: string, value: number | undefined): string {
  return value === undefined ? "" : `${prefix + encodeInteger(value)},`;
}

/** A name; `prefix` has its opening quote, `field` is what `truncated` calls it when cut. */
export function nameMember(
  prefix: string,
  value: string | null | undefined,
  field: string,
  cuts: Cuts,
): string {
  if (value === undefined || value === null) return "";
  if (value.length <= textUnitsSafe && isPlain(value)) return `${prefix + value}",`;
  return `${prefix.slice(0, -1) + encodeName(value, field, cuts)},`;
}

/** A list of names, at most 64 of them; nothing for an empty one. */
export function encodeNames(
  values: readonly string[] | undefined,
  field: string,
  cuts: Cuts,
): string {
  return encodeList(values, field, cuts, encodeName);
}

/** A list cut from the end to 64 entries; nothing for an empty one. */
export function encodeList<T>(
  values: readonly T[] | undefined,
  field: string,
  cuts: Cuts,
  encode: (value: T, field: string, cuts: Cuts) => string,
): string {
  if (values === undefined || values.length === 0) return "";
  if (values.length > recordListMax) cuts.add(field);
  let items = "";
  let count = 0;
  for (const value of values) {
    if (count === recordListMax) break;
    items += (count === 0 ? "[" : ",") + encode(value, field, cuts);
    count += 1;
  }
  return `${items}]`;
}

/** Keys in canonical order, by UTF-16 code units. */
export function sortedKeys(object: object): readonly string[] {
  const keys = Object.keys(object);
  // By insertion: the few keys of a record cost a fifth of what sort() takes to start.
  if (keys.length > 2 * recordListMax) return keys.sort();
  for (let index = 1; index < keys.length; index += 1) {
    const key = keys[index] ?? "";
    let place = index;
    while (place > 0 && (keys[place - 1] ?? "") > key) {
      keys[place] = keys[place - 1] ?? "";
      place -= 1;
    }
    keys[place] = key;
  }
  return keys;
}

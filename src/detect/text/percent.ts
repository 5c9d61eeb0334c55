import type { OpenSign, Sign } from "./text-layer.ts";

/** Units of one byte, `%40`, and of one UTF-16 unit, `%u0040`. */
const byteUnits = 3;
const wideUnits = 6;
const wideLetter = 0x75;

/** Lead bytes of UTF-8 sequences, and the bits of the code point in them. */
const leads = [
  { first: 0xc2, last: 0xdf, bytes: 2, mask: 0x1f, least: 0x80 },
  { first: 0xe0, last: 0xef, bytes: 3, mask: 0x0f, least: 0x800 },
  { first: 0xf0, last: 0xf4, bytes: 4, mask: 0x07, least: 0x10000 },
] as const;

/** A percent sign written as a byte, in as many layers as are taken for one. */
const percentByte = "25";
const layersMax = 32;

/** The text ends before it can be told. */
const unknown = -2;
const none = -1;

/**
 * The character that is written as bytes of UTF-8 from the percent sign at `start` on (RFC 3986,
 * section 2.1), or as `%uXXXX`, which old browsers write; nothing if that is none. A plus sign is no
 * space: outside of forms it stands for itself.
 */
export function percentAt(text: string, start: number): Sign | OpenSign | undefined {
  const lead = byteAt(text, start);
  if (lead === none) return wideAt(text, start);
  if (lead === unknown) return { waitsAt: start };
  if (lead < 0x80) return { start, end: start + byteUnits, reading: String.fromCharCode(lead) };
  const form = leads.find(({ first, last }) => lead >= first && lead <= last);
  if (form === undefined) return undefined;
  let code = lead & form.mask;
  for (let count = 1; count < form.bytes; count += 1) {
    const next = byteAt(text, start + count * byteUnits);
    if (next === unknown) return { waitsAt: start };
    if (next === none || (next & 0xc0) !== 0x80) return undefined;
    code = (code << 6) | (next & 0x3f);
  }
  const isSurrogate = code >= 0xd800 && code <= 0xdfff;
  if (code < form.least || code > 0x10ffff || isSurrogate) return undefined;
  const end = start + form.bytes * byteUnits;
  return { start, end, reading: String.fromCodePoint(code) };
}

/**
 * The character of ASCII that is written in any number of layers from the percent sign at `start` on,
 * `%252540`, as the innermost layer takes them; nothing if there are no layers, or too many.
 */
export function layeredPercentAt(text: string, start: number): Sign | OpenSign | undefined {
  let at = start;
  const atMax = start + layersMax * percentByte.length;
  while (at < atMax && text.startsWith(percentByte, at + 1)) at += percentByte.length;
  if (at === start || at >= atMax) return undefined;
  if (at + byteUnits > text.length) return { waitsAt: start };
  const high = hexDigit(text.charCodeAt(at + 1));
  const low = hexDigit(text.charCodeAt(at + 2));
  if (high < 0 || high > 7 || low < 0) return undefined;
  return { start, end: at + byteUnits, reading: String.fromCharCode(high * 16 + low) };
}

function byteAt(text: string, at: number): number {
  if (at < text.length && text.charCodeAt(at) !== 0x25) return none;
  if (at + 1 >= text.length) return unknown;
  const high = hexDigit(text.charCodeAt(at + 1));
  if (high < 0) return none;
  if (at + 2 >= text.length) return unknown;
  const low = hexDigit(text.charCodeAt(at + 2));
  return low < 0 ? none : high * 16 + low;
}

function wideAt(text: string, start: number): Sign | OpenSign | undefined {
  if (text.charCodeAt(start + 1) !== wideLetter) return undefined;
  let code = 0;
  for (let at = start + 2; at < start + wideUnits; at += 1) {
    if (at >= text.length) return { waitsAt: start };
    const digit = hexDigit(text.charCodeAt(at));
    if (digit < 0) return undefined;
    code = code * 16 + digit;
  }
  return { start, end: start + wideUnits, reading: String.fromCharCode(code) };
}

/** The value of a hexadecimal digit in either case, or -1. */
export function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const small = code | 0x20;
  return small >= 0x61 && small <= 0x66 ? small - 0x57 : -1;
}

import { isAscii } from "node:buffer";
import { Fault } from "../base/index.ts";

/** How the characters of a body are written. */
type Scheme = "utf-8" | "utf-16le" | "utf-16be" | "utf-32le" | "utf-32be";

/** What a `charset` parameter may announce, with the schemes its bytes may then be in. */
const announced: ReadonlyMap<string, readonly Scheme[]> = new Map([
  ["utf-8", ["utf-8"]],
  ["utf8", ["utf-8"]],
  ["us-ascii", ["utf-8"]],
  ["ascii", ["utf-8"]],
  ["utf-16", ["utf-16le", "utf-16be"]],
  ["utf-16le", ["utf-16le"]],
  ["utf-16be", ["utf-16be"]],
  ["utf-32", ["utf-32le", "utf-32be"]],
  ["utf-32le", ["utf-32le"]],
  ["utf-32be", ["utf-32be"]],
]);

/** Charsets that agree with UTF-8 as long as a body is ASCII, and with nothing beyond it. */
const asciiSupersets: ReadonlySet<string> = new Set([
  "iso-8859-1",
  "iso-8859-15",
  "latin1",
  "windows-1252",
]);

/**
 * The same JSON text in UTF-8; the very same buffer where it is that already. UTF-16 and UTF-32 are
 * told by their byte order mark, else by where the zeros of the first characters are, which are
 * ASCII in JSON (RFC 4627 section 3). `charset` is the parameter of the content type in lower case;
 * one that the bytes do not bear out is a fault, since readers that believe it see another text.
 * @throws Fault encoding_unsupported, text_invalid
 */
export function decodeCharset(body: Buffer, charset: string | undefined): Buffer {
  const scheme = schemeOf(body);
  if (charset !== undefined) checkAnnounced(body, charset, scheme);
  switch (scheme) {
    case "utf-8":
      return body;
    case "utf-16le":
    case "utf-16be":
      return fromUtf16(body, scheme);
    case "utf-32le":
    case "utf-32be":
      return fromUtf32(body, scheme);
  }
}

function checkAnnounced(body: Buffer, charset: string, scheme: Scheme): void {
  if (announced.get(charset)?.includes(scheme) === true) return;
  if (scheme === "utf-8" && asciiSupersets.has(charset) && isAscii(body)) return;
  throw new Fault("encoding_unsupported", "expected text in the charset it is announced in");
}

function schemeOf(body: Buffer): Scheme {
  const [first = 0x7b, second = 0x22, third = 1, fourth = 1] = body;
  if (first !== 0 && second !== 0 && first < 0xfe) return "utf-8";
  if (first === 0xff && second === 0xfe) {
    return third === 0 && fourth === 0 && body.length >= 4 ? "utf-32le" : "utf-16le";
  }
  if (first === 0xfe && second === 0xff) return "utf-16be";
  if (first === 0) return second === 0 ? "utf-32be" : "utf-16be";
  if (second === 0) return third === 0 ? "utf-32le" : "utf-16le";
  return "utf-8";
}

/** The decoder takes a byte order mark off. */
function fromUtf16(body: Buffer, scheme: "utf-16le" | "utf-16be"): Buffer {
  try {
    return Buffer.from(new TextDecoder(scheme, { fatal: true }).decode(body));
  } catch (cause) {
    throw new Fault("text_invalid", `expected ${scheme}, found something else`, { cause });
  }
}

function fromUtf32(body: Buffer, scheme: "utf-32le" | "utf-32be"): Buffer {
  const invalid = () => new Fault("text_invalid", `expected ${scheme}, found something else`);
  if (body.length % 4 !== 0) throw invalid();
  // No character takes more bytes in UTF-8 than the four it has here.
  const plain = Buffer.alloc(body.length);
  let length = 0;
  for (let position = 0; position < body.length; position += 4) {
    const point = scheme === "utf-32le" ? body.readUInt32LE(position) : body.readUInt32BE(position);
    if (position === 0 && point === 0xfeff) continue;
    if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) throw invalid();
    length += plain.write(String.fromCodePoint(point), length);
  }
  return plain.subarray(0, length);
}

/** How a text is written in bytes, which decides how it is read and edited. */
export const textStyles = {
  /** Inside a JSON string: ASCII without escapes, one byte per unit. */
  ascii: 0,
  /** Inside a JSON string: UTF-8 without escapes. */
  utf8: 1,
  /** Inside a JSON string: UTF-8 with escapes. */
  escaped: 2,
  /** UTF-8 outside JSON. */
  plain: 3,
  /** UTF-8 outside JSON that must stay on its line. */
  line: 4,
  /** A JSON number; once edited it is a string. */
  number: 5,
  /** Spread over a JSON value that repeats it; once edited that value is `null`. */
  mirror: 6,
} as const;
export type TextStyle = (typeof textStyles)[keyof typeof textStyles];

/** The text between the quotes of a JSON string that was found valid before. */
export function decodeJsonString(
  bytes: Buffer,
  start: number,
  end: number,
  style: TextStyle,
): string {
  if (style === textStyles.ascii) return bytes.toString("latin1", start, end);
  if (style !== textStyles.escaped) return bytes.toString("utf8", start, end);
  return JSON.parse(bytes.toString("utf8", start - 1, end + 1)) as string;
}

/** A replacement as bytes that fit into a text of this style. */
export function encodeReplacement(replacement: string, style: TextStyle): Buffer {
  if (style === textStyles.plain) return Buffer.from(replacement);
  if (style === textStyles.line) return Buffer.from(replacement.replaceAll(/[\r\n]+/g, " "));
  return Buffer.from(JSON.stringify(replacement).slice(1, -1));
}

/**
 * Goes forward through a text and tells where in its bytes a UTF-16 offset falls. Offsets must not
 * decrease, so that any number of edits of one text costs one pass over it.
 */
export class ByteCursor {
  readonly #bytes: Buffer;
  readonly #style: TextStyle;
  /** A character boundary, as an offset in bytes and in units of the text. */
  #position: number;
  #units = 0;

  /** `start` is the first byte of the text. */
  constructor(bytes: Buffer, start: number, style: TextStyle) {
    this.#bytes = bytes;
    this.#style = style;
    this.#position = start;
  }

  /** Byte at which `units` falls; inside a four-byte character the one before or after it. */
  moveTo(units: number, rounding: "down" | "up"): number {
    if (this.#style === textStyles.ascii) return this.#position + units;
    while (this.#units < units) {
      const length = this.#lengthHere();
      const isPair = length === 4;
      if (isPair && rounding === "down" && this.#units + 1 === units) break;
      this.#position += length;
      this.#units += isPair ? 2 : 1;
    }
    return this.#position;
  }

  /** Bytes of the escape or the UTF-8 sequence here; only the latter can be four. */
  #lengthHere(): number {
    const byte = this.#bytes[this.#position] as number;
    if (byte >= 0x80) return byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    if (this.#style !== textStyles.escaped || byte !== 0x5c) return 1;
    return this.#bytes[this.#position + 1] === 0x75 ? 6 : 2;
  }
}

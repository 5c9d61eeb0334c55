import type { StreamPiece } from "./format.ts";
import type { ByteRange } from "./sse.ts";
import type { SoleText } from "./text-index.ts";
import { textStyles } from "./text-style.ts";

const plainBytes = new Uint8Array(256);
plainBytes.fill(1, 0x20, 0x7f);
plainBytes[0x22] = 0;
plainBytes[0x5c] = 0;

/**
 * What the events of a run have in common that differ in one text alone, as most of a stream do. Such
 * an event need not be read again: where all bytes around its text are those of an event that was
 * read, and the text needs no escape, it means the same.
 */
export class EventTemplate {
  /** Under which the text goes on. */
  readonly key: string;
  readonly #before: Buffer;
  readonly #behind: Buffer;

  private constructor(key: string, before: Buffer, behind: Buffer) {
    this.key = key;
    this.#before = before;
    this.#behind = behind;
  }

  /** The template of an event whose one piece this is; undefined where it cannot stand for others. */
  static of(bytes: Buffer, piece: StreamPiece, place: SoleText): EventTemplate | undefined {
    const { end, start, style } = place;
    if (piece.key === null || piece.isFixed || style !== textStyles.ascii) return undefined;
    return new EventTemplate(piece.key, bytes.subarray(0, start), bytes.subarray(end));
  }

  /** Where the text of this event is, if it is like the template. */
  textIn(bytes: Buffer): ByteRange | undefined {
    const start = this.#before.length;
    const end = bytes.length - this.#behind.length;
    if (end <= start || !areEqual(bytes, 0, this.#before)) return undefined;
    if (!areEqual(bytes, end, this.#behind)) return undefined;
    for (let position = start; position < end; position += 1) {
      if (plainBytes[bytes[position] as number] === 0) return undefined;
    }
    return { start, end };
  }
}

/** Most of what is compared is short, so that a loop costs less than a native call. */
function areEqual(bytes: Buffer, from: number, expected: Buffer): boolean {
  const { length } = expected;
  for (let index = 0; index < length; index += 1) {
    if (bytes[from + index] !== expected[index]) return false;
  }
  return true;
}

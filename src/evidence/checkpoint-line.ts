import { type Checkpoint, parseCheckpoint, parseNote, type SignedNote } from "../signing/index.ts";
import { toText } from "./log-files.ts";

const prefix = Buffer.from('{"checkpoint":');

/** A checkpoint with the note it is signed in. */
export interface SignedCheckpoint extends Checkpoint {
  /** The note as it stands in a file. */
  readonly note: string;
  readonly signed: SignedNote;
}

/** A checkpoint from the text of its note, in the exact layout; undefined for any other. */
export function readCheckpoint(note: string): SignedCheckpoint | undefined {
  const signed = parseNote(note);
  const checkpoint = signed && parseCheckpoint(signed.text);
  return signed && checkpoint && { ...checkpoint, note, signed };
}

/** Whether a line is a checkpoint line rather than a record: no record has this key. */
export function isCheckpointLine(bytes: Buffer, start: number, end: number): boolean {
  // Nearly every line is a record, and the first name of those starts with another letter.
  if (end - start < prefix.length || bytes[start + 2] !== prefix[2]) return false;
  return bytes.compare(prefix, 0, prefix.length, start, start + prefix.length) === 0;
}

/** The checkpoint of a line, which must be canonical (audit-and-operations 4.1); else undefined. */
export function readCheckpointLine(line: Uint8Array): SignedCheckpoint | undefined {
  const text = toText(line);
  const note = text === undefined ? undefined : noteOf(text);
  if (note === undefined || JSON.stringify({ checkpoint: note }) !== text) return undefined;
  return readCheckpoint(note);
}

function noteOf(line: string): string | undefined {
  try {
    const { checkpoint }: { checkpoint?: unknown } = JSON.parse(line);
    return typeof checkpoint === "string" ? checkpoint : undefined;
  } catch {
    // A line that is no JSON is no checkpoint line, and that is all there is to say of it.
    return undefined;
  }
}

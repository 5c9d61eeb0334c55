import { invariant } from "../../base/index.ts";
import { decodeBase64 } from "../base64.ts";
import type { NoteSigner } from "./note-signer.ts";
import { isNoteName, keyIdBytes, type NoteVerifier } from "./verifier-key.ts";

/** More signature lines than this are no note (audit-and-operations 4.5). */
const signaturesMax = 16;

/** One signature line. */
export interface NoteSignature {
  readonly name: string;
  /** 4 bytes. */
  readonly keyId: Buffer;
  readonly signature: Buffer;
}

/** A signed note, read but not verified. */
export interface SignedNote {
  /** What was signed: lines, the last line feed included. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** A text and the signatures of the signers over it, in their order (C2SP signed-note). */
export function signNote(text: string, signers: readonly NoteSigner[]): string {
  invariant(isNoteText(text), "the text of a note is lines without control characters");
  const bytes = Buffer.from(text);
  const lines = signers.map((signer) => {
    const signature = Buffer.concat([signer.keyId, signer.sign(bytes)]).toString("base64");
    return `— ${signer.name} ${signature}\n`;
  });
  return `${text}\n${lines.join("")}`;
}

/** A note in its exact layout with 1 to 16 signatures, base64 in its one form; else undefined. */
export function parseNote(note: string): SignedNote | undefined {
  const end = note.lastIndexOf("\n\n");
  if (end < 0 || !note.endsWith("\n")) return undefined;
  const text = note.slice(0, end + 1);
  const lines = note.slice(end + 2, -1).split("\n");
  if (!isNoteText(text) || lines.length > signaturesMax) return undefined;
  const signatures: NoteSignature[] = [];
  for (const line of lines) {
    const signature = parseSignature(line);
    if (signature === undefined) return undefined;
    signatures.push(signature);
  }
  return { text, signatures };
}

/** How the signatures of one key stand on a note. */
export type NoteStanding = "signed" | "forged" | "absent";

/**
 * Whether a note is signed by a key: `forged` where any line under its name and id does not verify
 * (audit-and-operations 4.5), `absent` where no line is under them.
 */
export function checkNote(note: SignedNote, verifier: NoteVerifier): NoteStanding {
  let standing: NoteStanding = "absent";
  const bytes = Buffer.from(note.text);
  for (const { name, keyId, signature } of note.signatures) {
    if (name !== verifier.name || !keyId.equals(verifier.keyId)) continue;
    if (!verifier.verify(bytes, signature)) return "forged";
    standing = "signed";
  }
  return standing;
}

/** Lines that are not empty as a whole, without control characters but their line feeds. */
function isNoteText(text: string): boolean {
  return /^[^\p{Cc}]*(?:\n[^\p{Cc}]*)*\n$/u.test(text) && text.isWellFormed();
}

function parseSignature(line: string): NoteSignature | undefined {
  const [mark, name = "", encoded = "", ...rest] = line.split(" ");
  if (mark !== "—" || rest.length > 0 || !isNoteName(name)) return undefined;
  const bytes = decodeBase64(encoded);
  if (bytes === undefined || bytes.length <= keyIdBytes) return undefined;
  const whole = Buffer.from(bytes);
  return { name, keyId: whole.subarray(0, keyIdBytes), signature: whole.subarray(keyIdBytes) };
}

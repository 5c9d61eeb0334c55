import {
  checkNote,
  type KeyStatement,
  type NoteVerifier,
  parseKeyStatement,
  parseNote,
  parseVerifierKey,
  renameVerifier,
  type SignedNote,
} from "../signing/index.ts";

/**
 * How a checkpoint is signed. `revoked`: by a key that is no longer believed at this size. `forged`:
 * a signature under a known key does not hold. `unsigned`: by no key that counts here.
 */
export type CheckpointStanding = "signed" | "unsigned" | "forged" | "revoked";

interface IntroducedKey {
  readonly seq: number;
  readonly verifier: NoteVerifier;
}

/**
 * Which keys sign the checkpoints of one log, as its key statements say that trusted roots signed
 * (audit-and-operations 4.3). A trusted key counts under whatever name it signs.
 */
export class CheckpointKeys {
  readonly #origin: string;
  readonly #trusted: readonly NoteVerifier[];
  /** The trusted keys as anchors know them: under the origin's name. */
  readonly #anchorKeys: readonly NoteVerifier[];
  /** In the order of `seq`. */
  readonly #introduced: IntroducedKey[] = [];
  /** Sizes above which keys do not count, by verifier key. */
  readonly #revoked = new Map<string, number>();

  constructor(origin: string, trusted: readonly NoteVerifier[]) {
    this.#origin = origin;
    this.#trusted = trusted;
    this.#anchorKeys = trusted.map((key) => renameVerifier(key, origin));
  }

  /** What a statement says, if a trusted root signed it, it names this log and a key of it. */
  read(note: string): KeyStatement | undefined {
    const signed = parseNote(note);
    const statement = signed && parseKeyStatement(signed.text);
    if (signed === undefined || statement?.origin !== this.#origin) return undefined;
    if (parseVerifierKey(statement.verifier)?.name !== this.#origin) return undefined;
    return this.#isByRoot(signed) ? statement : undefined;
  }

  /** Takes a statement to heart. Introductions must come in the order of their `seq`. */
  apply({ at, event, verifier: text }: KeyStatement): void {
    const verifier = parseVerifierKey(text);
    if (verifier === undefined) return;
    if (event === "revoke") {
      this.#revoked.set(text, Math.min(at, this.#revoked.get(text) ?? at));
    } else if (at > (this.#introduced.at(-1)?.seq ?? -1)) {
      this.#introduced.push({ seq: at, verifier });
    }
  }

  /** The verifier key in force for a checkpoint of this size; undefined before the first. */
  inForce(size: number): string | undefined {
    return this.#keyAt(size)?.verifierKey;
  }

  /** How a checkpoint in a segment or seal stands: it must carry the key in force and none unknown. */
  checkOwn(note: SignedNote, size: number): CheckpointStanding {
    const standing = this.#standing(note, size);
    if (standing === "unsigned" || standing === "forged" || note.signatures.length === 1) {
      return standing;
    }
    const known = [...this.#introduced.map(({ verifier }) => verifier), ...this.#anchorKeys];
    const isKnown = note.signatures.every(({ name, keyId }) =>
      known.some((key) => key.name === name && key.keyId.equals(keyId)),
    );
    if (!isKnown) return "unsigned";
    return known.some((key) => checkNote(note, key) === "forged") ? "forged" : standing;
  }

  /** How a checkpoint held elsewhere stands: with a trusted key it counts at any size. */
  checkAnchor(note: SignedNote, size: number): CheckpointStanding {
    const standings = this.#anchorKeys.map((key) => checkNote(note, key));
    if (standings.includes("forged")) return "forged";
    return standings.includes("signed") ? "signed" : this.#standing(note, size);
  }

  #standing(note: SignedNote, size: number): CheckpointStanding {
    const key = this.#keyAt(size);
    const candidates = key === undefined ? this.#anchorKeys : [key];
    const standings = candidates.map((one) => checkNote(note, one));
    if (standings.includes("forged")) return "forged";
    if (!standings.includes("signed")) return "unsigned";
    const limit = key && this.#revoked.get(key.verifierKey);
    return limit !== undefined && size > limit ? "revoked" : "signed";
  }

  #keyAt(size: number): NoteVerifier | undefined {
    return this.#introduced.findLast(({ seq }) => seq < size)?.verifier;
  }

  /** Signed by a trusted root, and no signature under a trusted key fails. */
  #isByRoot(note: SignedNote): boolean {
    const standings = this.#trusted.flatMap((key) =>
      note.signatures.map(({ name }) => checkNote(note, renameVerifier(key, name))),
    );
    return standings.includes("signed") && !standings.includes("forged");
  }
}

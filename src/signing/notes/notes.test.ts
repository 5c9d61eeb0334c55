import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { logVector } from "../../../test/support/log-vector.ts";
import { Bug } from "../../base/index.ts";
import {
  checkNote,
  createNoteSigner,
  formatCheckpoint,
  formatKeyStatement,
  formatTlogProof,
  generateNoteKey,
  generateNoteSigner,
  isNoteName,
  parseCheckpoint,
  parseKeyStatement,
  parseNote,
  parseTlogProof,
  parseVerifierKey,
  readNoteSigner,
  renameSigner,
  signNote,
} from "../index.ts";

const { origin, rootName } = logVector;
const root = createNoteSigner(rootName, Buffer.from(logVector.rootSeed, "hex"));
const signer = createNoteSigner(origin, Buffer.from(logVector.checkpointSeed, "hex"));
const size3 = { origin, size: 3, root: Buffer.from(logVector.roots[3], "hex") };

/** The notes inside the lines of the vector, as JSON gives them. */
const statementNote = stringIn(logVector.records[0], "note");
const size2Note = stringIn(logVector.checkpointLines[0], "checkpoint");

function stringIn(line: string | undefined, key: string): string {
  const value: unknown = JSON.parse(line ?? "")[key];
  assert.ok(typeof value === "string");
  return value;
}

describe("the notes of the vector", () => {
  test("its keys come from its seeds, the root's under the origin's name too", () => {
    assert.equal(root.verifierKey, logVector.rootKey);
    assert.equal(signer.verifierKey, logVector.logKey);
    assert.equal(renameSigner(root, origin).verifierKey, logVector.anchorKey);
  });

  test("its checkpoints are made byte for byte", () => {
    const size2 = { origin, size: 2, root: Buffer.from(logVector.roots[2], "hex") };
    assert.equal(signNote(formatCheckpoint(size2), [signer]), size2Note);
    assert.equal(signNote(formatCheckpoint(size3), [signer]), logVector.checkpoint);
    const both = [signer, renameSigner(root, origin)];
    assert.equal(signNote(formatCheckpoint(size3), both), logVector.anchored);
  });

  test("its key statement is made byte for byte, and read", () => {
    const statement = { origin, event: "introduce", at: 0, verifier: signer.verifierKey } as const;
    assert.equal(signNote(formatKeyStatement(statement), [root]), statementNote);
    assert.deepEqual(parseKeyStatement(parseNote(statementNote)?.text ?? ""), statement);
  });

  test("its proof is made byte for byte, and read", () => {
    const proof = {
      extra: Buffer.from(statementNote),
      index: 2,
      path: [Buffer.from(logVector.roots[2], "hex")],
      checkpoint: logVector.checkpoint,
    };
    assert.equal(formatTlogProof(proof), logVector.proof);
    assert.deepEqual(parseTlogProof(logVector.proof), proof);
  });

  test("its anchored checkpoint is signed by both keys and by nobody else", () => {
    const note = parseNote(logVector.anchored);
    assert.ok(note !== undefined);
    assert.deepEqual(parseCheckpoint(note.text), size3);
    const standing = [logVector.logKey, logVector.anchorKey, logVector.rootKey].map((key) => {
      const verifier = parseVerifierKey(key);
      return verifier && checkNote(note, verifier);
    });
    assert.deepEqual(standing, ["signed", "signed", "absent"]);
  });

  test("no byte of a note can change without being noticed", () => {
    const verifier = parseVerifierKey(logVector.logKey);
    assert.ok(verifier !== undefined);
    const bytes = Buffer.from(logVector.checkpoint);
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const note = parseNote(flipped.toString("utf8"));
      // A changed name or key id is another key's line, which is not this log's signature.
      assert.notEqual(note && checkNote(note, verifier), "signed", `bit ${bit}`);
    }
  });
});

describe("a note", () => {
  const line = size2Note.split("\n")[4] ?? "";

  test("is read in one layout only", () => {
    const text = "a\n";
    assert.ok(parseNote(`${text}\n${line}\n`) !== undefined);
    const others = [
      ...["", "\n", "\n\n", text, `${text}\n`, `${text}\n\n`, `${text}\n${line}`],
      ...[`${text}${line}\n`, `${text}\n${line}\n\n`, `${text}\n${line} \n`, `${text}\n ${line}\n`],
      ...[
        `${text}\r\n${line}\n`,
        `a\tb\n\n${line}\n`,
        `${text}\n${line}\r\n`,
        `\u007f\n\n${line}\n`,
      ],
      ...[`${text}\n${line.replace("— ", "- ")}\n`, `${text}\n${line.replace("— ", "—  ")}\n`],
      ...[`${text}\n— a+b ${line.split(" ")[2]}\n`, `${text}\n— a AAAA\n`, `${text}\n— a \n`],
      `${text}\n${`${line}\n`.repeat(17)}`,
      `\ud800\n\n${line}\n`,
    ];
    for (const other of others) assert.equal(parseNote(other), undefined, JSON.stringify(other));
    assert.equal(parseNote(`${text}\n${`${line}\n`.repeat(16)}`)?.signatures.length, 16);
  });

  test("takes base64 in its one form only: spare bits, other alphabets and padding are none", () => {
    const [mark, name, encoded = ""] = line.split(" ");
    const spare = encoded.replace(/[^=](?==*$)/, (last) =>
      String.fromCharCode(last.charCodeAt(0) + 1),
    );
    assert.deepEqual(Buffer.from(spare, "base64"), Buffer.from(encoded, "base64"));
    const url = encoded.replaceAll("+", "-").replaceAll("/", "_");
    for (const lax of [spare, url, encoded.replace(/=+$/, ""), `${encoded}=`]) {
      assert.notEqual(lax, encoded);
      assert.equal(parseNote(`a\n\n${mark} ${name} ${lax}\n`), undefined);
    }
  });

  test("is read as it was signed, and a second signature under one key must hold too", () => {
    const text = fc
      .array(
        fc.string({ unit: "grapheme" }).filter((one) => !/\p{Cc}/u.test(one)),
        { minLength: 1 },
      )
      .map((lines) => `${lines.join("\n")}\n`);
    const verifier = parseVerifierKey(signer.verifierKey);
    assert.ok(verifier !== undefined);
    fc.assert(
      fc.property(text, (given) => {
        const note = parseNote(signNote(given, [signer, root]));
        assert.equal(note?.text, given);
        assert.equal(checkNote(note, verifier), "signed");
        const [own] = note.signatures;
        const forged = { ...own, name: origin, keyId: signer.keyId, signature: Buffer.alloc(64) };
        const doubled = { ...note, signatures: [...note.signatures, forged] };
        assert.equal(checkNote(doubled, verifier), "forged");
      }),
      { numRuns: 50 },
    );
  });

  test("is not signed where its text could be read as another", () => {
    for (const text of ["", "a", "a\tb\n", "a\r\n", "\ud800\n"]) {
      assert.throws(() => signNote(text, [signer]), Bug);
    }
  });
});

describe("a checkpoint", () => {
  test("is three lines in one spelling, and never of the empty tree", () => {
    const text = formatCheckpoint(size3);
    assert.deepEqual(parseCheckpoint(text), size3);
    const others = [
      ...[text.slice(0, -1), `${text}extension\n`, text.replace("\n3\n", "\n03\n")],
      ...[text.replace("\n3\n", "\n+3\n"), text.replace("\n3\n", "\n0\n"), `${text}\n`],
      ...[text.replace("\n3\n", "\n9007199254740992\n"), text.replace("\n3\n", "\n3.0\n")],
      ...[text.replace("=", ""), text.replace("gov", "g v"), text.slice(text.indexOf("\n"))],
      text.replace(/\n[^\n]+\n$/, "\nAAAA\n"),
    ];
    for (const other of others) assert.equal(parseCheckpoint(other), undefined, other);
    assert.throws(() => formatCheckpoint({ ...size3, size: 0 }), Bug);
  });
});

describe("a key statement", () => {
  test("is four lines in one spelling", () => {
    const statement = { origin, event: "revoke", at: 12, verifier: signer.verifierKey } as const;
    const text = formatKeyStatement(statement);
    assert.deepEqual(parseKeyStatement(text), statement);
    const others = [
      ...[text.slice(0, -1), `${text}more\n`, text.replace("v1", "v2"), text.replace("12", "012")],
      ...[text.replace("revoke", "remove"), text.replace("12", "12 3"), text.replace("12", "")],
      ...[text.replace("6d35b69d", "6d35b69e"), text.replace(`\n${origin}\n`, "\na b\n")],
    ];
    for (const other of others) assert.equal(parseKeyStatement(other), undefined, other);
  });
});

describe("a proof", () => {
  test("is read in one layout only", () => {
    const text = logVector.proof;
    const bare = text.replace(/^extra .*\n/m, "");
    assert.equal(parseTlogProof(bare)?.extra, undefined);
    assert.equal(formatTlogProof(parseTlogProof(bare) ?? never()), bare);
    const hash = `${Buffer.alloc(32).toString("base64")}\n`;
    const others = [
      ...[
        text.replace("@v1", "@v2"),
        text.replace("index 2\n", ""),
        text.replace("index", "Index"),
      ],
      ...[text.replace("index 2", "index 02"), text.replace("extra ", "extra  "), ""],
      ...[text.replace("VHTAFxce", "VHTAFxc"), text.replace("index 2\n", "index 2\nAAAA\n")],
      text.replace("index 2\n", `index 2\n${hash.repeat(64)}`),
      text.replace("\n\n", "\n"),
    ];
    for (const other of others) assert.equal(parseTlogProof(other), undefined, other.slice(0, 200));
  });
});

describe("keys", () => {
  test("are split at the first two plus signs, and their id must be theirs", () => {
    const keys = Array.from({ length: 64 }, (_, byte) =>
      createNoteSigner("a/b", Buffer.alloc(32, byte)),
    );
    const withPlus = keys.filter(({ verifierKey }) => verifierKey.split("+").length > 3);
    assert.ok(withPlus.length > 0);
    for (const { verifierKey, keyId } of withPlus) {
      assert.deepEqual(parseVerifierKey(verifierKey)?.keyId, keyId);
    }
    const key = logVector.rootKey;
    const others = [
      ...[
        "",
        "a",
        "a+b+c",
        key.replace("e9fd83e1", "e9fd83e2"),
        key.replace("e9fd83e1", "E9FD83E1"),
      ],
      ...[
        key.replace("gov", "gow"),
        `${key}=`,
        key.slice(0, -1),
        `+${key}`,
        key.replace("+AQ", "+Ag"),
      ],
    ];
    for (const other of others) assert.equal(parseVerifierKey(other), undefined, other);
  });

  test("have names that fit into a signature line", () => {
    for (const name of ["a", "a/b.c-d_e", "ü"]) assert.ok(isNoteName(name));
    for (const name of ["", "a b", "a+b", "a\n", "a\u00a0b", "a\u2028", "\u0000", "\ud800"]) {
      assert.ok(!isNoteName(name), JSON.stringify(name));
    }
    assert.throws(() => generateNoteSigner("a b"), Bug);
  });

  test("made anew differ, and one from a file signs as itself", () => {
    assert.notEqual(generateNoteSigner("a").verifierKey, generateNoteSigner("a").verifierKey);
    const pem = generateNoteKey();
    const read = readNoteSigner("a", pem);
    assert.equal(read?.verifierKey, readNoteSigner("a", pem)?.verifierKey);
    const verifier = parseVerifierKey(read?.verifierKey ?? "");
    const bytes = Buffer.from("a\n");
    assert.equal(verifier?.verify(bytes, read?.sign(bytes) ?? bytes), true);
    assert.equal(verifier?.verify(bytes, generateNoteSigner("a").sign(bytes)), false);
    assert.equal(readNoteSigner("a", "no key"), undefined);
    assert.equal(readNoteSigner("a", pem.replace(/^[^-].{8}/m, "AAAAAAAAA")), undefined);
  });
});

function never(): never {
  throw new Error("expected a proof");
}

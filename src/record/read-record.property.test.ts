import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { canonicalJson } from "../signing/index.ts";
import { CanonicalScanner } from "./canonical-scan.ts";

/** Characters in which canonical and lax writers differ, and those that sort oddly in UTF-8. */
const character = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 0x7f }).map((c) => String.fromCharCode(c)) },
  { weight: 2, arbitrary: fc.constantFrom("a", "b", "\\", '"', "/", "\n", "\u001f") },
  { weight: 1, arbitrary: fc.constantFrom("é", "€", "\u2028", "\ufeff", "\ue000", "\uffff") },
  { weight: 1, arbitrary: fc.constantFrom("\u{1f600}", "\u{10ffff}") },
);
const text = fc.array(character, { maxLength: 6 }).map((parts) => parts.join(""));
/**
 * No name is a backslash alone: V8 13.6 takes any name of one escaped character for it where an object
 * of that shape was parsed before, and the general parser here would not be one to compare with.
 */
const name = text.filter((each) => each !== "\\");
const leaf = fc.oneof(text, fc.boolean(), fc.maxSafeInteger(), fc.integer({ min: -9, max: 99 }));
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    fc.array(tie("value"), { minLength: 1, maxLength: 3 }),
    fc.dictionary(name, tie("value"), { minKeys: 1, maxKeys: 4 }),
  ),
}));
const object = fc.dictionary(name, value, { minKeys: 1, maxKeys: 5 });

const scanner = new CanonicalScanner(["a", "b"]);

function isCanonical(bytes: Uint8Array): boolean {
  return scanner.scan(bytes, 0, bytes.length);
}

/** The same question, asked of a general parser and a general writer. */
function isCanonicalByParsing(bytes: Buffer): boolean {
  try {
    const given = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    const parsed: unknown = JSON.parse(given);
    if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) return false;
    return isNarrow(parsed, 1) && canonicalJson(parsed) === given;
  } catch {
    return false;
  }
}

function isNarrow(given: unknown, depth: number): boolean {
  if (typeof given === "number") return Number.isSafeInteger(given);
  if (typeof given === "string") return given.isWellFormed();
  if (typeof given === "boolean") return true;
  if (given === null || depth > 8) return false;
  const values = Object.values(given as object);
  if (!Object.keys(given as object).every((name) => name.isWellFormed())) return false;
  return values.length > 0 && values.every((one) => isNarrow(one, depth + innerDepth(one)));
}

function innerDepth(given: unknown): number {
  return typeof given === "object" && given !== null ? 1 : 0;
}

describe("the strict scan of a line", () => {
  test("takes whatever a general canonical writer gives", () => {
    fc.assert(
      fc.property(object, (given) => {
        assert.ok(isCanonical(Buffer.from(canonicalJson(given))));
      }),
      { numRuns: 500 },
    );
  });

  test("judges changed bytes as parsing and writing them again does", () => {
    const change = fc.record({
      place: fc.nat(),
      take: fc.integer({ min: 0, max: 3 }),
      put: fc.oneof(
        fc.uint8Array({ maxLength: 3 }).map((bytes) => Buffer.from(bytes)),
        fc
          .constantFrom(
            ...["null", "[]", "{}", " ", "-0", "01", "1.0", "1e2", "9007199254740992", "-1", "+1"],
            ...["\\u0041", "\\u001f", "\\u001F", "\\u0009", "\\/", "\\b", "\\u2028", "\u007f", ","],
            ...['"a":1,', '"":1,', "\ufeff", "true", "false", "tru", '"', "\\", "[1]", "00"],
          )
          .map((one) => Buffer.from(one)),
      ),
    });
    let accepted = 0;
    fc.assert(
      fc.property(object, fc.array(change, { minLength: 1, maxLength: 2 }), (given, changes) => {
        let bytes = Buffer.from(canonicalJson(given));
        for (const { place, take, put } of changes) {
          const at = place % (bytes.length + 1);
          bytes = Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + take)]);
        }
        const expected = isCanonicalByParsing(bytes);
        accepted += expected ? 1 : 0;
        assert.equal(isCanonical(bytes), expected, JSON.stringify(bytes.toString("latin1")));
      }),
      { numRuns: 5000 },
    );
    assert.ok(accepted > 50, "some of the changed lines are canonical still");
  });

  test("judges any byte at any place of a string as parsing does, at the end of the memory too", () => {
    for (let byte = 0; byte < 256; byte += 1) {
      for (let place = 0; place < 10; place += 1) {
        for (const around of [0, 1, 2, 3, 4]) {
          const line = Buffer.from('{"a":"abcdefghij"}');
          line[6 + place] = byte;
          const bytes = new Uint8Array([...line, ...Array<number>(around).fill(0x22)]);
          const expected = isCanonicalByParsing(line);
          assert.equal(scanner.scan(bytes, 0, line.length), expected, `${byte} at ${place}`);
        }
      }
    }
  });

  test("looks at nothing outside the bytes it was given", () => {
    fc.assert(
      fc.property(object, fc.uint8Array({ maxLength: 4 }), fc.nat(), (given, around, cut) => {
        const line = Buffer.from(canonicalJson(given));
        const bytes = Buffer.concat([around, line, around]);
        assert.ok(scanner.scan(bytes, around.length, around.length + line.length));
        const shorter = around.length + (cut % line.length);
        assert.ok(!scanner.scan(bytes, around.length, shorter));
        assert.ok(!scanner.scan(Buffer.concat([line, line]), 0, line.length * 2));
      }),
    );
  });

  test("tells where the members asked for stand, of the outermost object alone", () => {
    const inner = fc.option(value, { nil: undefined });
    fc.assert(
      fc.property(object, inner, inner, (rest, a, b) => {
        const given = { ...rest, a, b };
        const line = Buffer.from(canonicalJson(given));
        if (line.length <= 2) return;
        assert.ok(isCanonical(line));
        for (const [name, expected] of [a, b].entries()) {
          const start = scanner.startOf(name);
          if (expected === undefined) assert.equal(start, -1);
          else {
            const found = line.subarray(start, scanner.endOf(name)).toString("utf8");
            assert.equal(found, canonicalJson(expected));
          }
        }
      }),
    );
  });
});

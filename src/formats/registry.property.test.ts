import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { recognise } from "./registry.ts";

/** One segment in another spelling that servers take for the same. */
function spelled(segment: string): fc.Arbitrary<string> {
  const characters = [...segment].map((character) => {
    const code = character.charCodeAt(0).toString(16);
    return fc.constantFrom(
      character,
      character.toUpperCase(),
      `%${code}`,
      `%${code.toUpperCase()}`,
    );
  });
  const parameters = fc.constantFrom("", "", ";", ";a=b");
  return fc.tuple(fc.tuple(...characters), parameters).map(([name, more]) => name.join("") + more);
}

const between = fc.constantFrom("/", "/", "//", "/./", "/x/../", "\\", "%2f", "/%2e/");
const prefix = fc.constantFrom("", "/v1", "/gateway/openai/v1", "/a/b/..");
const suffix = fc.constantFrom("", "/", "//", "?a=b", "/?beta=true", "#x", "/.");

function spellingsOf(segments: readonly string[]): fc.Arbitrary<string> {
  const parts = segments.flatMap((segment) => [between, spelled(segment)]);
  return fc
    .tuple(prefix, fc.tuple(...parts), suffix)
    .map(([before, middle, after]) => before + middle.join("") + after);
}

for (const [segments, protocol] of [
  [["chat", "completions"], "openai-chat"],
  [["messages"], "anthropic-messages"],
  [["messages", "count_tokens"], "anthropic-messages"],
] as const) {
  test(`no spelling of ${segments.join("/")} is anything else`, () => {
    fc.assert(
      fc.property(spellingsOf(segments), (path) => {
        const found = recognise({ method: "POST", path });
        assert.equal(found.kind === "format" && found.format.protocol, protocol);
      }),
      { numRuns: 500 },
    );
  });
}

test("any method and path is something, and only a POST is by its body", () => {
  const method = fc.constantFrom("GET", "HEAD", "DELETE", "PUT", "POST", "OPTIONS", "get", "");
  fc.assert(
    fc.property(method, fc.string({ unit: "binary-ascii" }), (asked, path) => {
      const found = recognise({ method: asked, path });
      assert.ok(found.kind !== "by_body" || asked === "POST");
    }),
  );
});

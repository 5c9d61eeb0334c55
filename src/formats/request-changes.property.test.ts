import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { defaultLimits } from "../base/index.ts";
import { openaiChat } from "./openai-chat/openai-chat.ts";

const space = fc.constantFrom("", " ", "\n\t");
const toolName = fc.stringMatching(/^[a-z]{1,6}$/);

/** A request with its members in any order, white space anywhere, and some tools. */
const requests = fc
  .record({
    names: fc.uniqueArray(toolName, { maxLength: 5 }),
    limit: fc.option(fc.integer({ min: 0, max: 2000 }), { nil: undefined }),
    store: fc.option(fc.boolean(), { nil: undefined }),
    gaps: fc.array(space, { minLength: 40, maxLength: 40 }),
    order: fc.array(fc.nat(), { minLength: 8, maxLength: 8 }),
    system: fc.option(fc.string({ maxLength: 8 }), { nil: undefined }),
  })
  .map(({ gaps, limit, names, order, store, system }) => {
    let used = 0;
    const gap = () => gaps[used++ % gaps.length] ?? "";
    const tools = names.map((name) => `{"type":"function",${gap()}"function":{"name":"${name}"}}`);
    const lead = system === undefined ? [] : [{ role: "system", content: system }];
    const messages = JSON.stringify([...lead, { role: "user", content: "hi" }]);
    const members = [
      `"messages":${gap()}${messages}`,
      ...(limit === undefined ? [] : [`"max_tokens":${gap()}${limit}`]),
      ...(store === undefined ? [] : [`"store":${store}`]),
      ...(names.length === 0
        ? []
        : [`"tools":[${gap()}${tools.join(`${gap()},${gap()}`)}${gap()}]`]),
      '"user":"u-1"',
    ];
    const sorted = members
      .map((text, index) => ({ text, rank: order[index] ?? 0 }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ text }) => gap() + text + gap());
    return { body: `{${sorted.join(",")}}`, names };
  });

const changes = fc.record({
  max: fc.option(fc.integer({ min: 1, max: 1000 }), { nil: undefined }),
  store: fc.option(fc.boolean(), { nil: undefined }),
  removed: fc.array(fc.nat({ max: 5 }), { maxLength: 5 }),
  text: fc.option(fc.string({ minLength: 1, maxLength: 8 }), { nil: undefined }),
});

interface ChatBody {
  readonly max_tokens?: number;
  readonly store?: boolean;
  readonly user: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly tools?: readonly { readonly function: { readonly name: string } }[];
}

test("whatever is changed together, the rest of a request says what it said", () => {
  fc.assert(
    fc.property(requests, changes, ({ body, names }, { max, removed, store, text }) => {
      const before = JSON.parse(body) as ChatBody;
      const decoded = openaiChat.decodeRequest(Buffer.from(body), defaultLimits);
      const gone = new Set(removed.filter((index) => index < names.length));
      const bytes = decoded.applyChanges({
        edits: [],
        provider: "local",
        store,
        removedTools: gone,
        params: max === undefined ? undefined : { maxTokens: { max } },
        prepend: text === undefined ? undefined : [text],
      });
      const after = JSON.parse(bytes.toString()) as ChatBody;
      const limit = Math.min(before.max_tokens ?? Infinity, max ?? Infinity);
      assert.equal(after.max_tokens ?? Infinity, limit);
      const kept = names.filter((_, index) => !gone.has(index));
      assert.deepEqual(after.tools?.map((tool) => tool.function.name) ?? [], kept);
      assert.equal(after.store ?? false, store ?? before.store ?? false);
      assert.equal(after.user, before.user);
      const [lead] = after.messages;
      assert.ok(lead?.content.startsWith(text ?? ""));
      assert.ok(text === undefined || lead?.role === "system");
      assert.deepEqual(after.messages.at(-1), before.messages.at(-1));
    }),
    { numRuns: 500 },
  );
});

test("bytes outside of what changes stay as they are", () => {
  fc.assert(
    fc.property(requests, ({ body }) => {
      const decoded = openaiChat.decodeRequest(Buffer.from(body), defaultLimits);
      const after = decoded.applyChanges({ edits: [], params: { maxTokens: { value: 7 } } });
      const plain = (text: string) =>
        text.replace(/("max_tokens":\s*)\d+/, "$1N").replace('"max_completion_tokens":7,', "");
      assert.equal(plain(after.toString()), plain(body));
    }),
    { numRuns: 300 },
  );
});

test("a request that nothing is asked of is passed on as the buffer it came in", () => {
  fc.assert(
    fc.property(requests, ({ body }) => {
      const bytes = Buffer.from(body);
      const decoded = openaiChat.decodeRequest(bytes, defaultLimits);
      assert.equal(decoded.applyChanges({ edits: [] }), bytes);
    }),
    { numRuns: 50 },
  );
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { spell } from "../support/planted-json.ts";
import { plantedValues } from "../support/planted-values.ts";
import { joinEventTexts } from "./event-texts.ts";
import { findTrace, literalsOf } from "./traces.ts";

test("a value is traced in any spelling, at any depth, in parts of it where it is a secret", () => {
  for (const planted of plantedValues(4)) {
    const { value, isSecret } = planted;
    const escaped = spell(value, "escaped");
    const disguises = [
      value,
      escaped,
      spell(escaped, "plain"),
      spell(spell(spell(value, "mixed"), "plain"), "plain"),
      encodeURIComponent(value),
      [...value].join("\u200b"),
      value.toUpperCase(),
      ...(isSecret ? [(value.split("\n")[1] ?? value).slice(-26)] : []),
    ];
    for (const disguise of disguises) {
      assert.notEqual(findTrace(`x ${disguise} y`, planted), undefined, disguise);
    }
    assert.equal(findTrace(`so [${planted.type}] it is`, planted), undefined);
  }
});

test("literals tell copies, names, numbers and JSON in strings apart, and nothing else", () => {
  const same = literalsOf('{"a":"\\u0062","c":[1.0,{}]}');
  assert.deepEqual(literalsOf(' { "a" : "b", "c" : [ 1.0 , { } ] } '), same);
  for (const other of ['{"a":"b","a":"b","c":[1.0,{}]}', '{"a":"b","c":[1,{}]}', '{"a":"b"}']) {
    assert.notDeepEqual(literalsOf(other), same);
  }
  assert.deepEqual(
    literalsOf('["{\\"a\\":\\"\\\\u0062\\"}"]'),
    literalsOf('["{\\"a\\": \\"b\\"}"]'),
  );
  assert.throws(() => literalsOf('{"a":[MASK]}'));
});

test("texts of a stream are joined by place, whatever the line ends, and nothing is left out", () => {
  const event = (index: number, text: string) =>
    `data: {"choices":[{"index":${index},"delta":{"content":"${text}"}}]}`;
  for (const end of ["\n", "\r", "\r\n"]) {
    const lines = [event(0, "ja"), "", event(1, "x"), "", event(0, "ne"), ": kept", "", "odd", ""];
    const texts = joinEventTexts(lines.join(end));
    assert.equal(texts.get(".choices[0].delta.content"), "jane");
    assert.equal(texts.get(".choices[1].delta.content"), "x");
    assert.equal(texts.get("field "), "kept\n");
    assert.ok(texts.has("field odd"));
  }
});

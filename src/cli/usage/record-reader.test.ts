import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { UsageError } from "../usage-error.ts";
import { RecordReader } from "./record-reader.ts";

const day = (number: number) => `2026-03-0${number}T10:00:00.000000Z`;
const recordOf = (number: number, fields: object = {}) =>
  JSON.stringify({ at: day(number), kind: "decision", ...fields });

/** What is read of the lines of one file, as days of March. */
function usesIn(...lines: readonly string[]): Readonly<Record<string, number>> {
  const reader = new RecordReader();
  for (const [index, line] of lines.entries()) reader.read(line, `log:${index + 1}`);
  reader.endFile();
  const uses = reader.usage()?.lastUses ?? new Map<string, number>();
  return Object.fromEntries([...uses].map(([name, ms]) => [name, new Date(ms).getUTCDate()]));
}

describe("records", () => {
  it("tell of rules in force and in shadow, of lifts by both names, and of what decided tools", () => {
    const record = recordOf(2, {
      rules: [{ id: "p/a/r", layer: "global", effect: "deny", match: "E" }],
      lifted: [{ rule: "p/a/l", by: "p/g" }],
      shadow: { changed: true, verdict: "deny", rules: ["p/a/s"] },
      tools: [{ name: "crm/lookup", decidedBy: "p/a/t" }, { name: "crm/other" }],
    });
    assert.deepEqual(usesIn(record), { "p/a/r": 2, "p/a/l": 2, "p/g": 2, "p/a/s": 2, "p/a/t": 2 });
  });

  it("tell of the last use, in whichever order they come", () => {
    const rules = [{ id: "p/a/r" }];
    const lines = [2, 4, 3].map((number) => recordOf(number, { rules }));
    assert.deepEqual(usesIn(...lines), { "p/a/r": 4 });
  });

  it("cover the time from the first to the last of them", () => {
    const reader = new RecordReader();
    assert.equal(reader.usage(), undefined);
    for (const number of [3, 1, 2]) reader.read(recordOf(number), "log");
    const { fromMs, untilMs } = reader.usage() ?? {};
    assert.deepEqual([fromMs, untilMs], [Date.parse(day(1)), Date.parse(day(3))]);
  });

  it("may break off at the end of a file, but nowhere else", () => {
    const broken = '{"at":"2026-03-0';
    assert.deepEqual(usesIn(recordOf(1), broken), {});
    assert.throws(() => usesIn(recordOf(1), broken, recordOf(2)), UsageError);
    assert.throws(() => usesIn(broken), UsageError);
    assert.throws(() => usesIn(recordOf(1).replace(day(1), "yesterday")), UsageError);
  });

  it("that were cut where they tell of use are counted", () => {
    const reader = new RecordReader();
    reader.read(recordOf(1, { truncated: ["facts"] }), "log");
    assert.equal(reader.cut, 0);
    reader.read(recordOf(1, { truncated: ["facts", "lifted"] }), "log");
    assert.equal(reader.cut, 1);
  });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { disguisesOf } from "./disguises.ts";
import { plantedValues } from "./planted-values.ts";

test("a value is recognised in every encoding that a log or a URL would give it", () => {
  for (const { value } of plantedValues(3)) {
    const forms = disguisesOf(value);
    const around = (lead: string) => Buffer.from(`${lead}${value} end`);
    const texts = [
      `x ${value} y`,
      JSON.stringify({ value }),
      JSON.stringify(JSON.stringify({ value })),
      `https://x.example/?q=${encodeURIComponent(value)}`,
      ...["", "a", "ab"].map((lead) => around(lead).toString("base64")),
      ...["", "a", "ab"].map((lead) => around(lead).toString("base64url")),
      around("").toString("hex"),
      value.replace(/^-----BEGIN[^\n]+\n/, "").slice(0, 9),
    ];
    for (const text of texts) {
      assert.ok(
        forms.some((form) => text.includes(form) || text.toLowerCase().includes(form)),
        text,
      );
    }
  }
});

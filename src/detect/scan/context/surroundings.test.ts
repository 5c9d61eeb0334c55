import assert from "node:assert/strict";
import test from "node:test";
import { layDown } from "../../text/units.ts";
import { LabelledValues } from "../labelled-values.ts";
import { topics } from "../topics.ts";
import { Surroundings } from "./surroundings.ts";
import { TopicSet } from "./topic-set.ts";

/** Surroundings that were lent a text, known up to a place. */
function surround(text: string, knownTo = text.length): Surroundings {
  const wanted = { all: new TopicSet(), anyCase: new TopicSet(), unitsBehind: 0 };
  const surroundings = new Surroundings(new LabelledValues(wanted));
  layDown(text);
  surroundings.lend(text, 0, knownTo);
  return surroundings;
}

const text = "so 12345 67890 (SSN)";
const start = text.indexOf("12345");
const spaced = text.indexOf(" 67890");
const end = text.indexOf(" (");

test("what is near a place is told anew for each end of it", () => {
  const surroundings = surround(text);
  assert.ok(!surroundings.near(start, spaced).has(topics.usSsn));
  assert.ok(surroundings.near(start, end).has(topics.usSsn));
  assert.ok(!surroundings.near(start, spaced).has(topics.usSsn));
});

test("what is near a place is told anew once more of the text is known", () => {
  const surroundings = surround(text, end);
  assert.ok(!surroundings.near(start, end).has(topics.usSsn));
  surroundings.lend(text, 0, text.length);
  assert.ok(surroundings.near(start, end).has(topics.usSsn));
});

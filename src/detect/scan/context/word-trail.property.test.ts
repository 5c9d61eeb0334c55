import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { layDown } from "../../text/units.ts";
import { topicWords } from "../../words/index.ts";
import { spokenWords } from "../../words/spoken-words.ts";
import { type Topic, topics } from "../topics.ts";
import { Label } from "./label.ts";
import { letters } from "./letters.ts";
import { TopicSet } from "./topic-set.ts";
import { WordReader } from "./word-reader.ts";
import {
  emptyHash,
  entryOf,
  flagsOf,
  hashLetter,
  hashPhrase,
  topicsOf,
  unknownWord,
  wordFlags,
} from "./word-table.ts";
import { WordTrail } from "./word-trail.ts";

/** Phrases of two words and more in scripts that write words apart, with what they speak of. */
const phrases: readonly (readonly [topic: Topic, phrase: string])[] = [
  ...topicWords,
  ...spokenWords,
].flatMap(([topic, list]) =>
  list
    .split(",")
    .slice(1)
    .map((phrase) => [topic, phrase.trim()] as const)
    .filter(([, phrase]) => /^[a-z]+( [a-z]+)+$/.test(phrase)),
);

const allTopics = Object.values(topics) as readonly Topic[];

/** Reads a text word by word, and says after each what it is and whether it stopped the reading. */
function read(text: string, onWord?: (trail: WordTrail, word: string, end: number) => void) {
  const trail = new WordTrail();
  const reader = new WordReader(trail);
  layDown(text);
  trail.beginReading(0);
  for (const { 0: word, index } of text.matchAll(/[A-Za-z]+/g)) {
    const end = index + word.length;
    let at = index;
    // A hump inside may stop it too.
    while (at < end || reader.isOpen) {
      if (at === end) reader.close(0, at);
      else at = reader.read(0, at, end, false);
      if (at < end) trail.runningWord = unknownWord;
    }
    onWord?.(trail, word, end);
    trail.runningWord = unknownWord;
  }
  return trail;
}

/** What all words and phrases of a line speak of, without any shortcut. */
function spokenOf(text: string): TopicSet {
  const spoken = new TopicSet();
  const hashes = text.split(" ").map(hashOf);
  for (const [last, hash] of hashes.entries()) {
    let phrase = hash;
    spoken.addAll(topicsOf(entryOf(phrase)));
    for (let first = last - 1; first >= Math.max(0, last - 3); first -= 1) {
      phrase = hashPhrase(phrase, hashes[first] ?? 0);
      spoken.addAll(topicsOf(entryOf(phrase)));
    }
  }
  return spoken;
}

function hashOf(word: string): number {
  let hash = emptyHash;
  for (const letter of word) hash = hashLetter(hash, letters[letter.charCodeAt(0)] ?? 0);
  return hash;
}

function near(trail: WordTrail, end: number): TopicSet {
  const found = new TopicSet();
  trail.addNear(found, end, 0);
  return found;
}

const namesOf = (set: TopicSet) => allTopics.filter((topic) => set.has(topic));

const phraseWords = [...new Set(phrases.flatMap(([, phrase]) => phrase.split(" ")))];
const words = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...phrases.map(([, phrase]) => phrase)) },
  { weight: 2, arbitrary: fc.constantFrom(...phraseWords) },
  fc.constantFrom("is", "was", "est", "so", "committee", "walked", "order"),
);
const lines = fc.array(words, { minLength: 1, maxLength: 12 }).map((all) => all.join(" "));

test("each phrase is known, whatever word stands before it", () => {
  assert.ok(phrases.length > 300);
  for (const [topic, phrase] of phrases) {
    for (const before of ["", "committee ", "my ", "isCommittee "]) {
      const text = before + phrase;
      assert.ok(near(read(text), text.length).has(topic), text);
    }
  }
});

test("words that are run together, and known as one, begin a phrase as they do apart", () => {
  let runs = 0;
  for (const [topic, phrase] of phrases) {
    const [first = "", second = "", ...rest] = phrase.split(" ");
    if (rest.length === 0 || entryOf(hashOf(first + second)) === unknownWord) continue;
    runs += 1;
    const camelled = first + second.charAt(0).toUpperCase() + second.slice(1);
    const text = [camelled, ...rest].join(" ");
    assert.ok(near(read(text), text.length).has(topic), text);
  }
  assert.ok(runs > 0, "some phrase begins with such a run");
});

test("what a line speaks of is what its words and phrases do, whoever read before", () => {
  fc.assert(
    fc.property(lines, lines, (before, line) => {
      read(Array(8).fill(before).join(" ")).release();
      const trail = read(line);
      assert.deepEqual(namesOf(near(trail, line.length)), namesOf(spokenOf(line)), line);
      trail.release();
    }),
    { numRuns: 2000 },
  );
});

test("a joining word that nobody is told of stands behind no word it could join to a value", () => {
  const label = new Label();
  let told = 0;
  fc.assert(
    fc.property(lines, lines, (before, line) => {
      read(Array(8).fill(before).join(" ")).release();
      const trail = read(line, (so, word, end) => {
        if ((flagsOf(entryOf(hashOf(word))) & wordFlags.joins) === 0) return;
        so.collectNearest(label, 0, end);
        const joins = label.unknownWords === 0 && !label.topics.isEmpty;
        if (so.runningWord !== unknownWord) told += 1;
        else assert.ok(!joins, `${word} in ${line}`);
      });
      trail.release();
    }),
    { numRuns: 2000 },
  );
  assert.ok(told > 100);
});

test("a trail that is over keeps nothing another one could see, nor sees what that does", () => {
  const over = read("credit card number");
  over.release();
  over.release();
  const next = read("my ssn");
  const other = read("social security number");
  // Whoever still holds it writes nowhere.
  over.add(0, 8, hashOf("passport"), entryOf(hashOf("passport")));
  assert.deepEqual(namesOf(near(next, 6)), namesOf(spokenOf("my ssn")));
  assert.deepEqual(namesOf(near(other, 22)), namesOf(spokenOf("social security number")));
  assert.deepEqual(namesOf(near(over, 30)), []);
  for (const trail of [next, other]) trail.release();
});

test("more trails at once than are kept, and some that never end, are as good as new", () => {
  const open = Array.from({ length: 20 }, () => read("social security number"));
  for (const trail of open.slice(0, 15)) trail.release();
  const later = Array.from({ length: 20 }, (_, index) => read(index % 2 === 0 ? "so" : "my ssn"));
  for (const [index, trail] of later.entries()) {
    const line = index % 2 === 0 ? "so" : "my ssn";
    assert.deepEqual(namesOf(near(trail, line.length)), namesOf(spokenOf(line)));
  }
  for (const trail of open.slice(15)) {
    assert.deepEqual(namesOf(near(trail, 22)), namesOf(spokenOf("social security number")));
  }
});

import { unitAt } from "../../text/units.ts";
import { labelLineUnitsMax } from "./lines.ts";
import { digitsBetween, isLineMark, isProse, lastCode } from "./readers.ts";
import { type StructureState, said } from "./structure-state.ts";
import { valueKinds } from "./value-kinds.ts";

/** What is looked at of the line before. */
const saidUnitsMax = 120;
/** Digits a label may have: "address 2", "q1 2024". More are a value. */
const labelDigitsMax = 4;

/**
 * The first character of a line that is no space, `code`, stands at a place of the whole text. Answers
 * whether the line begins with it; marks of lists and quotes come before that.
 */
export function beginLine(state: StructureState, code: number, place: number): boolean {
  const { lines, nesting, outline, expected } = state;
  if (isLineMark(code)) {
    lines.meetMark(code);
    return false;
  }
  const { isItem } = lines;
  lines.begin(place);
  outline.enter(place - lines.start, isItem);
  if (isProse(code)) nesting.meetProse(lines.isBehindBlank && place === lines.start);
  if (expected.isOpen) return true;
  const { topics } = outline;
  if (isItem && topics !== undefined && !topics.isEmpty) {
    expected.expectTopics(valueKinds.item, topics, place);
  } else if (lines.above.saysSomething) {
    expected.expect(valueKinds.below, lines.above, place);
  }
  return true;
}

/** A line break stands at `at` in `text`, which begins at `base`. */
export function endLine(state: StructureState, base: number, at: number): void {
  const { lines, tables, labelPlace, expected } = state;
  const next = base + at + 1;
  const isSecondHalf = unitAt(at) === 0x0a && at > 0 && unitAt(at - 1) === 0x0d;
  if (!isSecondHalf) closeLine(state, base, at);
  lines.start = next;
  tables.beginLine(next);
  labelPlace.start = next;
  const goesOn = expected.kind === valueKinds.item || expected.kind === valueKinds.rowValue;
  if (!goesOn) expected.drop();
  if (tables.isOpen) expected.expectColumn(valueKinds.cell, tables.column, next - 1);
}

function closeLine(state: StructureState, base: number, at: number): void {
  const { lines, tables, trail, value } = state;
  if (!value.isQuoted) state.values.end(base + at);
  if (lines.isBlank) {
    tables.endLine(!lines.hasMark);
    lines.endBlank();
  } else {
    endHeader(state, base, at);
    tables.endLine(false);
    closeContent(state, base, at);
  }
  trail.endLine();
  value.end();
  state.labelPlace.endLine();
}

function endHeader({ tables, trail }: StructureState, base: number, at: number): void {
  const place = base + at;
  if (!tables.mayEndHeader(place)) return;
  trail.collect(said, tables.cellStart, place);
  tables.addHeader(base, place, said);
}

// What the line says bears on the next one: as the key above it, as its label, or as a question.
function closeContent(state: StructureState, base: number, at: number): void {
  const { lines, trail, expected } = state;
  const place = base + at;
  const last = lastCode(at);
  if (expected.kind === valueKinds.key || expected.kind === valueKinds.assigned) {
    const { label } = expected;
    state.outline.open(lines.contentStart - lines.start, label.topics);
    lines.end(label, label.saysSomething, last);
    return;
  }
  const from = Math.max(lines.start, place - saidUnitsMax);
  const isPlain = isPlainLine(state, place);
  if ((isPlain || lines.isAsking(last)) && trail.tellsSince(from)) {
    trail.collect(said, from, place);
    lines.end(said, isPlain && isLabel(base, lines.contentStart, at), last);
  } else lines.end(undefined, false, last);
}

// A short line on which nothing is parted and that has no value yet.
function isPlainLine({ lines, labelPlace, nesting }: StructureState, place: number): boolean {
  return (
    labelPlace.start === lines.start &&
    nesting.depth === 0 &&
    place - lines.contentStart <= labelLineUnitsMax
  );
}

// "Social security number": all of such a line is a label, which `said` has.
function isLabel(base: number, from: number, at: number): boolean {
  return (
    !said.topics.isEmpty &&
    said.unknownWords === 0 &&
    digitsBetween(from - base, at) <= labelDigitsMax
  );
}

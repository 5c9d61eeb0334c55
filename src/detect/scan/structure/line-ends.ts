import { unitAt } from "../units.ts";
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
  const { lines, tables, trail, value, expected } = state;
  const place = base + at;
  if (!value.isQuoted || value.kind === valueKinds.none) state.values.end(place);
  const isKey = expected.kind === valueKinds.key || expected.kind === valueKinds.assigned;
  if (tables.mayEndHeader(place)) {
    trail.collect(said, tables.cellStart, place);
    tables.addHeader(base, place, said);
  }
  tables.endLine(lines.isBlank && !lines.hasMark);
  if (isKey) {
    said.copy(expected.label);
    state.outline.open(lines.contentStart - lines.start, said.topics);
  } else if (!lines.isBlank) {
    trail.collect(said, Math.max(lines.start, place - saidUnitsMax), place);
  }
  lines.lastCode = lastCode(at);
  lines.end(said, isKey ? said.saysSomething : isLabelLine(state, base, at));
  trail.endLine();
  value.end();
  state.labelPlace.endLine();
}

// "Social security number": all of a short line is a label, nothing on it is parted, and it has no
// value yet. `said` is what the line says, which ends at `at`.
function isLabelLine(
  { lines, labelPlace, nesting }: StructureState,
  base: number,
  at: number,
): boolean {
  return (
    labelPlace.start === lines.start &&
    nesting.depth === 0 &&
    base + at - lines.contentStart <= labelLineUnitsMax &&
    !said.topics.isEmpty &&
    said.unknownWords === 0 &&
    digitsBetween(lines.contentStart - base, at) <= labelDigitsMax
  );
}

import { unitAt } from "../../text/units.ts";
import { letters } from "../context/letters.ts";
import { topics } from "../topics.ts";
import { assignedKeyStart, isPadding } from "./assigned-keys.ts";
import { isLineEnd } from "./readers.ts";
import { labelUnitsMax, type StructureState, said } from "./structure-state.ts";
import { isEnclosed, valueKinds } from "./value-kinds.ts";

const tagUnitsMax = 200;
const tagNameUnitsMax = 64;
const unset = -1;

// The marks that make a label of the words before them. `text` begins at `base`, the mark stands at
// `at` in it.

/** A colon. "-----END PRIVATE KEY-----:" ends in a rule, not in a label. */
export function meetColon(state: StructureState, base: number, at: number): void {
  const isRuled = at > 0 && unitAt(at - 1) === 0x2d;
  if (!isRuled) meetLabel(state, valueKinds.key, base + at);
}

/** An equals sign. ":=" assigns: what stands before the colon is the label still. */
export function meetEquals(state: StructureState, base: number, at: number): void {
  const place = base + at;
  if (state.expected.isKeyBefore(place) || isPadding(at)) return;
  const start = assignedKeyStart(at);
  meetLabel(state, valueKinds.assigned, place, start === at ? 0 : base + start);
}

/** A dash: "--password hunter2". */
export function meetDash(state: StructureState, base: number, at: number): void {
  if (unitAt(at - 1) !== 0x2d) return;
  const before = at >= 2 ? unitAt(at - 2) : 0x20;
  if (before !== 0x20 && before !== 0x27 && before !== 0x22 && !isLineEnd(before)) return;
  state.labelPlace.flagStart = base + at + 1;
}

/** A space at a place of the whole text: the flag that is being read ends. */
export function endFlag({ labelPlace, trail, expected }: StructureState, place: number): void {
  if (labelPlace.flagStart === unset) return;
  trail.collect(said, labelPlace.flagStart, place);
  labelPlace.flagStart = unset;
  if (said.saysSomething) expected.expect(valueKinds.flag, said, place);
}

/** The end of a tag. "<ssn>" and "<ssn id=1>": its name is the label of what follows. */
export function endTag(state: StructureState, base: number, at: number): void {
  const { labelPlace, trail, expected } = state;
  const place = base + at;
  const { tagStart } = labelPlace;
  labelPlace.tagStart = unset;
  if (tagStart === unset || place - tagStart > tagUnitsMax || state.value.isQuoted) return;
  if ((letters[unitAt(tagStart - base + 1)] ?? 0) === 0) return;
  let nameEnd = tagStart + 1;
  while (nameEnd < place && nameEnd - tagStart < tagNameUnitsMax) {
    if (unitAt(nameEnd - base) === 0x20) break;
    nameEnd += 1;
  }
  if (trail.tellsSince(tagStart)) {
    trail.collect(said, tagStart, nameEnd);
    expected.expect(valueKinds.tag, said, place);
  } else expected.expectUnknown(valueKinds.tag, place);
}

// A mark at `at` of the whole text ends a label, which begins no earlier than `wordsFrom`.
function meetLabel(state: StructureState, kind: number, at: number, wordsFrom = 0): void {
  const { labelPlace, lines, trail, expected } = state;
  const from = Math.max(wordsFrom, labelPlace.startBefore(at));
  const saidFrom = Math.max(from, at - labelUnitsMax, lines.start);
  labelPlace.flagStart = unset;
  labelPlace.start = at + 1;
  if (!labelPlace.isInString) state.tables.refuseHeader();
  if (trail.tellsSince(saidFrom)) trail.collect(said, saidFrom, at);
  else said.clear();
  if (said.saysSomething) {
    state.values.end(said.start, at);
    if (said.topics.has(topics.person)) lines.meetSpeaker(at + 1);
    expected.expect(kind, said, at);
  } else {
    if (state.value.isQuoted || isEnclosed(state.value.kind)) return;
    lines.meetSpeaker(at + 1);
    expected.expectUnknown(kind, at);
    speakForOuter(state, saidFrom, at);
  }
  expected.wordsFrom = from;
}

// A label that says nothing itself, such as "value", stands for the key further out.
function speakForOuter(
  { nesting, outline, trail, expected }: StructureState,
  from: number,
  to: number,
): void {
  const outer = nesting.depth > 0 ? nesting.topics : outline.topics;
  if (outer === undefined || outer.isEmpty) return;
  trail.collect(said, from, to);
  if (said.isNeutral) expected.label.topics.copy(outer);
  else expected.outer.copy(outer);
}

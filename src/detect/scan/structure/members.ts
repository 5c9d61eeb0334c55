import { roles } from "../context/roles.ts";
import { wordFlags } from "../context/word-table.ts";
import { isShielded, labelUnitsMax, type StructureState, said } from "./structure-state.ts";
import { valueKinds } from "./value-kinds.ts";

/** How many words before a row of values "INTO" may stand. */
const intoWordsMax = 5;

// The marks that set values apart which stand together: cells, members of objects and arrays, rows of
// statements. `text` begins at `base`, the mark stands at `at` in it.

/** A comma, semicolon, tab or pipe. */
export function meetDelimiter(state: StructureState, role: number, base: number, at: number): void {
  const { labelPlace, statements } = state;
  const place = base + at;
  const labelStart = labelPlace.start;
  labelPlace.start = place + 1;
  if (isShielded(state)) return;
  if (role === roles.semicolon) statements.end();
  if (role === roles.comma && statements.isInColumns) addColumn(state, labelStart, place);
  else if (role === roles.comma && statements.isInRow) {
    statements.endCell();
    state.expected.expectColumn(valueKinds.rowValue, statements.column, place);
  } else {
    meetCell(state, role, base, at);
    if (role === roles.comma) expectItem(state, place);
  }
}

/** An object or array opens at a place of the whole text. */
export function openMembers(state: StructureState, isArray: boolean, place: number): void {
  if (isShielded(state)) return;
  const { expected } = state;
  const isNamed = expected.isOpen && expected.kind !== valueKinds.spoken;
  state.nesting.open(isArray, isNamed ? expected.label.topics : undefined);
  expected.drop();
  state.labelPlace.start = place + 1;
  expectItem(state, place);
}

/** An object or array ends. */
export function closeMembers(state: StructureState): void {
  if (!isShielded(state)) state.nesting.close();
}

/** A round bracket opens at a place of the whole text: perhaps around columns or a row of SQL. */
export function openParen(state: StructureState, place: number): void {
  if (isShielded(state)) return;
  const { trail, statements } = state;
  const into = trail.hasRecent(wordFlags.into, intoWordsMax, place - labelUnitsMax);
  const values = trail.hasRecent(wordFlags.values, 1, place - labelUnitsMax);
  statements.open(place, { into, values });
  if (statements.isInRow) {
    state.expected.expectColumn(valueKinds.rowValue, statements.column, place);
  }
}

/** A round bracket closes at a place of the whole text. */
export function closeParen(state: StructureState, place: number): void {
  if (isShielded(state)) return;
  if (state.statements.isInColumns) addColumn(state, state.labelPlace.start, place);
  state.statements.close(place);
}

function addColumn({ trail, statements }: StructureState, from: number, to: number): void {
  trail.collect(said, from, to);
  statements.addColumn(said);
}

function meetCell(
  { tables, expected, trail }: StructureState,
  role: number,
  base: number,
  at: number,
): void {
  const place = base + at;
  if (tables.delimiter === role) {
    tables.endCell(place);
    expected.expectColumn(valueKinds.cell, tables.column, place);
  } else if (tables.asksForHeader(role, place)) {
    trail.collect(said, tables.cellStart, place);
    tables.addHeader(base, place, said);
    tables.endCell(place);
  }
}

// In an array under a key each item is a value of what the key says.
function expectItem({ nesting, expected }: StructureState, place: number): void {
  const items = nesting.arrayTopics;
  if (items !== undefined && !items.isEmpty) expected.expectTopics(valueKinds.item, items, place);
}

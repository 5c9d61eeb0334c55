import { addCandidate, type Candidate, type Family, type Segment } from "../scan/family.ts";
import { groupStart } from "../scan/number-groups.ts";
import { letterBits, lowerBit, upperBit } from "../text/character-kind.ts";
import { unitAt, unitKindAt } from "../text/units.ts";
import { mayBeginToken, tokenUnitsMax } from "./secret-token.ts";
import type { TokenShape } from "./token-shape.ts";
import { runEnd, type UnitTable, unitTable } from "./unit-runs.ts";

/** A prefix and the shape it opens, in objects that are all alike. */
interface Opening extends Pick<TokenShape, "kind" | "judge"> {
  readonly prefix: string;
  readonly isWord: boolean;
  readonly unitsMax: number;
  readonly mayBegin: (start: number) => boolean;
  /** What the token is made of. */
  readonly table: UnitTable;
}

const unitsMin = 20;
const asciiBits = 7;
/** The list of what begins with no prefix. */
const none = 0;

/**
 * One family for all given shapes. Where a word begins, its first two characters say in one look-up
 * which prefixes are worth comparing, mostly none. Where several fit, the longest decides.
 */
export function createTokenFamily(shapes: readonly TokenShape[]): Family {
  const lists = buildLists(shapes);
  const listOf = buildIndex(lists);
  return {
    kinds: [...new Set(shapes.map(({ kind }) => kind))],
    needs: 0,
    needsOne: lowerBit | upperBit,
    unitsMin,
    digitsMin: 0,
    find(segment, found) {
      const { to, runs } = segment;
      let end = 0;
      for (let index = 0; index < runs.count; index += 1) {
        const at = groupStart(runs, index);
        if (at + unitsMin > to) return;
        const list = at < end ? none : listAt(listOf, at);
        if (list !== none) end = addFirst(lists[list] ?? [], segment, at, found);
      }
    },
  };
}

function listAt(listOf: Uint8Array, at: number): number {
  const first = unitAt(at);
  const second = unitAt(at + 1);
  return second < 0x80 ? (listOf[(first << asciiBits) | second] ?? none) : none;
}

// Adds the token at `start` if it is one; gives its end, or `start`.
function addFirst(
  list: readonly Opening[],
  { text, from, to }: Segment,
  start: number,
  found: Candidate[],
): number {
  // A letter of another script makes it the end of a word; segments are ended by it only beyond.
  if (start > from && (unitKindAt(start - 1) & letterBits) !== 0) return start;
  for (const opening of list) {
    const { prefix } = opening;
    if (!text.startsWith(prefix, start) || !opening.mayBegin(start)) continue;
    const end = endOf(opening, start, to);
    const pct = end < 0 ? 0 : opening.judge(text.slice(start, end), prefix, start);
    if (pct === 0) continue;
    addCandidate(found, opening.kind, { start, end, pct });
    return end;
  }
  return start;
}

// The end of the run of characters the shape may have, without full stops of a sentence; -1 if it is
// too long for a token.
function endOf({ isWord, unitsMax, table }: Opening, start: number, to: number): number {
  const limit = Math.min(to, start + unitsMax + 1);
  let end = runEnd(start, limit, table);
  if (isWord) return end;
  if (end - start > unitsMax) return -1;
  while (unitAt(end - 1) === 0x2e) end -= 1;
  return end;
}

function buildLists(shapes: readonly TokenShape[]): readonly (readonly Opening[])[] {
  const byStart = new Map<string, Opening[]>();
  for (const opening of buildOpenings(shapes)) {
    const start = opening.prefix.slice(0, 2);
    const list = byStart.get(start);
    if (list === undefined) byStart.set(start, [opening]);
    else list.push(opening);
  }
  const lists = [...byStart.values()];
  for (const list of lists) list.sort((a, b) => b.prefix.length - a.prefix.length);
  return [[], ...lists];
}

function buildOpenings(shapes: readonly TokenShape[]): Opening[] {
  const tables = new Map<string, UnitTable>();
  return shapes.flatMap((shape) => {
    const { kind, judge, prefixes, isWord = false, unitsMax = tokenUnitsMax } = shape;
    const table = tableFor(shape, tables);
    const mayBegin = shape.mayBegin ?? (isWord ? isAnywhere : mayBeginToken);
    return prefixes.map((prefix) => ({ prefix, kind, judge, isWord, unitsMax, mayBegin, table }));
  });
}

function isAnywhere(): boolean {
  return true;
}

// Of the tables made so far the one with the same marks, if there is one.
function tableFor({ isWord, marks = "" }: TokenShape, tables: Map<string, UnitTable>): UnitTable {
  const all = isWord === true ? "" : `_-${marks}`;
  const table = tables.get(all) ?? unitTable(all);
  tables.set(all, table);
  return table;
}

function buildIndex(lists: readonly (readonly Opening[])[]): Uint8Array {
  const index = new Uint8Array(1 << (2 * asciiBits));
  lists.forEach(([opening], list) => {
    if (opening === undefined) return;
    const { prefix } = opening;
    index[(prefix.charCodeAt(0) << asciiBits) | prefix.charCodeAt(1)] = list;
  });
  return index;
}

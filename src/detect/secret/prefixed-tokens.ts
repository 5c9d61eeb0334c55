import { addCandidate, type Candidate, type Family, type Segment } from "../scan/family.ts";
import { groupStart } from "../scan/number-groups.ts";
import { unitAt, unitKindAt } from "../scan/units.ts";
import { asciiWordBits, letterBits } from "../text/character-kind.ts";
import { isTokenUnit, mayBeginToken, tokenUnitsMax } from "./secret-token.ts";
import type { TokenShape } from "./token-shape.ts";

/** A prefix and the shape it opens. */
interface Opening {
  readonly prefix: string;
  readonly shape: TokenShape;
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

function wordEnd(start: number, to: number): number {
  let end = start;
  while (end < to && (unitKindAt(end) & asciiWordBits) !== 0) end += 1;
  return end;
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
  for (const { prefix, shape } of list) {
    if (!text.startsWith(prefix, start)) continue;
    if (shape.isWord !== true && !mayBeginToken(start)) continue;
    if (shape.mayBegin?.(start) === false) continue;
    const end = endOf(shape, text, start, to);
    const pct = end < 0 ? 0 : shape.judge(text.slice(start, end), prefix);
    if (pct === 0) continue;
    addCandidate(found, shape.kind, { start, end, pct });
    return end;
  }
  return start;
}

// The end of the run of characters the shape may have, without full stops of a sentence; -1 if it is
// too long for a token.
function endOf(shape: TokenShape, text: string, start: number, to: number): number {
  const { marks = "", unitsMax = tokenUnitsMax } = shape;
  const limit = Math.min(to, start + unitsMax + 1);
  if (shape.isWord === true) return wordEnd(start, limit);
  let end = start;
  while (end < limit && (isTokenUnit(end) || marks.includes(text.charAt(end)))) end += 1;
  if (end - start > unitsMax) return -1;
  while (unitAt(end - 1) === 0x2e) end -= 1;
  return end;
}

function buildLists(shapes: readonly TokenShape[]): readonly (readonly Opening[])[] {
  const byStart = new Map<string, Opening[]>();
  for (const shape of shapes) {
    for (const prefix of shape.prefixes) {
      const start = prefix.slice(0, 2);
      const list = byStart.get(start);
      if (list === undefined) byStart.set(start, [{ prefix, shape }]);
      else list.push({ prefix, shape });
    }
  }
  const lists = [...byStart.values()];
  for (const list of lists) list.sort((a, b) => b.prefix.length - a.prefix.length);
  return [[], ...lists];
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

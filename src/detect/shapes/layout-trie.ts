import { invariant } from "../../base/index.ts";
import { TopicSet } from "../scan/context/topic-set.ts";
import { joints } from "../scan/number-groups.ts";
import type { Topic } from "../scan/topics.ts";
import { digitBit, lowerBit, upperBit } from "../text/character-kind.ts";
import type { Shape } from "./shape.ts";

/** One way of writing one shape. */
export interface Writing {
  readonly shape: Shape;
  /** That of the shape. */
  readonly topic: Topic;
  /** Character kinds of each place, one column per alternative. */
  readonly masks: readonly Uint8Array[];
  /** It stands for itself; otherwise a word of the topic must be near. */
  readonly isAlone: boolean;
  /** Some of its groups are set apart by spaces, as figures in a row are. */
  readonly isSpaced: boolean;
}

/**
 * All ways of writing all shapes, as a tree over sizes of groups and joints: so a number costs one
 * step per group, however many shapes there are.
 */
export interface LayoutTrie {
  /**
   * Index of the node behind node `n`, joint `j` and size `s` at `rows[n] + ((j << 5) | s)`, if that node
   * has `n` as its parent: the rows of all nodes lie over one another, to touch little memory.
   */
  readonly next: Int16Array;
  readonly rows: Int16Array;
  readonly parents: Int16Array;
  /**
   * What ends at node `n` and characters of kinds `k` fit at `(n << 3) | k`, if anything does: for
   * digits, letters of one case, or both together. Nobody writes one identifier in both cases.
   */
  readonly endings: readonly (Writings | undefined)[];
  /**
   * What may stand behind a first group of size `s` and kinds `k`, joined by `j`, at `(j << 8) | (k << 5) | s`:
   * bit n for a group of size n, and bit 0 if the first may be all. Refuses most figures at one look.
   */
  readonly openings: Int32Array;
}

/** Writings of one layout, set out so that most figures are done with after a look at the topics. */
export interface Writings {
  readonly all: readonly Writing[];
  /** Those that stand for themselves. */
  readonly alone: readonly Writing[];
  /** What words near one must speak of at least one of, if it does not stand for itself. */
  readonly topics: TopicSet;
}

/** Groups longer than this belong to no layout; they count as one unit longer. */
export const groupUnitsMax = 30;

const bothCases = lowerBit | upperBit;

/** The joints of one unit that leave no group to itself, as bits. */
const tightJoints =
  (1 << joints.dash) | (1 << joints.dot) | (1 << joints.slash) | (1 << joints.plus);

/** A joint and a size make a step below this. */
const stepsMax = 256;

/** Joints as the tree numbers them, by those of the groups; 0 is for the first group and for none. */
const jointNumbers = buildJointNumbers();

const jointsByMark: Readonly<Record<string, number>> = {
  " ": joints.space,
  "-": joints.dash,
  ".": joints.dot,
  "/": joints.slash,
  "+": joints.plus,
};

/** The tree of all layouts. A layout that no mask of its shape fits is a mistake in the table. */
export function buildLayoutTrie(shapes: readonly Shape[]): LayoutTrie {
  const nodes: Map<number, number>[] = [new Map()];
  const writings: Writing[][] = [[]];
  for (const shape of shapes) {
    for (const layout of shape.alone) add(shape, layout, true);
    for (const layout of shape.labelled) add(shape, layout, false);
  }
  return {
    ...layOver(nodes),
    endings: writings.flatMap(endingsOf),
    openings: openingsOf(nodes, writings),
  };

  function add(shape: Shape, layout: string, isAlone: boolean): void {
    const sizes = layout.split(/[- ./+]/).map(Number);
    const units = sizes.reduce((sum, size) => sum + size, 0);
    const masks = shape.masks.filter((mask) => mask.length === units).map(toKinds);
    invariant(masks.length > 0, `no mask of ${shape.kind.type} fits ${layout}`);
    let node = 0;
    const marks = layout.replace(/\d/g, "");
    sizes.forEach((size, index) => {
      const joint = index === 0 ? 0 : (jointsByMark[marks.charAt(index - 1)] ?? 0);
      node = stepFrom(node, ((jointNumbers[joint] ?? 0) << 5) | size);
    });
    const { topic } = shape;
    writings[node]?.push({ shape, topic, masks, isAlone, isSpaced: marks.includes(" ") });
  }

  function stepFrom(node: number, step: number): number {
    const known = nodes[node]?.get(step);
    if (known !== undefined) return known;
    nodes[node]?.set(step, nodes.length);
    writings.push([]);
    return nodes.push(new Map()) - 1;
  }
}

// Each row begins at the first place where its steps meet none of those before.
function layOver(
  nodes: readonly ReadonlyMap<number, number>[],
): Omit<LayoutTrie, "endings" | "openings"> {
  const next = new Int16Array(nodes.length * stepsMax);
  const rows = new Int16Array(nodes.length);
  const parents = new Int16Array(nodes.length).fill(-1);
  nodes.forEach((steps, node) => {
    let row = 0;
    while ([...steps.keys()].some((step) => next[row + step] !== 0)) row += 1;
    rows[node] = row;
    for (const [step, target] of steps) {
      next[row + step] = target;
      parents[target] = node;
    }
  });
  return { next: next.slice(0, Math.max(...rows) + stepsMax), rows, parents };
}

// A group that ends where one unit joins it to the next is only the head of something longer.
function openingsOf(
  nodes: readonly ReadonlyMap<number, number>[],
  writings: readonly (readonly Writing[])[],
): Int32Array {
  const openings = new Int32Array(jointNumbers.length << 8);
  for (const [size, node] of nodes[0] ?? []) {
    for (let kinds = 0; kinds < 8; kinds += 1) {
      jointNumbers.forEach((number, joint) => {
        const place = (joint << 8) | (kinds << 5) | size;
        if (!isTight(joint) && ends(node, size, kinds)) openings[place] = 1;
        openings[place] = (openings[place] ?? 0) | followersOf(node, number, size, kinds);
      });
    }
  }
  return openings;

  // Sizes of the groups that a joint leads to, as bits.
  function followersOf(node: number, joint: number, size: number, kinds: number): number {
    let sizes = 0;
    for (const [step, next] of nodes[node] ?? []) {
      if (step >> 5 === joint && leadsOn(next, size, kinds)) sizes |= 1 << (step & 31);
    }
    return sizes;
  }

  function ends(node: number, size: number, kinds: number): boolean {
    return (writings[node] ?? []).some(({ masks }) =>
      masks.some((mask) => mayOpen(mask, size, kinds)),
    );
  }

  function leadsOn(node: number, size: number, kinds: number): boolean {
    if (ends(node, size, kinds)) return true;
    return [...(nodes[node]?.values() ?? [])].some((next) => leadsOn(next, size, kinds));
  }
}

// Whether the first places of a mask take characters of these kinds, each of which occurs.
function mayOpen(mask: Uint8Array, size: number, kinds: number): boolean {
  const places = mask.subarray(0, size);
  if ((kinds & bothCases) === bothCases) return false;
  const isEachTaken = [lowerBit, upperBit, digitBit].every(
    (kind) => (kinds & kind) === 0 || places.some((taken) => (taken & kind) !== 0),
  );
  return isEachTaken && places.every((taken) => (taken & kinds) !== 0);
}

/** Whether a joint makes two groups one thing, so that none begins or ends there. */
export function isTight(joint: number): boolean {
  return ((tightJoints >> joint) & 1) !== 0;
}

// One for each mix of the bits of small letters, capitals and digits.
function endingsOf(writings: readonly Writing[]): readonly (Writings | undefined)[] {
  const letters = setOut(writings.filter(accepting(lowerBit)));
  const digits = setOut(writings.filter(accepting(digitBit)));
  const mixed = setOut(writings);
  const none = undefined;
  return [none, letters, letters, none, digits, mixed, mixed, none];
}

function setOut(all: readonly Writing[]): Writings | undefined {
  if (all.length === 0) return undefined;
  const topics = new TopicSet();
  for (const { shape } of all) topics.add(shape.topic);
  return { all, alone: all.filter(({ isAlone }) => isAlone), topics };
}

function accepting(kind: number): (writing: Writing) => boolean {
  return ({ masks }) => masks.some((mask) => accepts(mask, kind));
}

function accepts(mask: Uint8Array, kind: number): boolean {
  return mask.every((kinds) => (kinds & kind) !== 0);
}

/**
 * Whether a group may begin a layout, by its units and kinds and by joint and units of the next one.
 * Most may not.
 */
export function mayOpenLayout(
  { openings }: LayoutTrie,
  units: number,
  kinds: number,
  joint: number,
  nextUnits: number,
): boolean {
  const followers = openings[(joint << 8) | (kinds << 5) | sizeOf(units)] ?? 0;
  return (followers & ((1 << sizeOf(nextUnits)) | 1)) !== 0;
}

function sizeOf(units: number): number {
  return Math.min(units, groupUnitsMax + 1);
}

/** The node behind a node, or 0. A joint that no layout has leads nowhere. */
export function stepTo(trie: LayoutTrie, node: number, joint: number, units: number): number {
  const number = jointNumbers[joint] ?? 0;
  if (units > groupUnitsMax || (number === 0) !== (node === 0)) return 0;
  const target = trie.next[(trie.rows[node] ?? 0) + ((number << 5) | units)] ?? 0;
  return trie.parents[target] === node ? target : 0;
}

function toKinds(mask: string): Uint8Array {
  return Uint8Array.from(mask, (kind) => {
    if (kind === "d") return digitBit;
    return kind === "l" ? bothCases : bothCases | digitBit;
  });
}

// A dash with spaces around it is a dash.
function buildJointNumbers(): Uint8Array {
  const numbers = new Uint8Array(joints.plus + 1);
  numbers[joints.none] = 0;
  numbers[joints.space] = 1;
  numbers[joints.dash] = 2;
  numbers[joints.spacedDash] = 2;
  numbers[joints.dot] = 3;
  numbers[joints.slash] = 4;
  numbers[joints.open] = 0;
  numbers[joints.close] = 0;
  numbers[joints.plus] = 5;
  return numbers;
}

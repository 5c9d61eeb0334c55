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
  /** Index of the node behind node `n`, joint `j` and size `s` at `(n << 8) | (j << 5) | s`; 0: none. */
  readonly next: Int16Array;
  /**
   * What ends at node `n` and characters of kinds `k` fit at `(n << 3) | k`, if anything does: for
   * digits, letters of one case, or both together. Nobody writes one identifier in both cases.
   */
  readonly endings: readonly (Writings | undefined)[];
}

/** Writings of one layout, set out so that most figures are done with after a look at the topics. */
export interface Writings {
  readonly all: readonly Writing[];
  /** Those that stand for themselves. */
  readonly alone: readonly Writing[];
  /** What words near one must speak of at least one of, if it does not stand for itself. */
  readonly topics: TopicSet;
  /** They may fit, by their places: digits among letters do not fit everywhere. */
  readonly isMixed: boolean;
}

/** Groups longer than this belong to no layout. */
export const groupUnitsMax = 31;

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
  const next = new Int16Array(nodes.length << 8);
  nodes.forEach((steps, node) => {
    for (const [step, target] of steps) next[(node << 8) | step] = target;
  });
  return { next, endings: writings.flatMap(endingsOf) };

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

// One for each mix of the bits of small letters, capitals and digits.
function endingsOf(writings: readonly Writing[]): readonly (Writings | undefined)[] {
  const letters = setOut(writings.filter(accepting(lowerBit)), false);
  const digits = setOut(writings.filter(accepting(digitBit)), false);
  const mixed = setOut(writings, true);
  const none = undefined;
  return [none, letters, letters, none, digits, mixed, mixed, none];
}

function setOut(all: readonly Writing[], isMixed: boolean): Writings | undefined {
  if (all.length === 0) return undefined;
  const topics = new TopicSet();
  for (const { shape } of all) topics.add(shape.topic);
  return { all, alone: all.filter(({ isAlone }) => isAlone), topics, isMixed };
}

function accepting(kind: number): (writing: Writing) => boolean {
  return ({ masks }) => masks.some((mask) => accepts(mask, kind));
}

function accepts(mask: Uint8Array, kind: number): boolean {
  return mask.every((kinds) => (kinds & kind) !== 0);
}

/** The node behind a node, or 0. A joint that no layout has leads nowhere. */
export function stepTo(trie: LayoutTrie, node: number, joint: number, units: number): number {
  const number = jointNumbers[joint] ?? 0;
  if (units > groupUnitsMax || (number === 0) !== (node === 0)) return 0;
  return trie.next[(node << 8) | (number << 5) | units] ?? 0;
}

function toKinds(mask: string): Uint8Array {
  const letterKinds = lowerBit | upperBit;
  return Uint8Array.from(mask, (kind) => {
    if (kind === "d") return digitBit;
    return kind === "l" ? letterKinds : letterKinds | digitBit;
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

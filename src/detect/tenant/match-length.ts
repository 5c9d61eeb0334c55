import type { RE2JS } from "re2js";

/** What the compiled program of a pattern is made of, as far as lengths go. */
interface Instruction {
  readonly op: number;
  readonly out: number;
  readonly arg: number;
  readonly runes: ArrayLike<number>;
}

/** Kinds of instruction (RE2's `Inst`). */
const alternatives: ReadonlySet<number> = new Set([1, 2]);
const failOp = 5;
const matchOp = 6;
const runesOp = 8;
const oneRuneOp = 9;
const anyRuneOps: ReadonlySet<number> = new Set([10, 11]);
/** Above it a character takes two UTF-16 units. */
const unitMax = 0xffff;

/**
 * UTF-16 units of the longest text a pattern can match, read off its program; infinite where the
 * program has a loop. An instruction of a kind not known here counts as a loop.
 */
export function longestMatch(pattern: RE2JS): number {
  const { inst, start } = pattern.re2Input.prog as {
    readonly inst: readonly Instruction[];
    readonly start: number;
  };
  // Nodes are visited twice: on the way down their successors, on the way up the longest of these.
  const lengths = new Map<number, number>();
  const open = new Set<number>();
  const stack = [start];
  while (stack.length > 0) {
    const at = stack[stack.length - 1] ?? start;
    const one = inst[at];
    if (one === undefined || lengths.has(at)) {
      stack.pop();
      continue;
    }
    const next = nextOf(one);
    if (!open.has(at)) {
      open.add(at);
      const waiting = next.filter((target) => !lengths.has(target));
      if (waiting.some((target) => open.has(target))) return Number.POSITIVE_INFINITY;
      stack.push(...waiting);
      continue;
    }
    stack.pop();
    open.delete(at);
    lengths.set(at, unitsOf(one) + Math.max(0, ...next.map((target) => lengths.get(target) ?? 0)));
  }
  return lengths.get(start) ?? Number.POSITIVE_INFINITY;
}

function nextOf({ arg, op, out }: Instruction): readonly number[] {
  if (op === matchOp || op === failOp) return [];
  return alternatives.has(op) ? [out, arg] : [out];
}

function unitsOf({ op, runes }: Instruction): number {
  if (anyRuneOps.has(op)) return 2;
  if (op !== runesOp && op !== oneRuneOp) return 0;
  return Math.max(0, ...Array.from(runes)) > unitMax ? 2 : 1;
}

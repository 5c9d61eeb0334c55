import { roles } from "../roles.ts";
import { sentenceFlag, type Tokens } from "../tokens.ts";
import type { Signal, SignalName } from "./signal.ts";

/** Words about several things that stand close together, whatever their order. */
interface LatticeRule {
  readonly name: SignalName;
  /** One of these is where the search begins. */
  readonly anchor: number;
  /** Each of these has to be near: one word of each mask, not the anchor itself. */
  readonly near: readonly number[];
  /** How many words away. */
  readonly reach: number;
  /** Looks beyond the sentence. */
  readonly isWide?: true;
}

/** Signals of one text, at most; what has so many is not in doubt. */
const signalsMax = 256;

const rules: readonly LatticeRule[] = [
  rule("override_instructions", roles.override, [roles.scope, roles.object], 8),
  rule("set_instructions_aside", roles.override, [roles.object], 5),
  rule("new_instructions", roles.fresh, [roles.object], 3),
  rule("keep_from_user", roles.tell, [roles.never, roles.user], 6),
  rule("addressed_to_model", roles.ai, [roles.reading], 6),
  rule("tool_command", roles.call, [roles.tool], 5),
  rule("claimed_authority", roles.authority, [roles.override | roles.fresh], 6),
  rule("reveal_instructions", roles.reveal, [roles.hidden, roles.object], 8),
  rule("repeat_above", roles.reveal, [roles.scope, roles.object], 7),
  rule("ask_for_instructions", roles.reveal, [roles.your, roles.object], 6),
  { ...rule("persona_without_limits", roles.unlimited, [roles.persona], 28), isWide: true },
  rule("without_limits", roles.unlimited, [], 0),
  rule("set_limits_aside", roles.limit, [roles.override], 6),
  rule("never_refuse", roles.refuse, [roles.never], 5),
];

const anchors = rules.reduce((mask, { anchor }) => mask | anchor, 0);

/** Finds signals made of words in the tokens, in the order of their anchors. */
export function findLattice(tokens: Tokens, signals: Signal[]): void {
  if ((tokens.rolesSeen & anchors) === 0) return;
  for (let mark = 0; mark < tokens.markedCount; mark += 1) {
    const at = tokens.marked[mark] ?? 0;
    const found = tokens.roles[at] ?? 0;
    if ((found & anchors) === 0) continue;
    if (signals.length >= signalsMax) return;
    for (const each of rules) {
      if ((found & each.anchor) !== 0 && mayHold(each, tokens.rolesSeen))
        match(each, tokens, at, signals);
    }
  }
}

function mayHold({ near }: LatticeRule, seen: number): boolean {
  for (const mask of near) if ((seen & mask) === 0) return false;
  return true;
}

/** Adds the signal if every part of the rule stands within reach. */
function match(each: LatticeRule, tokens: Tokens, anchor: number, signals: Signal[]): void {
  let first = anchor;
  let last = anchor;
  for (const mask of each.near) {
    const at = nearest(tokens, anchor, mask, each);
    if (at < 0) return;
    if (at < first) first = at;
    if (at > last) last = at;
  }
  signals.push({ name: each.name, start: tokens.start[first] ?? 0, end: tokens.end[last] ?? 0 });
}

/** The nearest token about one of these, or -1; of two as near the one ahead. */
function nearest(tokens: Tokens, anchor: number, mask: number, each: LatticeRule): number {
  const ahead = stepsTo(tokens, anchor, mask, each, 1);
  const behind = stepsTo(tokens, anchor, mask, each, -1);
  if (ahead === 0 && behind === 0) return -1;
  return ahead !== 0 && (behind === 0 || ahead <= behind) ? anchor + ahead : anchor - behind;
}

/** How many words away one of these stands in a direction; 0: none does within reach. */
function stepsTo(
  { count, flags, roles: bits }: Tokens,
  anchor: number,
  mask: number,
  { isWide, reach }: LatticeRule,
  direction: 1 | -1,
): number {
  for (let step = 1; step <= reach; step += 1) {
    const at = anchor + step * direction;
    if (at < 0 || at >= count) return 0;
    // A sentence that ends between two words is noted at the latter.
    const latter = direction === 1 ? at : at + 1;
    if (!isWide && ((flags[latter] ?? 0) & sentenceFlag) !== 0) return 0;
    if (((bits[at] ?? 0) & mask) !== 0) return step;
  }
  return 0;
}

function rule(
  name: SignalName,
  anchor: number,
  near: readonly number[],
  reach: number,
): LatticeRule {
  return { name, anchor, near, reach };
}

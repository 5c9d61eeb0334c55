import { digitBit } from "../text/character-kind.ts";
import { LineContext } from "./context-words.ts";
import type { Candidate, Family, Segment } from "./family.ts";
import { collectGroups, createNumberGroups } from "./number-groups.ts";
import { settleOverlaps } from "./overlap.ts";

/** A stretch of text to be judged, with the character kinds that occur in it. */
export interface Stretch {
  readonly text: string;
  readonly from: number;
  readonly to: number;
  readonly kinds: number;
  readonly isWindow: boolean;
}

/** Gives what the families find in a stretch, overlaps settled, sorted by start. */
export interface Judge {
  judge(stretch: Stretch): readonly Candidate[];
}

/**
 * A judge over the given families for stretches of up to `unitsMax` units. Keeps scratch memory from
 * call to call.
 */
export function createJudge(families: readonly Family[], unitsMax: number): Judge {
  const groups = createNumberGroups(unitsMax);
  const context = new LineContext();
  return {
    judge(stretch) {
      const { text, from, to, kinds, isWindow } = stretch;
      groups.count = 0;
      groups.digits = 0;
      if ((kinds & digitBit) !== 0) collectGroups(text, [from, to], groups);
      const value = text.slice(from, to);
      const around = context.of(text);
      const segment: Segment = { text, from, to, value, groups, context: around, isWindow };
      const found: Candidate[] = [];
      for (const family of families) {
        if (deserves(family, segment, kinds)) family.find(segment, found);
      }
      return settleOverlaps(text, found);
    },
  };
}

function deserves(family: Family, segment: Segment, kinds: number): boolean {
  return (
    (kinds & family.needs) === family.needs &&
    segment.to - segment.from >= family.unitsMin &&
    segment.groups.digits >= family.digitsMin
  );
}

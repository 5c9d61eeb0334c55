import type { WordLabel } from "./token-labels.ts";

/** A word of a text with what it is said to be. */
export interface LabelledWord extends WordLabel {
  /** UTF-16 units into the text. */
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/** Words in a row that are one thing. */
export interface Entity {
  /** Index of its type. */
  readonly type: number;
  /** UTF-16 units into the text. */
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  /** 0 to 1, of its surest word: that the others belong to it does not make it less likely. */
  readonly confidence: number;
}

/** The entities of a text without the white space around them; words are given in order. */
export function entitiesOf(text: string, words: readonly LabelledWord[]): readonly Entity[] {
  const entities: Entity[] = [];
  let last: Entity | undefined;
  for (const { begins, confidence, end, start, type } of words) {
    if (type === undefined) {
      last = undefined;
      continue;
    }
    if (last?.type === type && !begins) {
      entities.pop();
      last = { ...last, end, confidence: Math.max(last.confidence, confidence) };
    } else last = { type, start, end, confidence };
    entities.push(last);
  }
  return entities.flatMap((entity) => withoutBlanks(text, entity) ?? []);
}

function withoutBlanks(text: string, entity: Entity): Entity | undefined {
  const value = text.slice(entity.start, entity.end);
  const start = entity.start + value.length - value.trimStart().length;
  const end = entity.start + value.trimEnd().length;
  return start < end ? { ...entity, start, end } : undefined;
}

/** Several texts as one, and the way back. */
export interface JoinedTexts {
  readonly text: string;
  /** Gives the parts of a range that lie in texts, offsets into these; what lies between is left out. */
  partsOf(start: number, end: number): readonly TextPart[];
}

export interface TextPart {
  readonly text: number;
  readonly start: number;
  readonly end: number;
}

/** An empty line, so that no sentence goes on behind it. */
const between = "\n\n";

/** Joins texts, to be read in one go. */
export function joinTexts(texts: readonly string[]): JoinedTexts {
  const starts: number[] = [];
  let at = 0;
  for (const text of texts) {
    starts.push(at);
    at += text.length + between.length;
  }
  return {
    text: texts.join(between),
    partsOf: (start, end) => {
      const parts: TextPart[] = [];
      for (let index = lastBefore(starts, start); index < texts.length; index += 1) {
        const from = starts[index] ?? 0;
        if (from >= end) break;
        const part = {
          text: index,
          start: Math.max(start - from, 0),
          end: Math.min(end - from, texts[index]?.length ?? 0),
        };
        if (part.start < part.end) parts.push(part);
      }
      return parts;
    },
  };
}

/** The last of ascending numbers that is not beyond this one; the first where all are. */
function lastBefore(starts: readonly number[], at: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return Math.max(low, 0);
}

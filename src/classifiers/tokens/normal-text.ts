/** Part of a text as it is read: a character and the marks on it. */
export type NormalStep = (cluster: string) => string;

/** A text as it is read, and where each of its UTF-16 units comes from in the text as it is written. */
export interface NormalText {
  readonly text: string;
  readonly starts: ArrayLike<number>;
  /** Exclusive. */
  readonly ends: ArrayLike<number>;
}

/**
 * A character with what may join it in normalisation: marks, and the vowels and finals of Hangul. What
 * has more of them than any writing has is cut, since putting marks in order takes ever longer.
 */
const clusters = /[^\p{M}\u1160-\u11ff][\p{M}\u1160-\u11ff]{0,64}|[\p{M}\u1160-\u11ff]{1,64}/gsu;

/** Takes a text through steps, cluster by cluster, and behind a blank of nowhere if so asked. */
export function normalText(
  text: string,
  steps: readonly NormalStep[],
  addsBlank: boolean,
): NormalText {
  const parts: string[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  if (addsBlank && text !== "" && !text.startsWith(" ")) {
    parts.push(" ");
    starts.push(0);
    ends.push(0);
  }
  for (const { 0: cluster, index } of text.matchAll(clusters)) {
    let part = cluster;
    for (const step of steps) part = step(part);
    parts.push(part);
    for (let unit = 0; unit < part.length; unit += 1) {
      // Where nothing changed, each unit stands for itself.
      starts.push(part === cluster ? index + unit : index);
      ends.push(part === cluster ? index + unit + 1 : index + cluster.length);
    }
  }
  return { text: parts.join(""), starts, ends };
}

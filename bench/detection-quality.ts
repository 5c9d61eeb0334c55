import type { LabelledDocument } from "./corpus/index.ts";
import type { Contestant } from "./detection-peers.ts";
import { type Score, Scorer } from "./detection-score.ts";

/** A value not found, or a finding that is none, with what stands around it. */
export interface Mistake {
  readonly kind: "missed" | "fp";
  readonly type: string;
  readonly document: string;
  readonly snippet: string;
}

/** One contestant's answer to one corpus. */
export interface QualityResult {
  readonly name: string;
  readonly score: Score;
  readonly mistakes: readonly Mistake[];
}

/** Lets a contestant read a corpus and counts. */
export async function measureQuality(
  contestant: Contestant,
  documents: readonly LabelledDocument[],
): Promise<QualityResult> {
  const scorer = new Scorer(contestant.isGenerous);
  const mistakes: Mistake[] = [];
  for (const document of documents) {
    const { missed, wrong } = scorer.add(document, await contestant.find(document.text));
    const noted =
      (kind: Mistake["kind"]) => (range: { type: string; start: number; end: number }) => {
        mistakes.push({
          kind,
          type: range.type,
          document: document.id,
          snippet: snippetOf(document.text, range),
        });
      };
    missed.forEach(noted("missed"));
    wrong.forEach(noted("fp"));
  }
  return { name: contestant.name, score: scorer.score(), mistakes };
}

function snippetOf(text: string, { start, end }: { start: number; end: number }): string {
  const before = text.slice(Math.max(0, start - 45), start);
  const value = text.slice(start, Math.min(end, start + 60));
  return JSON.stringify(`${before}«${value}»${text.slice(end, end + 20)}`).slice(1, -1);
}

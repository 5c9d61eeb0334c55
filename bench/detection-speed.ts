import { performance } from "node:perf_hooks";
import { createCorpus, createWilderCorpus, Random } from "./corpus/index.ts";
import type { Contestant } from "./detection-peers.ts";
import { median, quantile } from "./statistics.ts";

/** Time for texts of one kind and size, in microseconds. */
export interface SpeedRow {
  readonly kind: string;
  readonly kibibytes: number;
  readonly p50: number;
  readonly p99: number;
  /** Mean over the texts, of each the median: sizes are compared by it, since texts differ much. */
  readonly mean: number;
  /** A bare loop over the tokens of the same texts. */
  readonly loopP50: number;
}

/** Kinds of texts, by the share of documents full of values; the rest is plain. */
export const speedKinds = { plain: 0, mixed: 0.25, crammed: 1 } as const;

export type SpeedKind = keyof typeof speedKinds;

const textsPerKind = 128;
const unitsPerText = 4096;
const rounds = 9;
/** Rounds until the compiler has nothing left to do: it still changes some functions after 20,000 texts. */
const warmUpRounds = 32;

/**
 * Texts of one kind and size, cut from documents of the corpora and plain prose. Larger ones are made of
 * the smaller, so that sizes differ in nothing else. Each is one string in memory, as a parsed body
 * gives it: a piece of another one answers each `charCodeAt` slower, and only the loop asks it.
 */
export function speedTexts(kind: SpeedKind, kibibytes: number): string[] {
  const texts = smallTexts(kind);
  const perText = (kibibytes * 1024) / unitsPerText;
  return Array.from({ length: textsPerKind / perText }, (_, index) =>
    inOnePiece(texts.slice(index * perText, (index + 1) * perText).join("")),
  );
}

function inOnePiece(text: string): string {
  return JSON.parse(JSON.stringify(text)) as string;
}

function smallTexts(kind: SpeedKind): string[] {
  const full = new Random(`speed ${kind}`).shuffled(
    [...createCorpus("speed", 1200), ...createWilderCorpus("speed", 300)].filter(
      ({ spans }) => spans.length > 0,
    ),
  );
  let next = 0;
  return Array.from({ length: textsPerKind }, () => {
    let text = "";
    for (let turn = 0; text.length < unitsPerText; turn += 1) {
      const isFull =
        Math.floor((turn + 1) * speedKinds[kind]) > Math.floor(turn * speedKinds[kind]);
      const document = full[next % full.length];
      if (isFull) next += 1;
      text += isFull && document !== undefined ? document.text : plainParagraph(turn);
      text += "\n\n";
    }
    return text.slice(0, unitsPerText);
  });
}

/**
 * Measures a scan and the loop in turns over the same texts, in rounds. Figures are medians of the
 * rounds' own, so that what else the machine does in one of them does not count.
 */
export function measureSpeed(
  scan: (text: string) => unknown,
  kind: SpeedKind,
  kibibytes: number,
): SpeedRow {
  const texts = speedTexts(kind, kibibytes);
  const calls = Math.ceil((kibibytes > 16 ? 60 : 600) / texts.length) * texts.length;
  for (let warmUp = 0; warmUp < warmUpRounds; warmUp += 1) measureRound(scan, texts, calls);
  const measured = Array.from({ length: rounds }, () => measureRound(scan, texts, calls));
  const all = measured.flatMap(({ scans }) => scans);
  const ofEachText = texts.map((_, index) =>
    median(all.filter((_, call) => call % texts.length === index)),
  );
  return {
    kind,
    kibibytes,
    p50: median(measured.map(({ scans }) => median(scans))),
    p99: median(measured.map(({ scans }) => quantile(scans, 0.99))),
    mean: ofEachText.reduce((sum, each) => sum + each, 0) / texts.length,
    loopP50: median(measured.map(({ loops }) => median(loops))),
  };
}

function measureRound(scan: (text: string) => unknown, texts: readonly string[], calls: number) {
  const scans: number[] = [];
  const loops: number[] = [];
  let units = 0;
  for (let call = 0; call < calls; call += 1) {
    const text = texts[call % texts.length] ?? "";
    const start = performance.now();
    scan(text);
    const between = performance.now();
    units += takeTokens(text);
    loops.push((performance.now() - between) * 1000);
    scans.push((between - start) * 1000);
  }
  // What the loop gave is asked for, so that no compiler leaves it out.
  if (units === 0) throw new Error("expected texts with tokens");
  return { scans, loops };
}

/** Median time of a contestant over a few texts, in microseconds. */
export async function measurePeer(
  contestant: Contestant,
  texts: readonly string[],
): Promise<number> {
  const run = contestant.run ?? contestant.find;
  const times: number[] = [];
  for (const text of [...texts, ...texts]) {
    const start = performance.now();
    await run(text);
    times.push((performance.now() - start) * 1000);
  }
  return median(times.slice(texts.length));
}

const isTokenCharacter = Uint8Array.from({ length: 128 }, (_, code) =>
  /[\w@.+-]/.test(String.fromCharCode(code)) ? 1 : 0,
);

/**
 * The measure of all: a bare loop over the tokens of a text, which takes each one out and does nothing
 * with it but add up lengths. It costs about 12 us for 4 KB here; counting tokens without taking them
 * out costs 5.
 */
export function takeTokens(text: string): number {
  let units = 0;
  let start = -1;
  for (let index = 0; index <= text.length; index += 1) {
    const code = index < text.length ? text.charCodeAt(index) : 0;
    const belongs = code < 128 ? isTokenCharacter[code] === 1 : true;
    if (belongs && start < 0) start = index;
    if (belongs || start < 0) continue;
    units += text.slice(start, index).length;
    start = -1;
  }
  return units;
}

const plainSentences = [
  "The committee met twice and put off the decision until the figures are complete.",
  "Most of the delay came from the harbour, where a crane was under repair.",
  "She asked whether the draft could be shorter, and whether the table belongs in it.",
  "Between the two wars the town grew slowly; later it grew too fast.",
  "If the parser meets a comment it skips to the end of the line and goes on.",
  "Nothing in the second part contradicts what was said in the first.",
];

function plainParagraph(turn: number): string {
  return plainSentences.map((_, index) => plainSentences[(index + turn) % 6]).join(" ");
}

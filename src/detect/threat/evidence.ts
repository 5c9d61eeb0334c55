import type { LinearModel } from "./model.ts";
import { ModelReader, windowTokens } from "./model.ts";
import { readingsOf } from "./readings.ts";
import { roles } from "./roles.ts";
import { findHidden } from "./signals/hidden.ts";
import { findLattice } from "./signals/lattice.ts";
import { findLinks } from "./signals/links.ts";
import { findMarkup } from "./signals/markup.ts";
import type { Signal } from "./signals/signal.ts";
import { Tokens } from "./tokens.ts";

/** Words of a text that are weighed together; two such stretches overlap by half. */
export const stretchTokens = 128;
/** Roles of which a stretch needs one before the model reads it. */
const alarming =
  roles.override |
  roles.object |
  roles.hidden |
  roles.ai |
  roles.persona |
  roles.unlimited |
  roles.refuse |
  roles.send |
  roles.tell |
  roles.reveal |
  roles.user |
  roles.tool |
  roles.data |
  roles.authority |
  roles.limit;
const quotes = "\"'`“”„«»‘’「」『』";
const isQuote = Uint8Array.from({ length: 0x10000 }, (_, code) =>
  quotes.includes(String.fromCharCode(code)) ? 1 : 0,
);
const quoteReach = 60;

/** What speaks for and against a threat in one stretch of a text. */
export interface Evidence {
  /** Log odds as the model has them. */
  readonly model: number;
  /** Where the model's window lies. */
  readonly start: number;
  readonly end: number;
  /** One of each kind, the first. */
  readonly signals: readonly Signal[];
  /** Words that talk about attacks or examples, three at most. */
  readonly discussing: number;
  /** Share of the signals, 0 to 1, that stand in quotes. */
  readonly quoted: number;
}

/** Tokens from one to another, and the first mark among them. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly mark: number;
}

/** Gathers evidence from texts; keeps its scratch memory from one to the next. */
export class EvidenceReader {
  readonly #tokens = new Tokens();
  readonly #readingTokens = new Tokens();
  readonly #model: ModelReader;

  constructor(model: LinearModel) {
    this.#model = new ModelReader(model);
  }

  /** The evidence of each stretch with any. */
  read(text: string): readonly Evidence[] {
    const tokens = this.#tokens;
    tokens.read(text, 0, text.length);
    const signals: Signal[] = [];
    const spelled = this.#findSignals(text, tokens, signals);
    for (const reading of [...spelled, ...readingsOf(text, tokens)])
      this.#readDecoded(reading, signals);
    if (signals.length === 0 && (tokens.rolesSeen & alarming) === 0) return [];
    signals.sort((a, b) => a.start - b.start);
    return this.#stretches(text, signals);
  }

  #findSignals(text: string, tokens: Tokens, signals: Signal[]) {
    findLattice(tokens, signals);
    findMarkup(text, tokens, signals);
    findLinks(text, tokens, signals);
    return findHidden(text, tokens, signals);
  }

  /** What a decoded part says counts where the part stands, and that it had to be decoded as well. */
  #readDecoded(reading: { text: string; start: number; end: number }, signals: Signal[]): void {
    const { end, start } = reading;
    const tokens = this.#readingTokens;
    tokens.read(reading.text, 0, reading.text.length);
    const inside: Signal[] = [];
    findLattice(tokens, inside);
    findLinks(reading.text, tokens, inside);
    this.#model.begin(tokens);
    const model = this.#model.best(0, tokens.count);
    if (inside.length === 0 && model < 1) return;
    for (const name of new Set(inside.map((each) => each.name))) signals.push({ name, start, end });
    signals.push({ name: "encoded_instructions", start, end });
  }

  #stretches(text: string, signals: readonly Signal[]): readonly Evidence[] {
    const tokens = this.#tokens;
    const evidence: Evidence[] = [];
    this.#model.begin(tokens);
    let first = 0;
    let mark = 0;
    for (
      let from = 0;
      from === 0 || from + stretchTokens / 2 < tokens.count;
      from += stretchTokens / 2
    ) {
      const to = Math.min(tokens.count, from + stretchTokens);
      const start = from === 0 ? 0 : (tokens.start[from] ?? 0);
      const end = to === tokens.count ? text.length : (tokens.start[to] ?? text.length);
      while ((signals[first]?.start ?? end) < start) first += 1;
      const own = firstOfEach(signals, first, end);
      mark = tokens.markAt(from, mark);
      const read = this.#weigh(text, { from, to, mark }, own);
      if (read !== undefined) evidence.push(read);
    }
    return evidence;
  }

  #weigh(
    text: string,
    { from, mark, to }: Stretch,
    signals: readonly Signal[],
  ): Evidence | undefined {
    const tokens = this.#tokens;
    const { marked, markedCount } = tokens;
    let seen = 0;
    let discussing = 0;
    for (let at = mark; at < markedCount && (marked[at] as number) < to; at += 1) {
      const bits = tokens.roles[marked[at] as number] as number;
      seen |= bits;
      if ((bits & roles.discuss) !== 0) discussing += 1;
    }
    if (signals.length === 0 && (seen & alarming) === 0) return undefined;
    const model = this.#model.best(from, to);
    const windowEnd = this.#model.bestEnd;
    const windowStart = Math.max(from, windowEnd - windowTokens + 1);
    const quoted =
      signals.filter((each) => isQuoted(text, each)).length / Math.max(1, signals.length);
    return {
      model,
      start: tokens.start[windowStart] ?? 0,
      end: tokens.end[windowEnd] ?? 0,
      signals,
      discussing: Math.min(3, discussing),
      quoted,
    };
  }
}

/** The first signal of each kind among those from an index on that begin before `end`. */
function firstOfEach(signals: readonly Signal[], from: number, end: number): readonly Signal[] {
  const found: Signal[] = [];
  for (let index = from; index < signals.length; index += 1) {
    const signal = signals[index] as Signal;
    if (signal.start >= end) break;
    if (!found.some(({ name }) => name === signal.name)) found.push(signal);
  }
  return found;
}

function isQuoted(text: string, { end, start }: Signal): boolean {
  return (
    hasQuote(text, Math.max(0, start - quoteReach), start) && hasQuote(text, end, end + quoteReach)
  );
}

function hasQuote(text: string, from: number, to: number): boolean {
  for (let at = from; at < to && at < text.length; at += 1) {
    if (isQuote[text.charCodeAt(at)] === 1) return true;
  }
  return false;
}

import { type GoldSpan, type LabelledDocument, rowOf } from "./corpus/index.ts";

/** What a detector says it found. Offsets in UTF-16 units, end exclusive. */
export interface Prediction {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/** How good an answer is, in shares of one. */
export interface Quality {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** What a detector made of a corpus. Shares of one unless said otherwise. */
export interface Score {
  readonly documents: number;
  readonly values: number;
  /** Something is found where a value is. */
  readonly anyType: Quality;
  /** And it is called what it is, or by another name of the same row of the catalogue. */
  readonly typed: Quality;
  /** Mean of the typed F1 of the rows that come up. */
  readonly macroTypeF1: number;
  /** Values found with exactly their first and last character, of those found with their type. */
  readonly exact: number;
  /** Characters of values that no finding covers. */
  readonly leaked: number;
  /** Findings per thousand documents in which nothing is to be found. */
  readonly falsePositivesPerThousand: number;
  /** Characters of no value that a finding covers. */
  readonly altered: number;
  readonly recallByType: Readonly<Record<string, TypeRecall>>;
}

export interface TypeRecall {
  readonly values: number;
  readonly found: number;
  readonly typed: number;
}

/** Counts over documents; `score` reads them out at any time. */
export class Scorer {
  readonly #isGenerous: boolean;
  readonly #any = new Tally();
  readonly #typed = new Tally();
  readonly #rows = new Map<string, Tally>();
  readonly #types = new Map<string, { values: number; found: number; typed: number }>();
  #documents = 0;
  #clean = 0;
  #falsePositives = 0;
  #exact = 0;
  readonly #units = { gold: 0, leaked: 0, plain: 0, altered: 0 };

  /**
   * A match is an overlap of at least half of what either covers. A generous one asks only that half of
   * the value be covered, for detectors that report more than the value on purpose.
   */
  constructor(isGenerous: boolean) {
    this.#isGenerous = isGenerous;
  }

  add({ text, spans }: LabelledDocument, predictions: readonly Prediction[]): Judged {
    const required = spans.filter((span) => span.isOptional !== true);
    const optional = spans.filter((span) => span.isOptional === true);
    const counted = predictions.filter((each) => !optional.some((span) => touches(span, each)));
    const any = match(required, counted, () => true, this.#isGenerous);
    const typed = match(required, counted, isSameRow, this.#isGenerous);
    this.#any.add(any.gold.size, required.length, any.predicted.size, counted.length);
    this.#typed.add(typed.gold.size, required.length, typed.predicted.size, counted.length);
    this.#countTypes(required, counted, any, typed);
    this.#countUnits(text.length, spans, predictions);
    this.#documents += 1;
    if (spans.length === 0) {
      this.#clean += 1;
      this.#falsePositives += predictions.length;
    }
    return {
      missed: required.filter((span) => !typed.gold.has(span)),
      wrong: counted.filter((each) => !any.predicted.has(each)),
    };
  }

  score(): Score {
    const rows = [...this.#rows.values()].filter(({ values }) => values > 0);
    const { gold, leaked, plain, altered } = this.#units;
    return {
      documents: this.#documents,
      values: this.#typed.values,
      anyType: this.#any.quality(),
      typed: this.#typed.quality(),
      macroTypeF1: rows.reduce((sum, row) => sum + row.quality().f1, 0) / rows.length,
      exact: this.#exact / Math.max(1, this.#typed.matched),
      leaked: leaked / Math.max(1, gold),
      falsePositivesPerThousand: (this.#falsePositives / Math.max(1, this.#clean)) * 1000,
      altered: altered / Math.max(1, plain),
      recallByType: Object.fromEntries(this.#types),
    };
  }

  #countTypes(
    gold: readonly GoldSpan[],
    counted: readonly Prediction[],
    any: Matches,
    typed: Matches,
  ): void {
    for (const span of gold) {
      const isTyped = typed.gold.has(span);
      const counts = this.#types.get(span.type) ?? { values: 0, found: 0, typed: 0 };
      counts.values += 1;
      if (any.gold.has(span)) counts.found += 1;
      if (isTyped) counts.typed += 1;
      this.#types.set(span.type, counts);
      this.#row(span.type).add(isTyped ? 1 : 0, 1, 0, 0);
      const answer = typed.gold.get(span);
      if (answer?.start === span.start && answer.end === span.end) this.#exact += 1;
    }
    for (const each of counted) {
      this.#row(each.type).add(0, 0, typed.predicted.has(each) ? 1 : 0, 1);
    }
  }

  #row(type: string): Tally {
    const row = rowOf(type);
    const tally = this.#rows.get(row) ?? new Tally();
    this.#rows.set(row, tally);
    return tally;
  }

  #countUnits(
    length: number,
    spans: readonly GoldSpan[],
    predictions: readonly Prediction[],
  ): void {
    const covered = new Uint8Array(length);
    for (const { start, end } of predictions) covered.fill(1, start, end);
    const allowed = new Uint8Array(length);
    for (const span of spans) {
      const { start, end } = span.wide ?? span;
      allowed.fill(1, start, end);
      if (span.isOptional === true) continue;
      this.#units.gold += span.end - span.start;
      for (let unit = span.start; unit < span.end; unit += 1) {
        if (covered[unit] === 0) this.#units.leaked += 1;
      }
    }
    for (let unit = 0; unit < length; unit += 1) {
      if (allowed[unit] === 1) continue;
      this.#units.plain += 1;
      if (covered[unit] === 1) this.#units.altered += 1;
    }
  }
}

/** What to look at when asking why. */
export interface Judged {
  readonly missed: readonly GoldSpan[];
  readonly wrong: readonly Prediction[];
}

class Tally {
  matched = 0;
  values = 0;
  right = 0;
  predictions = 0;

  add(matched: number, values: number, right: number, predictions: number): void {
    this.matched += matched;
    this.values += values;
    this.right += right;
    this.predictions += predictions;
  }

  quality(): Quality {
    const precision = this.predictions === 0 ? 0 : this.right / this.predictions;
    const recall = this.values === 0 ? 0 : this.matched / this.values;
    const sum = precision + recall;
    return { precision, recall, f1: sum === 0 ? 0 : (2 * precision * recall) / sum };
  }
}

interface Matches {
  readonly gold: ReadonlyMap<GoldSpan, Prediction>;
  readonly predicted: ReadonlySet<Prediction>;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

const isSameRow = (span: GoldSpan, each: Prediction): boolean =>
  rowOf(span.type) === rowOf(each.type);

/** Pairs values and findings, the closest first; one finding answers one value. */
function match(
  gold: readonly GoldSpan[],
  predictions: readonly Prediction[],
  fits: (span: GoldSpan, each: Prediction) => boolean,
  isGenerous: boolean,
): Matches {
  const pairs = gold.flatMap((span) =>
    predictions
      .filter((each) => touches(span, each) && fits(span, each))
      .map((each) => ({ span, each, ...closeness(span, each, isGenerous) })),
  );
  const matches = { gold: new Map<GoldSpan, Prediction>(), predicted: new Set<Prediction>() };
  for (const { span, each, share, isWide } of pairs.sort((a, b) => b.share - a.share)) {
    if (share < 0.5 || matches.gold.has(span)) continue;
    // Several values may lie in one encoded run that is found as a whole.
    if (matches.predicted.has(each) && !isWide) continue;
    matches.gold.set(span, each);
    matches.predicted.add(each);
  }
  return matches;
}

function closeness(span: GoldSpan, each: Prediction, isGenerous: boolean) {
  const narrow = isGenerous ? overlap(span, each) / (span.end - span.start) : shared(span, each);
  const wide = span.wide === undefined ? 0 : shared(span.wide, each);
  return { share: Math.max(narrow, wide), isWide: wide > narrow };
}

const overlap = (a: Range, b: Range): number =>
  Math.max(0, Math.min(a.end, b.end) - Math.max(a.start, b.start));

const touches = (a: Range, b: Range): boolean => overlap(a, b) > 0;

/** Intersection over union. */
function shared(a: Range, b: Range): number {
  const both = overlap(a, b);
  return both / (a.end - a.start + b.end - b.start - both);
}

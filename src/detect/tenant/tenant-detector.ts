import type { Detector, TextScan } from "../detector.ts";
import type { CandidateScan } from "../scan/candidate-scan.ts";
import type { FindingKind } from "../scan/family.ts";
import { RevealedScan } from "../scan/revealed-scan.ts";
import { typeOfClass } from "../type-of-class.ts";
import { createPatternBook, type TenantPattern } from "./pattern-book.ts";
import { PatternScan } from "./pattern-scan.ts";
import { TermScan } from "./term-scan.ts";
import { ValueFollower, type ValueList, valueDigests } from "./value-follower.ts";
import { TableFollower } from "./word-follower.ts";
import { WordTable, wordCount } from "./word-table.ts";

/** What a tenant or the platform brings along to be looked for. */
export type TenantSource =
  | { readonly kind: "patterns"; readonly patterns: readonly TenantPattern[] }
  | {
      readonly kind: "terms";
      readonly dataClass: string;
      /** One to a line. */
      readonly lines: string;
    }
  | ({ readonly kind: "values"; readonly dataClass: string } & ValueList);

/** Entries taken up in one step: about a millisecond. */
const entriesPerStep = 2000;
/** An entry is in the list or not; that the words mean something else is for the author to say. */
const termPct = 90;
/** By chance a value is on the list of somebody else once in ten million million. */
const valuePct = 99;
/** Among all that tenants bring along nothing outranks anything. */
const rank = 0;

/**
 * Makes detectors of a source, in small steps for a caller that has something else to do in between.
 * One for each class, since a value of two classes counts as both. They read a text as it is written
 * and as what it says, as the rules do. `detector` is who is said to have found something.
 */
export function* tenantDetectorSteps(
  source: TenantSource,
  { confidencePctMin, detector }: { readonly detector: string; readonly confidencePctMin: number },
): Generator<undefined, readonly Detector[]> {
  const kindOf = (dataClass: string): FindingKind => {
    return { type: typeOfClass(dataClass), dataClass, detector, rank };
  };
  if (source.kind === "terms") {
    if (termPct < confidencePctMin) return [];
    const kind = kindOf(source.dataClass);
    const table = yield* fillTable(source.lines);
    const follow = () => new TableFollower(table);
    return [detectorOf(() => new TermScan({ kind, follow, confidencePct: termPct }))];
  }
  if (source.kind === "values") {
    if (valuePct < confidencePctMin) return [];
    const kind = kindOf(source.dataClass);
    const digests = yield* valueDigests(source);
    const key = Buffer.from(source.key, "base64url");
    const follow = () => new ValueFollower(key, digests);
    return [detectorOf(() => new TermScan({ kind, follow, confidencePct: valuePct }))];
  }
  const sure = source.patterns.filter(({ confidencePct }) => confidencePct >= confidencePctMin);
  const detectors: Detector[] = [];
  for (const [dataClass, patterns] of Map.groupBy(sure, (pattern) => pattern.dataClass)) {
    const book = createPatternBook(kindOf(dataClass), patterns);
    detectors.push(detectorOf(() => new PatternScan(book)));
    yield;
  }
  return detectors;
}

function* fillTable(lines: string): Generator<undefined, WordTable> {
  let words = 0;
  for (const some of slicesOf(lines)) {
    words += some.reduce((sum, entry) => sum + wordCount(entry), 0);
    yield;
  }
  const table = new WordTable(words);
  for (const some of slicesOf(lines)) {
    for (const entry of some) table.add(entry);
    yield;
  }
  return table;
}

function* slicesOf(lines: string): Generator<readonly string[], void> {
  let entries: string[] = [];
  for (let at = 0; at < lines.length; ) {
    const end = lines.indexOf("\n", at);
    entries.push(lines.slice(at, end < 0 ? lines.length : end));
    at = end < 0 ? lines.length : end + 1;
    if (entries.length < entriesPerStep) continue;
    yield entries;
    entries = [];
  }
  yield entries;
}

function detectorOf(createScan: () => CandidateScan): Detector {
  const open = (): TextScan => new RevealedScan(createScan());
  return {
    open,
    scan(text) {
      const scan = open();
      scan.push(text);
      scan.end();
      return scan.take();
    },
  };
}

import { roles } from "./roles.ts";
import { sentenceFlag, type Tokens } from "./tokens.ts";
import { hashHead, hashPair, hashWith } from "./word-hash.ts";

/** Number of weights; features share them by hash. */
export const bucketCount = 1 << 14;
/** Words that are judged together. */
export const windowTokens = 40;
/** Features of one word, at most. */
export const featuresPerToken = 6;

/** What a trained model is. */
export interface LinearModel {
  /** Of each bucket, in units of `unit`. */
  readonly weights: Int8Array;
  /** What one step of a weight is worth, in log odds. */
  readonly unit: number;
  /** Log odds where nothing speaks for or against. */
  readonly bias: number;
}

/** The roles that words are told apart by, whatever their language. */
const telling =
  roles.override |
  roles.object |
  roles.reveal |
  roles.hidden |
  roles.ai |
  roles.user |
  roles.never |
  roles.tell |
  roles.persona |
  roles.unlimited |
  roles.limit |
  roles.refuse |
  roles.send |
  roles.data |
  roles.call |
  roles.tool |
  roles.fresh |
  roles.authority |
  roles.discuss |
  roles.reading |
  roles.scope;
const wordSalt = 0x51ed27;
const stemSalt = 0x2f6b1d;
const pairSalt = 0x7a3c55;
const skipSalt = 0x19d4e3;
const roleSalt = 0x6b8f2a;
const roleChainSalt = 0x3c96b7;
/** Declared here, for the engine reads what is imported again each time. */
const firstFlag = sentenceFlag;
/** Where no word stands before. */
const noHead = 0;

/** The buckets of one word's features, written into `into` from the front; returns how many. */
export function featuresOf(tokens: Tokens, at: number, into: Int32Array): number {
  const { flags, hash, roles: bits, stem } = tokens;
  const own = stem[at] ?? 0;
  let count = 0;
  into[count++] = bucketOf(hash[at] ?? 0, wordSalt);
  into[count++] = bucketOf(own, stemSalt);
  const isFirst = at === 0 || ((flags[at] ?? 0) & sentenceFlag) !== 0;
  const before = isFirst ? 0 : (stem[at - 1] ?? 0);
  into[count++] = bucketOf(hashPair(before, own), pairSalt);
  if (!isFirst && at > 1) into[count++] = bucketOf(hashPair(stem[at - 2] ?? 0, own), skipSalt);
  const told = (bits[at] ?? 0) & telling;
  if (told !== 0) {
    into[count++] = bucketOf(told, roleSalt);
    into[count++] = bucketOf(hashPair(roleBefore(bits, at), told), roleChainSalt);
  }
  return count;
}

/** Reads texts with a model; keeps its scratch memory from one to the next. */
export class ModelReader {
  readonly #model: LinearModel;
  #tokens: Tokens | undefined;
  /** What the tokens up to one add up to, of those that were read. */
  #sums = new Int32Array(1024);
  #readFrom = 0;
  #readTo = 0;
  /** Last token of the window that `best` found. */
  bestEnd = 0;

  constructor(model: LinearModel) {
    this.#model = model;
  }

  /** The tokens that `best` answers about, until there are others. */
  begin(tokens: Tokens): void {
    if (this.#sums.length <= tokens.count) this.#sums = new Int32Array(2 * tokens.count);
    this.#tokens = tokens;
    this.#startAt(0);
  }

  /** The log odds of the window within these tokens that speaks most for a threat. */
  best(from: number, to: number): number {
    this.#read(from, to);
    const sums = this.#sums;
    let best = Number.NEGATIVE_INFINITY;
    let bestAt = from;
    let start = from;
    // Only whole windows: what is said around a phrase counts as much as the phrase.
    for (let at = Math.min(to, from + windowTokens) - 1; at < to; at += 1) {
      const sum = (sums[at + 1] as number) - (sums[start] as number);
      start += 1;
      if (sum <= best) continue;
      best = sum;
      bestAt = at;
    }
    this.bestEnd = Math.max(from, bestAt);
    return this.#model.bias + (from < to ? best * this.#model.unit : 0);
  }

  /** Reads those of the tokens that were not read yet: many are never asked about. */
  #read(from: number, to: number): void {
    if (this.#tokens === undefined) return;
    if (from < this.#readFrom || from > this.#readTo) this.#startAt(from);
    if (to <= this.#readTo) return;
    addWeights(this.#tokens, this.#model.weights, this.#sums, this.#readTo, to);
    this.#readTo = to;
  }

  #startAt(token: number): void {
    this.#readFrom = token;
    this.#readTo = token;
    this.#sums[token] = 0;
  }
}

/** Goes on adding up the weights of the features that `featuresOf` names, without naming them. */
function addWeights(
  { flags, hash, roles: bits, stem }: Tokens,
  weights: Int8Array,
  sums: Int32Array,
  from: number,
  to: number,
): void {
  let sum = sums[from] as number;
  let before = from > 0 ? hashHead(stem[from - 1] as number) : noHead;
  let beforeThat = from > 1 ? hashHead(stem[from - 2] as number) : noHead;
  for (let at = from; at < to; at += 1) {
    const own = stem[at] as number;
    const head = hashHead(own);
    const isFirst = at === 0 || ((flags[at] as number) & firstFlag) !== 0;
    sum += weights[bucketOf(hash[at] as number, wordSalt)] as number;
    sum += weights[lowBits(hashWith(head, stemSalt))] as number;
    sum += weights[bucketOf(hashWith(isFirst ? noHead : before, own), pairSalt)] as number;
    if (!isFirst && at > 1) sum += weights[bucketOf(hashWith(beforeThat, own), skipSalt)] as number;
    const told = (bits[at] as number) & telling;
    if (told !== 0) {
      sum += weights[bucketOf(told, roleSalt)] as number;
      sum += weights[bucketOf(hashPair(roleBefore(bits, at), told), roleChainSalt)] as number;
    }
    sums[at + 1] = sum;
    beforeThat = before;
    before = head;
  }
}

/** The roles of the nearest word before that has some, up to four words away. */
function roleBefore(bits: Int32Array, at: number): number {
  const last = Math.max(0, at - 4);
  for (let before = at - 1; before >= last; before -= 1) {
    const told = (bits[before] ?? 0) & telling;
    if (told !== 0) return told;
  }
  return 0;
}

function bucketOf(hash: number, salt: number): number {
  return lowBits(hashPair(hash, salt));
}

function lowBits(mixed: number): number {
  return (mixed ^ (mixed >>> 17)) & (bucketCount - 1);
}

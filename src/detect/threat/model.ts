import { roles } from "./roles.ts";
import { sentenceFlag, type Tokens } from "./tokens.ts";
import { hashPair } from "./word-hash.ts";

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
  readonly #features = new Int32Array(featuresPerToken);
  /** What the tokens up to one add up to. */
  #sums = new Int32Array(1024);
  /** Last token of the window that `best` found. */
  bestEnd = 0;

  constructor(model: LinearModel) {
    this.#model = model;
  }

  /** Reads all tokens; `best` answers about them until the next are read. */
  read(tokens: Tokens): void {
    const { weights } = this.#model;
    if (this.#sums.length <= tokens.count) this.#sums = new Int32Array(2 * tokens.count);
    const features = this.#features;
    const sums = this.#sums;
    let sum = 0;
    for (let at = 0; at < tokens.count; at += 1) {
      const count = featuresOf(tokens, at, features);
      for (let each = 0; each < count; each += 1) sum += weights[features[each] ?? 0] ?? 0;
      sums[at + 1] = sum;
    }
  }

  /** The log odds of the window within these tokens that speaks most for a threat. */
  best(from: number, to: number): number {
    const sums = this.#sums;
    let best = Number.NEGATIVE_INFINITY;
    this.bestEnd = from;
    // Only whole windows: what is said around a phrase counts as much as the phrase.
    for (let at = Math.min(to, from + windowTokens) - 1; at < to; at += 1) {
      const start = Math.max(from, at + 1 - windowTokens);
      const sum = (sums[at + 1] ?? 0) - (sums[start] ?? 0);
      if (sum > best) {
        best = sum;
        this.bestEnd = Math.max(from, at);
      }
    }
    return this.#model.bias + (from < to ? best * this.#model.unit : 0);
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
  const mixed = hashPair(hash, salt);
  return (mixed ^ (mixed >>> 17)) & (bucketCount - 1);
}

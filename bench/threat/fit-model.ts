import {
  bucketCount,
  featuresOf,
  featuresPerToken,
  type LinearModel,
  windowTokens,
} from "../../src/detect/threat/model.ts";
import { sigmoid } from "../../src/detect/threat/odds.ts";
import { Tokens } from "../../src/detect/threat/tokens.ts";
import type { Sample } from "./data-maker.ts";
import { createDraw, type Draw } from "./grammar.ts";

const epochs = 6;
/** Weights are the mean of what they are after each of the other epochs. */
const epochsUnsettled = 2;
const rate = 0.25;
/** Pull of every used weight toward zero. */
const decay = 0.0006;
/** Words left out while learning, so that no single one decides. */
const dropout = 0.25;
/** Templates that have to share a feature before it counts. */
const templatesMin = 4;
/** Log odds of a text of words that say nothing; fixed, so that short attacks are not lost to it. */
const bias = -0.5;
/** What one step of a shipped weight is worth. */
const unit = 0.02;

/** The features of a text, token by token, and which tokens belong to its attack. */
interface ReadSample {
  readonly features: Int32Array;
  /** Where the features of each token begin, and the end of all. */
  readonly offsets: Int32Array;
  readonly tokens: number;
  readonly first: number;
  readonly last: number;
  readonly label: number;
}

/**
 * Logistic regression on the one window of each text that speaks most for an attack, by AdaGrad. It
 * takes the samples in a drawn order and uses nothing but operations every machine rounds alike.
 */
export function fitModel(samples: readonly Sample[], seed: number): LinearModel {
  const draw = createDraw(seed);
  const tokens = new Tokens();
  const read = samples.map((sample) => readSample(sample, tokens));
  const isKnown = knownBuckets(samples, read);
  const state = {
    weights: new Float64Array(bucketCount),
    squares: new Float64Array(bucketCount),
  };
  const averaged = new Float64Array(bucketCount);
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    for (const sample of shuffled(read, draw)) learn(state, sample, draw, isKnown);
    if (epoch < epochsUnsettled) continue;
    state.weights.forEach((weight, at) => {
      averaged[at] = (averaged[at] ?? 0) + weight / (epochs - epochsUnsettled);
    });
  }
  const weights = new Int8Array(bucketCount);
  for (let at = 0; at < bucketCount; at += 1) {
    weights[at] = Math.max(-127, Math.min(127, Math.round((averaged[at] ?? 0) / unit)));
  }
  return { weights, unit, bias };
}

interface FitState {
  readonly weights: Float64Array;
  readonly squares: Float64Array;
}

function readSample({ end, isAttack, start, text }: Sample, tokens: Tokens): ReadSample {
  tokens.read(text, 0, text.length);
  const features = new Int32Array(tokens.count * featuresPerToken);
  const offsets = new Int32Array(tokens.count + 1);
  const scratch = new Int32Array(featuresPerToken);
  let used = 0;
  let first = tokens.count;
  let last = 0;
  for (let at = 0; at < tokens.count; at += 1) {
    offsets[at] = used;
    const count = featuresOf(tokens, at, scratch);
    for (let each = 0; each < count; each += 1) features[used++] = scratch[each] ?? 0;
    if ((tokens.start[at] ?? 0) >= start && at < first) first = at;
    if ((tokens.end[at] ?? 0) <= end) last = at;
  }
  offsets[tokens.count] = used;
  return {
    features: features.slice(0, used),
    offsets,
    tokens: tokens.count,
    first,
    last,
    label: isAttack ? 1 : 0,
  };
}

/** The buckets of features that several templates share: others say who wrote a template. */
function knownBuckets(samples: readonly Sample[], read: readonly ReadSample[]): Uint8Array {
  const seen = new Set<string>();
  const counts = new Uint8Array(bucketCount);
  read.forEach(({ features }, index) => {
    for (const bucket of new Set(features)) {
      const key = `${samples[index]?.template} ${bucket}`;
      if (seen.has(key)) continue;
      seen.add(key);
      counts[bucket] = Math.min(255, (counts[bucket] ?? 0) + 1);
    }
  });
  return counts.map((count) => (count >= templatesMin ? 1 : 0));
}

function learn(state: FitState, sample: ReadSample, draw: Draw, isKnown: Uint8Array): void {
  const [from, to] = bestWindow(state, sample);
  const kept: number[] = [];
  let odds = bias;
  for (let at = from; at < to; at += 1) {
    if (draw() < dropout) continue;
    for (let each = sample.offsets[at] ?? 0; each < (sample.offsets[at + 1] ?? 0); each += 1) {
      const bucket = sample.features[each] ?? 0;
      if (isKnown[bucket] === 0) continue;
      kept.push(bucket);
      odds += state.weights[bucket] ?? 0;
    }
  }
  const gradient = sigmoid(odds) - sample.label;

  for (const bucket of kept) {
    const weight = state.weights[bucket] ?? 0;
    const slope = gradient + decay * weight;
    const squares = (state.squares[bucket] ?? 0) + slope * slope;
    state.squares[bucket] = squares;
    state.weights[bucket] = weight - (rate * slope) / Math.sqrt(squares + 1);
  }
}

/** The window that speaks most for an attack, of an attack among those that end in it. */
function bestWindow(
  { weights }: FitState,
  sample: ReadSample,
): readonly [from: number, to: number] {
  const { features, first, label, last, offsets, tokens } = sample;
  const sums = new Float64Array(tokens + 1);
  for (let at = 0; at < tokens; at += 1) {
    let own = 0;
    for (let each = offsets[at] ?? 0; each < (offsets[at + 1] ?? 0); each += 1)
      own += weights[features[each] ?? 0] ?? 0;
    sums[at + 1] = (sums[at] ?? 0) + own;
  }
  const whole = Math.min(tokens, windowTokens);
  const lowest = label === 1 ? Math.max(whole, Math.min(tokens, first + 3)) : whole;
  const highest = label === 1 ? Math.max(lowest, Math.min(tokens, last + 1)) : tokens;
  let best = Number.NEGATIVE_INFINITY;
  let end = highest;
  for (let at = lowest; at <= highest; at += 1) {
    const sum = (sums[at] ?? 0) - (sums[Math.max(0, at - windowTokens)] ?? 0);
    if (sum > best) {
      best = sum;
      end = at;
    }
  }
  return [Math.max(0, end - windowTokens), end];
}

function shuffled<T>(list: readonly T[], draw: Draw): readonly T[] {
  const order = [...list];
  for (let at = order.length - 1; at > 0; at -= 1) {
    const other = Math.floor(draw() * (at + 1));
    [order[at], order[other]] = [order[other] as T, order[at] as T];
  }
  return order;
}

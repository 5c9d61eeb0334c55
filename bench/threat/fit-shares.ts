import { type Evidence, EvidenceReader } from "../../src/detect/threat/evidence.ts";
import { boundedModel, type EvidenceShares, sigmoid, weigh } from "../../src/detect/threat/odds.ts";
import { type SignalName, signalTerms } from "../../src/detect/threat/signals/signal.ts";
import type { Sample } from "./data-maker.ts";
import { fitModel } from "./fit-model.ts";

/** Templates are held out so many at a time, so that the model is judged on what it never saw. */
const folds = 3;
const rounds = 120;
const rate = 0.8;
/** Pull toward what each part is taken for before samples have their say. */
const pull = 0.01;

const names = Object.keys(signalTerms) as SignalName[];

/** What each part of the evidence is taken for at first. */
export const priorShares: EvidenceShares = {
  rest: -3,
  model: 0.7,
  discussing: -0.5,
  quoted: -1,
  signals: Object.fromEntries(names.map((name) => [name, signalTerms[name].points])) as Record<
    SignalName,
    number
  >,
};

interface Judged {
  readonly sample: Sample;
  readonly stretches: readonly Evidence[];
}

/** How much each part of the evidence counts: logistic regression on held-out evidence, near the priors. */
export function fitShares(samples: readonly Sample[], seed: number): EvidenceShares {
  const judged = heldOutEvidence(samples, seed);
  const prior = toVector(priorShares);
  let vector = prior;
  for (let round = 0; round < rounds; round += 1) vector = step(judged, vector, prior);
  return toShares(vector.map((value) => Math.round(value * 1000) / 1000));
}

function heldOutEvidence(samples: readonly Sample[], seed: number): readonly Judged[] {
  const templates = [...new Set(samples.map(({ template }) => template))].sort();
  const foldOf = new Map(templates.map((template, index) => [template, index % folds]));
  const judged: Judged[] = [];
  for (let fold = 0; fold < folds; fold += 1) {
    const isOut = ({ template }: Sample) => foldOf.get(template) === fold;
    const reader = new EvidenceReader(
      fitModel(
        samples.filter((each) => !isOut(each)),
        seed,
      ),
    );
    for (const sample of samples.filter(isOut)) {
      judged.push({ sample, stretches: reader.read(sample.text) });
    }
  }
  return judged;
}

/** One step down the mean loss, each sample standing for its most telling stretch. */
function step(
  judged: readonly Judged[],
  vector: readonly number[],
  prior: readonly number[],
): readonly number[] {
  const shares = toShares(vector);
  const gradient = vector.map((value, at) => pull * (value - (prior[at] ?? 0)));
  for (const { sample, stretches } of judged) {
    const place = sample.isData ? "tool_result" : "prompt";
    let best: Evidence | undefined;
    let odds = Number.NEGATIVE_INFINITY;
    for (const stretch of stretches) {
      const own = weigh(stretch, place, shares);
      if (own > odds) [best, odds] = [stretch, own];
    }
    if (best === undefined) continue;
    const error = (sigmoid(odds) - (sample.isAttack ? 1 : 0)) / judged.length;
    inputsOf(best).forEach((input, at) => {
      gradient[at] = (gradient[at] ?? 0) + error * input;
    });
  }
  return vector.map((value, at) => value - rate * (gradient[at] ?? 0));
}

function inputsOf(evidence: Evidence): readonly number[] {
  const { discussing, quoted, signals } = evidence;
  const present = new Set(signals.map(({ name }) => name));
  return [
    1,
    boundedModel(evidence),
    discussing,
    discussing > 0 ? quoted : 0,
    ...names.map((name) => (present.has(name) ? 1 : 0)),
  ];
}

function toVector({ discussing, model, quoted, rest, signals }: EvidenceShares): readonly number[] {
  return [rest, model, discussing, quoted, ...names.map((name) => signals[name])];
}

function toShares([
  rest = 0,
  model = 0,
  discussing = 0,
  quoted = 0,
  ...odds
]: readonly number[]): EvidenceShares {
  const signals = Object.fromEntries(names.map((name, at) => [name, odds[at] ?? 0])) as Record<
    SignalName,
    number
  >;
  return { rest, model, discussing, quoted, signals };
}

import { makeSamples, shipped } from "./data-maker.ts";
import { fitModel } from "./fit-model.ts";
import { fitShares } from "./fit-shares.ts";
import { renderWeights } from "./render-weights.ts";

/** The file of weights as training gives it. */
export function trainShipped(): string {
  const samples = makeSamples(shipped.seed, shipped.attacks, shipped.benign);
  const shares = fitShares(samples, shipped.seed);
  return renderWeights({ model: fitModel(samples, shipped.seed), shares });
}

import type { Decision } from "../../domain/index.ts";
import type { Model } from "../compile/model-catalog.ts";

/** Where a request for a model goes, and what the catalog says of that place. */
export function targetOf(
  model: Pick<Model, "id" | "price" | "provider" | "regions" | "upstreamName">,
): NonNullable<Decision["target"]> {
  const { id, price, provider, regions, upstreamName } = model;
  const target = { modelId: id, provider, upstreamName };
  if (regions.length === 0 && price === undefined) return target;
  const { input, output } = price ?? {};
  return {
    ...target,
    ...(regions.length === 0 ? undefined : { region: regions.join(",") }),
    ...(input === undefined || output === undefined ? undefined : { price: { input, output } }),
  };
}

import { fileURLToPath } from "node:url";

/**
 * Where the files of the folder `envoy/` are: two levels up both from `src/envoy` in a clone and from
 * `dist/envoy` in a published package.
 */
export const shippedBootstrap = fileURLToPath(
  new URL("../../envoy/bootstrap.yaml", import.meta.url),
);
export const shippedRequirements = fileURLToPath(
  new URL("../../envoy/requirements.txt", import.meta.url),
);

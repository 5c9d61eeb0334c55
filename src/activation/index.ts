/**
 * Policies made ready beside the serving thread (policy-model 10): a worker thread opens and verifies
 * bundles, parses, checks, compiles and runs the tests that bundles bring; what comes back is plain
 * data, and the serving thread makes the snapshot of it in slices. It decides nothing about traffic
 * and keeps nothing in force: its caller does. Start with `WorkerPreparer` and `inSlices`.
 */
export { inSlices } from "./in-slices.ts";
export {
  type BundleTerms,
  NotPrepared,
  type Preparation,
  type PreparationJob,
  type Preparer,
} from "./preparation.ts";
export { prepare } from "./prepare.ts";
export { WorkerPreparer, type WorkerPreparerOptions } from "./worker-preparer.ts";

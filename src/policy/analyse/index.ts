/**
 * Static analysis of policies without errors: what can never matter, contradicts itself, is open, stale
 * or untested, and what changes between two versions. Structured matchers range over what catalogs,
 * taxonomy and sets list, so classes of requests are compared by the engine's own indexes, and every
 * example was decided by the engine itself. Start with `analyse` and `comparePolicies`.
 */
export { type AnalyseOptions, analyse, unusedDaysDefault } from "./analyse.ts";
export {
  type Comparison,
  comparePolicies,
  type Transition,
} from "./compare-policies.ts";
export { daysCovered, type PolicyUsage } from "./policy-usage.ts";
export { findWidenings } from "./widenings.ts";

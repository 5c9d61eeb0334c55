import type { RedactionMethod } from "./decision.ts";

/** Methods from the weakest to the strongest (policy-model 5.5). */
const methods: readonly RedactionMethod[] = ["partial", "hash", "tokenize", "mask", "remove"];

/** True where a method leaves less of a value than the other. */
export function isStronger(method: RedactionMethod, other: RedactionMethod): boolean {
  return methods.indexOf(method) > methods.indexOf(other);
}

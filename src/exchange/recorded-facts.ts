import type { Obligations, RequestFacts } from "../domain/index.ts";
import type { FactValue } from "../record/index.ts";
import { digestOf } from "../signing/index.ts";

/** Attributes of a request as a record lists them, by their names in policy-model 3.1. */
export function factsOf(
  request: RequestFacts | undefined,
): Readonly<Record<string, FactValue>> | undefined {
  if (request === undefined) return undefined;
  const facts: Record<string, FactValue> = { "data.status": "ok" };
  for (const [name, value] of Object.entries(request)) {
    if (name !== "params" && value !== undefined) facts[`request.${name}`] = value as FactValue;
  }
  for (const [name, value] of Object.entries(request.params ?? {})) {
    facts[`request.params.${name}`] = value;
  }
  return facts;
}

/** Decisions that bind to the same share one object, so its digest is made once. */
const digests = new WeakMap<Obligations, string>();

/** `sha256:` and hex over the RFC 8785 form, or undefined where there are none. */
export function obligationsDigestOf(obligations: Obligations): string | undefined {
  if (obligations.redact === undefined) return undefined;
  let digest = digests.get(obligations);
  if (digest === undefined) {
    digest = digestOf(obligations);
    digests.set(obligations, digest);
  }
  return digest;
}

import type { Obligations, RequestFacts } from "../domain/index.ts";
import type { FactValue } from "../record/index.ts";
import { digestOf } from "../signing/index.ts";

/** Attributes of a request as a record lists them, by their names in policy-model 3.1. */
export function factsOf(
  request: RequestFacts | undefined,
): Readonly<Record<string, FactValue>> | undefined {
  if (request === undefined) return undefined;
  const facts: Record<string, FactValue> = { "data.status": "ok" };
  const { inputTokens, maxTokens, params, protocol, region, stream, toolNames } = request;
  if (protocol !== undefined) facts["request.protocol"] = protocol;
  if (stream !== undefined) facts["request.stream"] = stream;
  if (inputTokens !== undefined) facts["request.inputTokens"] = inputTokens;
  if (maxTokens !== undefined) facts["request.maxTokens"] = maxTokens;
  if (toolNames !== undefined) facts["request.toolNames"] = toolNames;
  if (region !== undefined) facts["request.region"] = region;
  for (const name in params) facts[`request.params.${name}`] = params[name] as number | boolean;
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

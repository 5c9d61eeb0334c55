import type { Detector } from "../detect/index.ts";
import type { DataStatus, Principal, RequestFacts } from "../domain/index.ts";
import type { FactValue } from "../record/index.ts";
import { discreet } from "./discretion.ts";

/**
 * Attributes of a request as a record lists them, by their names in policy-model 3.1. Names that the
 * caller chose are told without what the detector finds in them.
 */
export function factsOf(
  request: RequestFacts | undefined,
  known: { readonly principal: Principal | undefined; readonly dataStatus: DataStatus },
  detector: Detector,
): Readonly<Record<string, FactValue>> | undefined {
  if (request === undefined) return undefined;
  const facts: Record<string, FactValue> = { "data.status": known.dataStatus };
  const { inputTokens, maxTokens, params, protocol, region, stream, toolNames } = request;
  if (protocol !== undefined) facts["request.protocol"] = protocol;
  if (stream !== undefined) facts["request.stream"] = stream;
  if (inputTokens !== undefined) facts["request.inputTokens"] = inputTokens;
  if (maxTokens !== undefined) facts["request.maxTokens"] = maxTokens;
  if (toolNames !== undefined) {
    facts["request.toolNames"] = toolNames.map((name) => discreet(name, detector));
  }
  if (region !== undefined) facts["request.region"] = region;
  const { mfa, mtls } = known.principal?.authn ?? {};
  if (mfa !== undefined) facts["principal.authn.mfa"] = mfa;
  if (mtls !== undefined) facts["principal.authn.mtls"] = mtls;
  for (const name in params) {
    facts[`request.params.${discreet(name, detector)}`] = params[name] as number | boolean;
  }
  return facts;
}

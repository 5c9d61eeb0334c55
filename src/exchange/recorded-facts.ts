import type { Detector } from "../detect/index.ts";
import type { DataStatus, Principal, RequestFacts } from "../domain/index.ts";
import type { FactValue } from "../record/index.ts";
import { discreet } from "./discretion.ts";

/** What facts are made of besides the request. */
interface FactsKnown {
  readonly principal: Principal | undefined;
  readonly dataStatus: DataStatus;
  readonly detector: Detector;
  /** Recorded where a condition reads it, as it is here; else undefined. */
  readonly host: string | undefined;
  /** Told that a name is not recorded as it was, so that nobody decides the same again on it. */
  readonly masked: () => unknown;
}

/**
 * Attributes of a request as a record lists them, by their names in policy-model 3.1. Names that the
 * caller chose are told without what the detector finds in them.
 */
export function factsOf(
  request: RequestFacts | undefined,
  known: FactsKnown,
): Readonly<Record<string, FactValue>> | undefined {
  if (request === undefined) return undefined;
  const tell = (name: string) => {
    const told = discreet(name, known.detector);
    if (told !== name) known.masked();
    return told;
  };
  const facts: Record<string, FactValue> = { "data.status": known.dataStatus };
  const { inputTokens, maxTokens, params, protocol, region, stream, toolNames } = request;
  if (protocol !== undefined) facts["request.protocol"] = protocol;
  if (stream !== undefined) facts["request.stream"] = stream;
  if (inputTokens !== undefined) facts["request.inputTokens"] = inputTokens;
  if (maxTokens !== undefined) facts["request.maxTokens"] = maxTokens;
  if (toolNames !== undefined) {
    facts["request.toolNames"] = toolNames.map(tell);
  }
  if (region !== undefined) facts["request.region"] = region;
  const { authn, onRecord } = known.principal ?? {};
  if (authn?.mfa !== undefined) facts["principal.authn.mfa"] = authn.mfa;
  if (authn?.mtls !== undefined) facts["principal.authn.mtls"] = authn.mtls;
  if (onRecord !== undefined) addClaims(facts, known.principal?.claims ?? {}, onRecord.claims);
  if (known.host !== undefined) facts["route.host"] = known.host;
  for (const name in params) {
    facts[`request.params.${tell(name)}`] = params[name] as number | boolean;
  }
  return facts;
}

/** The claims that are told, and which these are: one of them without a value was not there. */
function addClaims(
  facts: Record<string, FactValue>,
  claims: NonNullable<Principal["claims"]>,
  told: ReadonlySet<string>,
): void {
  if (told.size === 0) return;
  facts["principal.claims"] = [...told];
  for (const name of told) {
    if (Object.hasOwn(claims, name)) facts[`principal.claims.${name}`] = claims[name] as FactValue;
  }
}

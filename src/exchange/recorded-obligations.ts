import type { Decision, Obligations } from "../domain/index.ts";
import type { DecisionRecord, RecordedObligations, RecordedTool } from "../record/index.ts";
import { digestOf } from "../signing/index.ts";

const nothingMore = {};

/** Obligations as a record holds them: in the place of texts and values, the rules behind them. */
export function toRecordedObligations({ obligations, sources }: Decision): RecordedObligations {
  const { headers, prompt, ...others } = obligations;
  if (headers === undefined && prompt === undefined) return others;
  return {
    ...others,
    ...(headers === undefined ? {} : { headers: { set: sources?.headers ?? {} } }),
    ...(prompt === undefined ? {} : { prompt: { prepend: sources?.prepend ?? [] } }),
  };
}

/** What a permit did to its request beside redactions. */
export function appliedToRequest(
  decision: Decision | undefined,
  tools: readonly RecordedTool[],
): NonNullable<DecisionRecord["applied"]> {
  if (decision === undefined || decision.isObserved === true) return nothingMore;
  const { headers, params, prompt, tools: about } = decision.obligations;
  const isBodyChanged =
    prompt !== undefined ||
    about?.remove !== undefined ||
    tools.some(({ outcome }) => outcome === "deny");
  if (headers === undefined && params === undefined && !isBodyChanged) return nothingMore;
  return {
    ...(headers === undefined ? {} : { headers: "ok" }),
    ...(params === undefined ? {} : { params: "ok" }),
    ...(isBodyChanged ? { body: "ok" } : {}),
  };
}

/** Most decisions bind to one of few things; what is made of their text need not be made each time. */
const digests = new Map<string, string>();
const digestsMax = 256;

/** `sha256:` and hex over the RFC 8785 form, or undefined where there are none. */
export function obligationsDigestOf(obligations: Obligations): string | undefined {
  const text = JSON.stringify(obligations);
  if (text === "{}") return undefined;
  let digest = digests.get(text);
  if (digest === undefined) {
    digest = digestOf(obligations);
    if (digests.size >= digestsMax) digests.clear();
    digests.set(text, digest);
  }
  return digest;
}

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

/** Decisions that bind to the same share one object, so its digest is made once. */
const digests = new WeakMap<Obligations, string>();

/** `sha256:` and hex over the RFC 8785 form, or undefined where there are none. */
export function obligationsDigestOf(obligations: Obligations): string | undefined {
  let digest = digests.get(obligations);
  if (digest === undefined) {
    if (Object.keys(obligations).length === 0) return undefined;
    digest = digestOf(obligations);
    digests.set(obligations, digest);
  }
  return digest;
}

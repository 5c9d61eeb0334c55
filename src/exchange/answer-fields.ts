import type { Finding, HeaderField } from "../domain/index.ts";
import { decisionInput, type ExchangeCore, evaluateNow } from "./core.ts";
import { FieldFindings } from "./field-findings.ts";
import {
  applyToHeaders,
  type HeaderMasks,
  type HeaderText,
  maskHeaders,
  noMasks,
  textsOf,
} from "./header-texts.ts";
import { maskEverything } from "./local-reply.ts";
import { tokensOf } from "./tokens.ts";

/**
 * Judges the values of an answer's headers or trailers, then goes on with the edits they need. A
 * deny ends the exchange; where its end is on record already, the values are taken out instead.
 */
export function judgeAnswerFields(
  core: ExchangeCore,
  fields: readonly HeaderField[],
  goOn: (masks: HeaderMasks) => void,
): void {
  const texts = textsOf(fields, "response");
  if (texts.length === 0) return goOn(noMasks);
  const spans = texts.map(({ span }) => span);
  core.whenReady(core.deps.classify(spans, core.knowledge.identity?.tenant), (found) => {
    if (found.every((list) => list.length === 0)) return goOn(noMasks);
    core.knowledge.answerFields ??= new FieldFindings();
    core.knowledge.answerFields.findings.addAll(spans, found);
    const masks = decide(core, texts, found);
    if (masks === undefined) return;
    core.knowledge.answerFields.edited += masks.edited;
    goOn(masks);
  });
}

/** Undefined where the exchange was ended. */
function decide(
  core: ExchangeCore,
  texts: readonly HeaderText[],
  found: readonly (readonly Finding[])[],
): HeaderMasks | undefined {
  const { knowledge, snapshot } = core;
  // Nobody was permitted anything: the proxy answers by itself.
  if (knowledge.permit === undefined || snapshot === undefined) {
    const place = "response";
    const spans = texts.map(
      ({ span: { text } }, index) => ({ place, text, findings: found[index] ?? [] }) as const,
    );
    return applyToHeaders(texts, maskEverything(spans).edits);
  }
  const groups = knowledge.requestFindings.groups();
  const decision = evaluateNow(core, decisionInput(core, "response", groups));
  if (!core.stops(decision)) {
    const redact = knowledge.isWatched ? undefined : decision.obligations.redact;
    return maskHeaders(texts, found, { direction: "response", redact, tokenOf: tokensOf(core) });
  }
  if (core.evidence.isComplete) return withoutFound(texts, found);
  core.refuse({ kind: "denied", decision });
  return undefined;
}

function withoutFound(
  texts: readonly HeaderText[],
  found: readonly (readonly Finding[])[],
): HeaderMasks {
  const names = texts.filter((_, index) => found[index]?.length !== 0).map(({ name }) => name);
  return { set: [], remove: [...new Set(names)], edited: names.length };
}

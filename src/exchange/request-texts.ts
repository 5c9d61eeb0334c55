import type { Decision, Edit, Finding, HeaderField, Span } from "../domain/index.ts";
import { planEdits, requireEditable, type TokenOf, type ToolRedactions } from "../effects/index.ts";
import type { DecodedRequest } from "../formats/index.ts";
import { applyToHeaders, type HeaderMasks, noMasks, textsOf } from "./header-texts.ts";
import type { RequestHead } from "./request-head.ts";

/** What a request is judged by. */
export interface JudgedTexts {
  readonly texts: readonly Span[];
  /** Of each text, in the same order. */
  readonly findings: readonly (readonly Finding[])[];
}

/**
 * All texts a request is judged by: those of its body and its headers, which can be edited, and
 * after them those of its path, query and trailers, which cannot.
 */
export function textsOfRequest(
  request: DecodedRequest,
  head: RequestHead,
  trailers: readonly Span[],
): readonly Span[] {
  const { line, texts } = head;
  if (texts.length + line.length + trailers.length === 0) return request.spans;
  return [...request.spans, ...texts.map(({ span }) => span), ...line, ...trailers];
}

/** The trailers of a request: no client of these APIs sends any, so they are not edited either. */
export function textsOfTrailers(trailers: readonly HeaderField[]): readonly Span[] {
  return textsOf(trailers, "prompt").map(({ span }) => ({ ...span, isFixed: true }));
}

/** What edits of a request are made with, beside the decision on it. */
export interface RequestRedactor {
  readonly tokenOf: TokenOf;
  /** Decisions on results of tools, by the index of the text they are about. */
  readonly ofTools?: ReadonlyMap<number, ToolRedactions> | undefined;
}

/**
 * The edits of these texts that carry out a decision.
 * @throws Fault redaction_impossible where a text would be edited that must stay as it is
 */
export function planRequestEdits(
  { obligations }: Decision,
  { findings, texts }: JudgedTexts,
  { ofTools, tokenOf }: RequestRedactor,
): readonly Edit[] {
  const { redact } = obligations;
  if (redact === undefined && ofTools === undefined) return [];
  const spans = texts.map(({ place, text }, index) => ({
    place,
    text,
    findings: findings[index] ?? [],
    ofTool: ofTools?.get(index),
  }));
  const { edits } = planEdits({ direction: "request", spans, redact, tokenOf });
  requireEditable(edits, texts);
  return edits;
}

/** The edits of `textsOfRequest`, by where they are made. */
export interface RequestEdits {
  readonly body: readonly Edit[];
  readonly headers: HeaderMasks;
}

/** Tells the edits of the body from those of the headers. */
export function sortEdits(
  request: DecodedRequest,
  head: RequestHead,
  edits: readonly Edit[],
): RequestEdits {
  if (head.texts.length === 0 || edits.length === 0) return { body: edits, headers: noMasks };
  const bodyTexts = request.spans.length;
  const ofHeaders = edits
    .filter((edit) => edit.span >= bodyTexts)
    .map((edit) => ({ ...edit, span: edit.span - bodyTexts }));
  return {
    body: edits.filter((edit) => edit.span < bodyTexts),
    headers: applyToHeaders(head.texts, ofHeaders),
  };
}

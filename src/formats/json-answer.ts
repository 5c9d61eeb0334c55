import type { Limits } from "../base/index.ts";
import type { DecodedBody } from "./format.ts";
import { scanJson } from "./json-scan.ts";
import { emptyVocabulary } from "./json-vocabulary.ts";
import { SpanReader } from "./span-reader.ts";

/**
 * Reads any JSON answer, every string value being a span with place `response`.
 * @throws Fault as `scanJson`
 */
export function decodeJsonAnswer(body: Buffer, limits: Limits): DecodedBody {
  const reader = new SpanReader(
    scanJson(body, { limits, vocabulary: emptyVocabulary }),
    "response",
  );
  reader.read(0, "response", undefined);
  const { texts } = reader;
  return { spans: texts.items, applyEdits: (edits) => texts.applyEdits(body, edits) };
}

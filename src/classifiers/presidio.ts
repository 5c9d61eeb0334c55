import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import type { ClassifierLabel } from "../detect/index.ts";
import { codePointOffsets } from "./code-points.ts";
import type { Adapter } from "./guarded-classifier.ts";
import type { HttpTransport } from "./http-transport.ts";
import { joinTexts } from "./text-join.ts";

const results = Type.Array(
  Type.Object({
    entity_type: Type.String(),
    start: Type.Integer({ minimum: 0 }),
    end: Type.Integer({ minimum: 0 }),
    score: Type.Number({ minimum: 0, maximum: 1 }),
  }),
  { maxItems: 50_000 },
);

/** Types of Presidio have capitals, data classes none. */
const entityName = /[A-Z]/;

/**
 * Asks an analyzer of Microsoft Presidio (`POST /analyze` of its REST API), which takes one text a call:
 * all texts go as one, so that a long conversation is one call. It counts offsets in code points.
 */
export function presidioAdapter(transport: HttpTransport, language: string): Adapter {
  return {
    async label({ labels, texts }, signal) {
      const joined = joinTexts(texts);
      const entities = labels.filter((label) => entityName.test(label));
      // Asked for nothing in particular it would tell everything it knows.
      if (entities.length === 0)
        throw new Error("expected a `map` that names entities of Presidio");
      const body = { text: joined.text, language, entities };
      const answer = await transport.post("/analyze", body, signal);
      if (!Value.Check(results, answer)) throw new Error("expected a list of recognised entities");
      const { toUnits } = codePointOffsets(joined.text);
      return answer.flatMap((one) =>
        joined.partsOf(toUnits(one.start), toUnits(one.end)).map((part) => toLabel(one, part)),
      );
    },
    close: () => transport.close(),
  };
}

function toLabel(
  { entity_type, score }: Static<typeof results>[number],
  { end, start, text }: { readonly text: number; readonly start: number; readonly end: number },
): ClassifierLabel {
  return { text, label: entity_type, confidence: score, range: { start, end } };
}

import { Type } from "typebox";
import { Value } from "typebox/value";
import type { Adapter } from "./guarded-classifier.ts";
import type { HttpTransport } from "./http-transport.ts";

const moderation = Type.Object({
  results: Type.Array(
    Type.Object({ category_scores: Type.Record(Type.String(), Type.Unknown()) }),
    { maxItems: 10_000 },
  ),
});

/**
 * Asks a moderation endpoint that speaks OpenAI's API (`POST /v1/moderations`), which says of each text
 * as a whole how much it is of each category. Categories that nobody asks for are passed over: it
 * always tells all of them.
 */
export function moderationAdapter(transport: HttpTransport, model: string | undefined): Adapter {
  return {
    async label({ labels, texts }, signal) {
      const body = { input: texts, ...(model !== undefined && { model }) };
      const answer = await transport.post("/v1/moderations", body, signal);
      if (!Value.Check(moderation, answer)) throw new Error("expected the results of a moderation");
      const { results } = answer;
      if (results.length !== texts.length) {
        throw new Error(`expected ${texts.length} results, found ${results.length}`);
      }
      return results.flatMap(({ category_scores: scores }, text) =>
        labels.flatMap((label) => {
          const confidence = Object.hasOwn(scores, label) ? scores[label] : undefined;
          // Models differ in their categories, and some leave out those that do not apply.
          if (confidence === undefined || confidence === null) return [];
          if (typeof confidence !== "number") throw new Error("expected scores to be numbers");
          return { text, label, confidence };
        }),
      );
    },
    close: () => transport.close(),
  };
}

import { joinFindings } from "../detect/index.ts";
import type { Finding, Place } from "../domain/index.ts";
import type { Classify } from "./deps.ts";
import { andThen } from "./eventually.ts";

/** Threats in one text; `tenant` as of `Classify`. */
export type FindThreats = (
  text: string,
  place: Place,
  tenant: string | undefined,
) => readonly Finding[];

/**
 * Finds threats in the texts of requests beside what is found there anyway. They overlap the other
 * findings and are none of theirs: a rule that redacts a class takes out what is of this class alone.
 */
export function withThreats(classify: Classify, findThreats: FindThreats): Classify {
  return (spans, tenant) => {
    const threats = spans.map(({ place, text }) => findThreats(text, place, tenant));
    const found = classify(spans, tenant);
    if (threats.every((list) => list.length === 0)) return found;
    return andThen(found, (lists) =>
      lists.map((list, index) => joinFindings([list, threats[index] ?? []])),
    );
  };
}

import type { Decision, Usage } from "../domain/index.ts";
import type { RecordedUsage } from "../record/index.ts";

type Price = NonNullable<Decision["target"]>["price"];

/** What an exchange took with what that costs by the catalog; a cost that is not known is not told. */
export function toRecordedUsage(usage: Usage | undefined, price: Price): RecordedUsage | undefined {
  if (usage?.in === undefined || usage.out === undefined || price === undefined) return usage;
  const dollars = usage.in * price.input + usage.out * price.output;
  return { ...usage, costMicros: Math.round(dollars * 1e6) };
}

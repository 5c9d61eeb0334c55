import type { Refusal } from "../domain/index.ts";
import { renderPlainRefusal } from "../formats/index.ts";
import type { ExchangeCommand } from "./commands.ts";
import type { ExchangeCore } from "./core.ts";

/** An answer of our own instead of the upstream's, in the caller's format as far as it is known. */
export function immediateOf(
  { evidence, knowledge: { format } }: ExchangeCore,
  refusal: Refusal,
  details: string,
): Extract<ExchangeCommand, { kind: "immediate" }> {
  const { body, headers } =
    format === undefined ? renderPlainRefusal(refusal) : format.renderRefusal(refusal);
  const own = [{ name: "x-chancery-decision", value: evidence.exchange }];
  if (refusal.retryAfterSeconds !== undefined) {
    own.push({ name: "retry-after", value: String(refusal.retryAfterSeconds) });
  }
  // Clients of the official kind try a 429 or 503 again, unless told not to.
  if (refusal.isFinal) own.push({ name: "x-should-retry", value: "false" });
  return {
    kind: "immediate",
    status: refusal.status,
    headers: [...headers, ...own],
    body,
    details: `chancery_${details}`,
    ...evidence.takeMetadata(),
  };
}

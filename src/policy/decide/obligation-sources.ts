import type { Decision } from "../../domain/index.ts";
import type { HoldingRule } from "./match-rule.ts";

/**
 * The rules behind the texts and headers that transforms ask for, given in the order of policy-model
 * 5.3: records name them instead. Undefined where none asks for either.
 */
export function sourcesOf(transforming: readonly HoldingRule[]): Decision["sources"] {
  const prepend: string[] = [];
  const headers: Record<string, string> = {};
  for (const { inPlay } of transforming) {
    const { name, transform } = inPlay.rule;
    if (transform === undefined) continue;
    if (transform.prepend !== undefined) prepend.push(name);
    // Of several values the first one's holds.
    for (const header of Object.keys(transform.headers)) headers[header] ??= name;
  }
  const hasHeaders = Object.keys(headers).length > 0;
  if (prepend.length === 0 && !hasHeaders) return undefined;
  return {
    ...(prepend.length === 0 ? {} : { prepend }),
    ...(hasHeaders ? { headers } : {}),
  };
}

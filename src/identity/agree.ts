import { isDeepStrictEqual } from "node:util";
import type { Statement } from "./statement.ts";

const parts = [
  "principal",
  "issuer",
  "workload",
  "tenant",
  "app",
  "client",
  "groups",
  "roles",
] as const;

/**
 * Joins statements, none of which counts more than another (policy-model 9). Undefined where two of
 * them differ in anything both say. The joined one's `source` is that which names who asks.
 */
export function agree(statements: readonly Statement[]): Statement | undefined {
  const [first] = statements;
  if (first === undefined || statements.length === 1) return first;
  const joined: { -readonly [Part in keyof Statement]: Statement[Part] } = {
    source: sourceOf(statements),
  };
  for (const statement of statements) {
    if (parts.some((part) => differs(joined[part], statement[part]))) return undefined;
    const { source: _, claims, ...said } = statement;
    Object.assign(
      joined,
      said,
      joined.claims === undefined && claims !== undefined ? { claims } : {},
    );
  }
  return joined;
}

function differs(known: Statement[(typeof parts)[number]], said: typeof known): boolean {
  return known !== undefined && said !== undefined && !isDeepStrictEqual(known, said);
}

/** A subject says more than the workload that calls for it, and a workload more than a listener. */
function sourceOf(statements: readonly Statement[]): Statement["source"] {
  const names =
    statements.find(({ principal }) => principal !== undefined) ??
    statements.find(({ workload }) => workload !== undefined);
  return names?.source ?? "static";
}

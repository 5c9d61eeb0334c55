import type { Lift, Rule } from "../compile/rule.ts";

/**
 * Whether a lift is entitled to lift a rule (policy-model 6): a restriction of equal or lower
 * authority, of nobody else's, that lets itself be lifted by this kind of document.
 */
export function isEntitled({ kind, tenant }: Pick<Lift, "kind" | "tenant">, rule: Rule): boolean {
  if (rule.effect === "allow" || rule.exemptible === "never") return false;
  if (rule.exemptible === "incident" && kind !== "incident") return false;
  return tenant === undefined || (rule.authority < 2 && rule.tenant === tenant);
}

import type { Obligations } from "../../domain/index.ts";
import { type AuditTerms, toAudit } from "../snapshot/rule-audit.ts";
import type { HoldingRule } from "./match-rule.ts";

type Audit = Obligations["audit"];

/** The highest level, the longest retention of the record, the shortest of content (policy-model 5.5). */
export function joinAudit(holding: readonly HoldingRule[]): Audit {
  let joined: Audit;
  let fields: AuditTerms | undefined;
  for (const { inPlay } of holding) {
    if (inPlay.audit === undefined) continue;
    // Most often one rule alone asks, and then its own words are the answer.
    fields = fields === undefined ? inPlay.rule : uniteAudit(fields, inPlay.rule);
    joined = fields === inPlay.rule ? inPlay.audit : toAudit(fields);
  }
  return joined;
}

function uniteAudit(a: AuditTerms, b: AuditTerms): AuditTerms {
  return {
    auditLevel:
      a.auditLevel === "trace" || b.auditLevel === "trace"
        ? "trace"
        : (a.auditLevel ?? b.auditLevel),
    retainDays: extreme(Math.max, a.retainDays, b.retainDays),
    contentDays: extreme(Math.min, a.contentDays, b.contentDays),
  };
}

/** The one of two numbers that `choose` picks; of an absent one and another, the other. */
export function extreme(
  choose: (a: number, b: number) => number,
  a: number | undefined,
  b: number | undefined,
): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return choose(a, b);
}

/** The longest `audit.recordRetention` of the rules in days, if any says so. */
export function retainDaysOf(holding: readonly HoldingRule[]): number | undefined {
  let days: number | undefined;
  for (const { inPlay } of holding) days = extreme(Math.max, days, inPlay.rule.retainDays);
  return days;
}

/** The names that lists of the rules hold, sorted, each once. `empty` where there are none. */
export function unite(
  holding: readonly HoldingRule[],
  listOf: (one: HoldingRule) => readonly string[],
  empty: readonly string[],
): readonly string[] {
  let only: readonly string[] | undefined;
  let all: Set<string> | undefined;
  for (const one of holding) {
    const list = listOf(one);
    if (list.length === 0) continue;
    if (only === undefined) {
      only = list;
      continue;
    }
    all ??= new Set(only);
    for (const name of list) all.add(name);
  }
  return all === undefined ? (only ?? empty) : [...all].sort();
}

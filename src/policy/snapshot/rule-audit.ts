import type { Obligations } from "../../domain/index.ts";
import type { Rule } from "../compile/rule.ts";

type Audit = Obligations["audit"];

/** What rules say about the record, as compiled. */
export type AuditTerms = Pick<Rule, "auditLevel" | "retainDays" | "contentDays">;

/** What one rule asks of the record; undefined where it asks nothing. */
export function auditOf({ auditLevel, retainDays, contentDays }: AuditTerms): Audit {
  if (auditLevel === undefined && retainDays === undefined && contentDays === undefined) {
    return undefined;
  }
  return Object.freeze(toAudit({ auditLevel, retainDays, contentDays }));
}

/** The terms in the shape of the rule fields. */
export function toAudit({ auditLevel, retainDays, contentDays }: AuditTerms): NonNullable<Audit> {
  return {
    ...(auditLevel === undefined ? {} : { level: auditLevel }),
    ...(retainDays === undefined ? {} : { recordRetention: `${retainDays}d` }),
    ...(contentDays === undefined ? {} : { contentRetention: `${contentDays}d` }),
  };
}

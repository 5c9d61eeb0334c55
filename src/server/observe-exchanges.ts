import type { ExchangeObserver } from "../exchange/index.ts";
import type { ClosingRecord, DecisionRecord } from "../record/index.ts";
import type { ExchangeResult, Telemetry } from "../telemetry/index.ts";

/** Counts what exchanges do from the records they write, so that metrics and evidence agree. */
export function observeExchanges(
  telemetry: Telemetry,
  watcher: Partial<Pick<ExchangeObserver, "decided" | "closed" | "bypassed">> = {},
): ExchangeObserver {
  const metrics = telemetry.exchange;
  return {
    decided: (record) => {
      telemetry.log.recorded("decision");
      countJudgement(telemetry, record);
      watchDrift(telemetry, record, "request");
      if (record.final === true) metrics.ended(resultOf(record), record.end);
      watcher.decided?.(record);
    },
    closed: (record) => {
      telemetry.log.recorded("closing");
      countJudgement(telemetry, record);
      watchDrift(telemetry, record, "response");
      metrics.ended(resultOf(record), record.end);
      if (record.usage !== undefined)
        telemetry.tokens.counted(record.model?.provider, record.usage);
      watcher.closed?.(record);
    },
    bypassed: (record) => {
      telemetry.log.recorded("bypass");
      metrics.bypassed(record.reason);
      metrics.ended("bypassed");
      watcher.bypassed?.(record);
    },
    faulted: (code) => metrics.faulted(code, "closed"),
    quotaRefused: (unit) => telemetry.quotas.refused(unit),
    held: (bytes) => metrics.held(bytes),
    truncated: (fields) => telemetry.log.truncated(fields),
  };
}

/** What was refused before it was classified says nothing about what there is to find. */
function watchDrift(
  { drift }: Telemetry,
  { findings = [], outcome, tenant }: DecisionRecord | ClosingRecord,
  side: "request" | "response",
): void {
  if (outcome !== "none") drift.observed(tenant, { side, findings });
}

function countJudgement(
  { exchange: metrics, rules, shadow }: Pick<Telemetry, "exchange" | "rules" | "shadow">,
  record: DecisionRecord | ClosingRecord,
): void {
  const { detect = 0, evaluate = 0, parse = 0 } = record.timeUs;
  metrics.decided(record.point, record.verdict, parse + detect + evaluate);
  if (record.timeUs.detect !== undefined) metrics.detected("rules", detect);
  for (const match of record.rules ?? []) rules.matched(match);
  for (const change of record.shadow?.changes ?? []) shadow.changed(change);
  if (record.verdict === "deny") metrics.enforced("refuse", "applied");
  if (record.applied?.redactions === undefined) return;
  metrics.enforced("redact", record.applied.redactions === "ok" ? "applied" : "not_needed");
  const redacted = record.obligations?.redact ?? {};
  for (const finding of record.findings ?? []) {
    if (Object.hasOwn(redacted, finding.class)) {
      metrics.redacted(finding.class, "ok", finding.count);
    }
  }
}

/** A refusal by decision was evaluated; one before any decision was of unreadable input. */
function resultOf(record: DecisionRecord | ClosingRecord): ExchangeResult {
  if (record.end === "server_error" || record.end === "deadline" || record.end === "drained") {
    return "fault";
  }
  return record.outcome === "none" && record.end === "refused" ? "refused_input" : "evaluated";
}

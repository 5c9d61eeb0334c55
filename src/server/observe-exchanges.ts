import type { FaultCode } from "../base/index.ts";
import type { ExchangeObserver } from "../exchange/index.ts";
import type { ClosingRecord, DecisionRecord } from "../record/index.ts";
import type { ExchangeMetrics, ExchangeResult, Telemetry } from "../telemetry/index.ts";

/** Counts what exchanges do from the records they write, so that metrics and evidence agree. */
export function observeExchanges(
  telemetry: Telemetry,
  watcher: Partial<Pick<ExchangeObserver, "decided" | "closed" | "bypassed">> = {},
): ExchangeObserver {
  const metrics = telemetry.exchange;
  return {
    decided: (record, traceId) => {
      telemetry.log.recorded("decision");
      countJudgement(telemetry, record, traceId);
      watchDrift(telemetry, record, "request");
      if (record.final === true) metrics.ended(resultOf(record), record.end);
      watcher.decided?.(record);
    },
    closed: (record, traceId) => {
      telemetry.log.recorded("closing");
      countJudgement(telemetry, record, traceId);
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
    wentUnrecorded: () => metrics.bypassed("audit"),
    faulted: (code, answer) => {
      metrics.faulted(code, answer);
      if (answer === "closed") countFailure(metrics, code);
    },
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
  traceId: string | undefined,
): void {
  const { detect = 0, evaluate = 0, parse = 0 } = record.timeUs;
  metrics.decided(record.point, record.verdict, parse + detect + evaluate, traceId);
  if (record.timeUs.detect !== undefined) metrics.detected("rules", detect);
  for (const match of record.rules ?? []) rules.matched(match);
  for (const change of record.shadow?.changes ?? []) shadow.changed(change);
  countEnforcement(metrics, record);
  if (record.applied?.redactions === undefined) return;
  const redacted = record.obligations?.redact ?? {};
  for (const finding of record.findings ?? []) {
    if (Object.hasOwn(redacted, finding.class)) {
      metrics.redacted(finding.class, "ok", finding.count);
    }
  }
}

/** What became of the effects of a decision. */
function countEnforcement(metrics: ExchangeMetrics, record: DecisionRecord | ClosingRecord): void {
  const { applied, end, model, outcome, point } = record;
  if (outcome === "deny") metrics.enforced("refuse", refusalResults.get(end) ?? "not_needed");
  if (outcome === "permit" && point === "request" && model?.provider !== undefined) {
    metrics.enforced("route", "applied");
  }
  if (applied === undefined) return;
  const { body, headers, params, redactions } = applied;
  if (redactions !== undefined) {
    metrics.enforced("redact", redactions === "ok" ? "applied" : "not_needed");
  }
  if (headers !== undefined) metrics.enforced("headers", "applied");
  if (params !== undefined) metrics.enforced("params", "applied");
  if (body !== undefined) metrics.enforced("body", "applied");
}

/** A deny on an app that is only watched ends nothing. */
const refusalResults = new Map<DecisionRecord["end"], "applied" | "failed">([
  ["refused", "applied"],
  ["cut", "applied"],
  ["server_error", "failed"],
]);

/** Effects that could not be carried out; the exchange was refused instead. */
function countFailure(metrics: ExchangeMetrics, code: FaultCode): void {
  if (code === "obligation_impossible") metrics.enforced("body", "failed");
  if (code !== "redaction_impossible") return;
  metrics.enforced("redact", "failed");
  // Which of the findings could not be masked is not known where it fails.
  metrics.redacted("other", "failed");
}

/** A refusal by decision was evaluated; one before any decision was of unreadable input. */
function resultOf(record: DecisionRecord | ClosingRecord): ExchangeResult {
  if (record.end === "server_error" || record.end === "deadline" || record.end === "drained") {
    return "fault";
  }
  return record.outcome === "none" && record.end === "refused" ? "refused_input" : "evaluated";
}

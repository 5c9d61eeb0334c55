import { type FaultCode, faultCodes } from "../base/index.ts";
import type { Point, Verdict } from "../domain/index.ts";
import type { ExchangeEnd } from "../record/index.ts";
import type { LimitMetrics } from "./limit-metrics.ts";
import type { MetricSet } from "./metric-set.ts";
import { messageBuckets } from "./transport-metrics.ts";

// Of the values of audit-and-operations 6 those that something here can count.
const exchangeResults = ["evaluated", "refused_input", "bypassed", "fault"] as const;
export type ExchangeResult = (typeof exchangeResults)[number];

const enforcedEffects = ["refuse", "redact", "route", "headers", "params", "body"] as const;
type EnforcedEffect = (typeof enforcedEffects)[number];

const enforcementResults = ["applied", "failed", "not_needed"] as const;
type EnforcementResult = (typeof enforcementResults)[number];

const redactionResults = ["ok", "failed"] as const;
type RedactionResult = (typeof redactionResults)[number];

const faultAnswers = ["closed", "open"] as const;
type FaultAnswer = (typeof faultAnswers)[number];

/** As a record has them. */
const bypassReasons = ["route", "overload", "fault", "audit"] as const;

const points = ["request", "response", "tool.list", "tool.call", "tool.result"] as const;
const verdicts = ["deny", "fail_open", "redact", "transform", "warn", "allow", "none"] as const;
const streamEnds = [
  "complete",
  "peer_reset",
  "refused",
  "cut",
  "server_error",
  "drained",
  "deadline",
] as const;

/** What all rules together are called; classifiers go by their names in the configuration. */
const ruleDetector = "rules";

/** Buckets D of audit-and-operations 6. */
const decisionBuckets = [
  50e-6, 100e-6, 250e-6, 500e-6, 1e-3, 2.5e-3, 5e-3, 10e-3, 25e-3, 50e-3, 100e-3, 250e-3,
];

/** What exchanges count; each call is a few nanoseconds and none throws. */
export interface ExchangeMetrics {
  /**
   * One decision, and the microseconds it took from its input to its outcome; `traceId`: of a trace
   * that is kept.
   */
  decided(point: Point, verdict: Verdict | "none", micros: number, traceId?: string): void;
  /** How long a detector took for the texts of one decision. */
  detected(detector: string, micros: number): void;
  enforced(effect: EnforcedEffect, result: EnforcementResult): void;
  /** Redactions; of the class only the part before the first dot is a label. */
  redacted(dataClass: string, result: RedactionResult, count?: number): void;
  /** One fault, which counts as a limit hit as well where the fault says so. */
  faulted(code: FaultCode, answer: FaultAnswer): void;
  bypassed(reason: (typeof bypassReasons)[number]): void;
  /** One exchange ended; without `end` where no record names one. */
  ended(result: ExchangeResult, end?: ExchangeEnd): void;
  /** Bytes of bodies held by all exchanges from now on. */
  held(bytes: number): void;
}

/** `classifiers`: by name, those that may be asked. */
export function createExchangeMetrics(
  metrics: MetricSet,
  {
    classifiers,
    limits,
  }: { readonly classifiers: readonly string[]; readonly limits: LimitMetrics },
): ExchangeMetrics {
  const exchanges = metrics.counter(
    "chancery_exchanges_total",
    "Exchanges by what became of them.",
    { name: "result", values: exchangeResults },
  );
  const decisions = metrics.counter(
    "chancery_decisions_total",
    "Decisions by enforcement point and verdict.",
    { name: "point", values: points },
    { name: "verdict", values: verdicts },
  );
  const decisionSeconds = metrics.histogram(
    "chancery_decision_seconds",
    "Time from input to decision.",
    decisionBuckets,
    { name: "point", values: points },
  );
  const detectSeconds = metrics.histogram(
    "chancery_detect_seconds",
    "Time a detector took for the texts of one decision.",
    messageBuckets,
    { name: "detector", values: [ruleDetector, ...classifiers] },
  );
  const enforcement = metrics.counter(
    "chancery_enforcement_total",
    "Effects of decisions, by whether they were carried out.",
    { name: "effect", values: enforcedEffects },
    { name: "result", values: enforcementResults },
  );
  const redactions = metrics.counter(
    "chancery_redactions_total",
    "Redactions by top-level data class.",
    { name: "class" },
    { name: "result", values: redactionResults },
  );
  const faults = metrics.counter(
    "chancery_faults_total",
    "Faults by code and by how the exchange was answered.",
    { name: "code", values: Object.keys(faultCodes) },
    { name: "answer", values: faultAnswers },
  );
  const bypasses = metrics.counter("chancery_bypass_total", "Exchanges that passed unjudged.", {
    name: "reason",
    values: bypassReasons,
  });
  const streams = metrics.counter(
    "chancery_streams_total",
    "Streams by how their exchange ended.",
    { name: "end", values: streamEnds },
  );
  // Of classes that come with policies, the first failure would otherwise be a series without a past.
  redactions.slotOf("other", "failed");
  let heldBytes = 0;
  metrics.gauge("chancery_buffered_bytes", "Bytes of bodies held now.", () => heldBytes);

  return {
    decided(point, verdict, micros, traceId) {
      decisions.add(point, verdict);
      decisionSeconds.add(micros / 1e6, point, traceId);
    },
    detected: (detector, micros) => detectSeconds.add(micros / 1e6, detector),
    enforced: (effect, result) => enforcement.add(effect, result),
    redacted(dataClass, result, count) {
      const dot = dataClass.indexOf(".");
      redactions.add(dot < 0 ? dataClass : dataClass.slice(0, dot), result, count);
    },
    faulted(code, answer) {
      faults.add(code, answer);
      limits.faulted(code);
    },
    bypassed: (reason) => bypasses.add(reason),
    ended(result, end) {
      exchanges.add(result);
      if (end !== undefined) streams.add(end);
    },
    held(bytes) {
      heldBytes = bytes;
    },
  };
}

import { Fault, invariant, toRecordTime } from "../base/index.ts";
import type { Decision, PolicyVersions, Usage } from "../domain/index.ts";
import type { Snapshot } from "../policy/index.ts";
import {
  type BypassRecord,
  type ClosingRecord,
  type DecisionRecord,
  type ExchangeEnd,
  encodeBypass,
  encodeClosing,
  encodeDecision,
  type RecordPosition,
} from "../record/index.ts";
import type { ExchangeMetadata } from "./commands.ts";
import type { ExchangeDeps, ExchangeRecordRole } from "./deps.ts";
import { ExchangeTraces } from "./exchange-traces.ts";
import type { Knowledge } from "./knowledge.ts";
import { RecordedBodies } from "./recorded-bodies.ts";
import { factsOf } from "./recorded-facts.ts";
import {
  type AnswerCircumstances,
  type Circumstances,
  recordedJudgement,
  withAnswerFields,
} from "./recorded-judgement.ts";
import { appliedToRequest } from "./recorded-obligations.ts";
import { RecordedPolicies } from "./recorded-policies.ts";
import { toRecordedPrincipal } from "./recorded-principal.ts";
import { toRecordedUsage } from "./recorded-usage.ts";
import { Stopwatch } from "./stopwatch.ts";
import { metadataOf, ToldMetadata } from "./told-metadata.ts";

/** What an exchange is opened with, as far as its records tell of it. */
export interface EvidenceOpening {
  readonly isObserving: boolean;
  readonly traceparent: string | undefined;
  readonly snapshot: Snapshot | undefined;
  /** Holds answers back until the record with this `seq` is on the disk for good. */
  readonly holdUntilDurable: (seq: number) => void;
}

/** Days that every record is kept at least (audit-and-operations 4.7). */
const retainDaysMin = 184;

/**
 * Writes the records of one exchange: one `decision` or `bypass`, and one `closing` unless the
 * decision was final.
 */
export class Evidence {
  readonly exchange: string;
  readonly stopwatch: Stopwatch;
  readonly traces: ExchangeTraces;
  readonly bodies: RecordedBodies;
  readonly #deps: ExchangeDeps;
  readonly #knowledge: Knowledge;
  readonly #opening: EvidenceOpening;
  readonly #metadata: ToldMetadata;
  readonly #policies: RecordedPolicies;
  #first: "none" | "decision" | "final" | "bypass" = "none";
  #isClosed = false;
  #firstSeq: number | undefined;
  #at: string | undefined;
  /** What the decision was made by. */
  #versionsTold: PolicyVersions | undefined;
  #usage: Usage | undefined;

  constructor(deps: ExchangeDeps, knowledge: Knowledge, opening: EvidenceOpening) {
    this.#deps = deps;
    this.#knowledge = knowledge;
    this.#opening = opening;
    this.stopwatch = new Stopwatch(deps.clock);
    this.exchange = deps.createId();
    const { exchange, stopwatch } = this;
    this.traces = new ExchangeTraces(deps, {
      exchange,
      stopwatch,
      traceparent: opening.traceparent,
    });
    this.bodies = new RecordedBodies(deps, knowledge);
    this.#policies = new RecordedPolicies(deps, knowledge, opening.snapshot);
    this.#metadata = new ToldMetadata(this.exchange);
  }

  /** True once nothing more is to be written. */
  get isComplete(): boolean {
    return this.#isClosed || this.#first === "final" || this.#first === "bypass";
  }

  /** True once a decision or a bypass was written. */
  get hasFirst(): boolean {
    return this.#first !== "none";
  }

  /** True where the first record of this exchange did not reach the log. */
  get isFirstLost(): boolean {
    return this.#firstSeq !== undefined && this.#firstSeq >= this.#deps.records.nextSeq;
  }

  /** True where the exchange may go on although its first record cannot be written (4.8). */
  get mayGoOn(): boolean {
    return this.#deps.auditRules(this.#knowledge.head?.route).onFailure === "continue";
  }

  /** Goes on without its first record, which is going to be written late; gives what is told now. */
  goOnUnrecorded(): ExchangeMetadata {
    this.#firstSeq = undefined;
    this.#deps.observer.wentUnrecorded();
    return this.#metadata.takeWithoutPlace();
  }

  /** Nothing more is written: the log cannot be. */
  abandon(): void {
    this.#isClosed = true;
    this.#firstSeq = undefined;
    this.traces.abandoned("audit_unavailable");
    const { exchange } = this;
    this.#metadata.set({ exchange, verdict: "deny", reason: "audit_unavailable" });
  }

  /** What the next answer tells the proxy's access log, to be spread into it. */
  takeMetadata(): { readonly metadata?: ExchangeMetadata } {
    return this.#metadata.take();
  }

  /** The `time` of the decision about to be made, which is also the `at` of its record. */
  now(): string {
    this.#at = toRecordTime(this.#deps.clock.nowMicros());
    return this.#at;
  }

  /** When the decision was made that is not on record yet. */
  get decidedAt(): string {
    return this.#at ?? this.now();
  }

  usage(usage: Usage | undefined): void {
    if (usage !== undefined) this.#usage = { ...this.#usage, ...usage };
  }

  /** Writes the decision, or that there was none; `end` makes it final. */
  decide(
    decision: Decision | undefined,
    circumstances: Circumstances & { readonly end?: ExchangeEnd },
  ): void {
    invariant(this.#first === "none", "an exchange has one decision");
    const { end } = circumstances;
    const { head, identity, request, requestFindings } = this.#knowledge;
    const common = this.#common(decision, { ...circumstances, findings: requestFindings });
    const masked: string[] = [];
    this.#versionsTold = this.#policies.versions();
    const record: DecisionRecord = {
      ...common,
      applied: common.applied && {
        ...common.applied,
        ...appliedToRequest(decision, this.#knowledge.offeredTools),
      },
      tools: this.#knowledge.offeredTools,
      quotas: this.#knowledge.quotas?.results,
      buckets: decision?.buckets,
      suspended: decision?.suspended,
      point: "request",
      action: request === undefined ? undefined : this.#knowledge.format?.action,
      final: end === undefined ? undefined : true,
      end,
      requestId: head?.requestId,
      trace: this.traces.parent,
      principal: identity && toRecordedPrincipal(identity, this.#deps),
      hops: decision?.hops,
      versions: this.#versionsTold,
      facts: factsOf(request, {
        principal: identity?.principal,
        dataStatus: this.#knowledge.dataStatus,
        detector: this.#deps.detector,
        host: this.#policies.hostRead(),
        masked: () => masked.push("facts"),
      }),
      mode: this.#opening.isObserving || this.#knowledge.isWatched ? "observe" : "enforce",
      fallback: "none",
      input: this.bodies.recordedInput,
      retainDays: Math.max(decision?.retainDays ?? this.#deps.retentionDays, retainDaysMin),
      truncated: masked.length === 0 ? undefined : masked,
    };
    const { exchange } = this;
    const { retainDays } = record;
    this.#firstSeq = this.#append(
      (position) => encodeDecision(record, position, this.#deps.observer),
      {
        kind: "decision",
        exchange,
        isOpening: end === undefined,
        retainDays,
        mayBeLate: this.mayGoOn,
      },
    );
    this.#first = end === undefined ? "decision" : "final";
    if (end !== undefined) this.#knowledge.quotas?.release();
    this.#metadata.set(metadataOf(record, this.#deps.records.origin, this.#firstSeq));
    this.#at = undefined;
    this.traces.decided(record, this.#firstSeq);
    this.#deps.observer.decided(record, this.traces.traceId);
    if (decision !== undefined) this.#deps.ramps?.judged("requests", decision);
    this.stopwatch.reset();
  }

  /** Writes how the exchange ended, and the decision on its answer. */
  close(
    decision: Decision | undefined,
    end: ExchangeEnd,
    circumstances: AnswerCircumstances,
  ): void {
    invariant(this.#first === "decision" && !this.#isClosed, "a decision has one closing");
    const { trailerFindings } = this.#knowledge;
    const judged =
      trailerFindings ?? (decision === undefined ? undefined : this.#knowledge.answerFindings);
    const versions = this.#policies.versions();
    const record: ClosingRecord = {
      ...this.#common(decision, withAnswerFields(circumstances, this.#knowledge, judged)),
      tools: this.#knowledge.calledTools,
      facts: this.#policies.answerFacts(decision),
      versions: versions === this.#versionsTold ? undefined : versions,
      point: trailerFindings === undefined ? "response" : "request",
      end,
      output: this.bodies.recordedOutput,
      usage: toRecordedUsage(this.#usage, this.#knowledge.permit?.target?.price),
    };
    const { observer } = this.#deps;
    const { exchange } = this;
    const seq = this.#append((position) => encodeClosing(record, position, observer), {
      kind: "closing",
      exchange,
      mayBeLate: true,
    });
    this.#isClosed = true;
    this.#knowledge.quotas?.settle({
      isComplete: end === "complete",
      usage: this.#usage,
      bytes: this.bodies.outputBytes,
      toolCalls: this.#knowledge.response?.toolCalls?.length,
    });
    this.#knowledge.callQuotas?.settle(this.#knowledge.isWatched ? "complete" : end);
    if (decision?.outcome === "deny") {
      this.#metadata.change({ verdict: "deny", reason: decision.reason ?? "rule" });
    }
    this.traces.closed(record, seq);
    observer.closed(record, this.traces.traceId);
    if (decision !== undefined) this.#deps.ramps?.judged("answers", decision);
  }

  /** Writes the records that are still owed, as far as the log can be written. */
  conclude(end: ExchangeEnd, reason?: string): void {
    if (this.isComplete) return;
    const why = reason === undefined ? {} : { reason };
    try {
      if (this.hasFirst) this.close(undefined, end, why);
      else this.decide(undefined, { end, ...why });
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      // The exchange ends anyway: it is counted there as lost.
      this.abandon();
    }
  }

  /** Writes that the exchange passes unjudged, because the configuration lets it. */
  bypass(): void {
    invariant(this.#first === "none", "a bypass stands instead of a decision");
    const { observer, records } = this.#deps;
    const { head, identity } = this.#knowledge;
    const record: BypassRecord = {
      exchange: this.exchange,
      reason: "route",
      route: head?.route,
      requestId: head?.requestId,
      tenant: identity?.tenant,
      app: identity?.app,
    };
    const { exchange } = this;
    this.#firstSeq = this.#append((position) => encodeBypass(record, position, observer), {
      kind: "bypass",
      exchange,
      mayBeLate: this.mayGoOn,
    });
    this.#first = "bypass";
    const place = this.#firstSeq === undefined ? {} : { seq: this.#firstSeq };
    this.#metadata.set({ exchange, bypass: "route", log: records.origin, ...place });
    this.traces.bypassed(record, this.#firstSeq);
    observer.bypassed(record);
  }

  #append(encode: (position: RecordPosition) => string, role: ExchangeRecordRole) {
    const seq = this.#deps.records.append(encode, role, this.#at);
    if (seq === undefined) {
      if (role.kind !== "closing") this.#deps.observer.wentUnrecorded();
    } else if (this.#deps.auditRules(this.#knowledge.head?.route).wait === "committed") {
      this.#opening.holdUntilDurable(seq);
    }
    return seq;
  }

  /** A decision on an answer has no target of its own: it comes from where its request went. */
  #targetOf(decision: Decision | undefined): Decision["target"] {
    return (this.#first === "none" ? decision : this.#knowledge.permit)?.target;
  }

  #common(decision: Decision | undefined, circumstances: AnswerCircumstances) {
    const knowledge = this.#knowledge;
    const target = this.#targetOf(decision);
    const parts = { ...circumstances, knowledge, deps: this.#deps, target };
    return {
      ...recordedJudgement(decision, parts),
      exchange: this.exchange,
      timeUs: this.stopwatch.times(),
    };
  }
}

import { Fault, invariant, toRecordTime } from "../base/index.ts";
import type { DataStatus, Decision, PolicyVersions, Usage } from "../domain/index.ts";
import type { Snapshot } from "../policy/index.ts";
import {
  type BypassRecord,
  type ClosingRecord,
  type DecisionRecord,
  type ExchangeEnd,
  encodeBypass,
  encodeClosing,
  encodeDecision,
  toRecordedFindings,
  toRecordedRules,
} from "../record/index.ts";
import { withClassifiers } from "./classifier-versions.ts";
import type { ExchangeMetadata } from "./commands.ts";
import type { ExchangeDeps } from "./deps.ts";
import { discreet } from "./discretion.ts";
import type { FindingTally } from "./finding-tally.ts";
import type { Knowledge } from "./knowledge.ts";
import { switchesFor, withSwitches } from "./live-switches.ts";
import { factsOf } from "./recorded-facts.ts";
import {
  appliedToRequest,
  obligationsDigestOf,
  toRecordedObligations,
} from "./recorded-obligations.ts";
import { toRecordedPrincipal } from "./recorded-principal.ts";
import type { RequestHead } from "./request-head.ts";
import { Stopwatch } from "./stopwatch.ts";
import { parseTraceparent, type TraceContext } from "./trace-context.ts";

/** What an exchange is opened with, as far as its records tell of it. */
export interface EvidenceOpening {
  readonly isObserving: boolean;
  readonly traceparent: string | undefined;
  readonly snapshot: Snapshot | undefined;
}

/** What was known and done, beside the decision, when a record is written. */
export interface Circumstances {
  /** Places edited; absent where nothing was carried out. */
  readonly edited?: number;
  /** A fault code, or the reason of a refusal that no decision gave. */
  readonly reason?: string;
}

const nothingNew = {};

/** Days a record is kept where no rule says more, and the least (audit-and-operations 4.7). */
const retainDaysDefault = 400;
const retainDaysMin = 184;

/**
 * Writes the records of one exchange: one `decision` or `bypass`, and one `closing` unless the
 * decision was final.
 */
export class Evidence {
  readonly exchange: string;
  readonly stopwatch: Stopwatch;
  readonly #deps: ExchangeDeps;
  readonly #knowledge: Knowledge;
  readonly #opening: EvidenceOpening;
  #first: "none" | "decision" | "final" | "bypass" = "none";
  #isClosed = false;
  #firstSeq: number | undefined;
  #metadata: ExchangeMetadata;
  #toldMetadata: ExchangeMetadata | undefined;
  #trace: TraceContext | undefined;
  #at: string | undefined;
  #inputBytes: number | undefined;
  #outputBytes = 0;
  #usage: Usage | undefined;

  constructor(deps: ExchangeDeps, knowledge: Knowledge, opening: EvidenceOpening) {
    this.#deps = deps;
    this.#knowledge = knowledge;
    this.#opening = opening;
    this.stopwatch = new Stopwatch(deps.clock);
    this.#trace = parseTraceparent(opening.traceparent);
    this.exchange = deps.createId();
    this.#metadata = { exchange: this.exchange };
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

  /** Nothing more is written: the log cannot be. */
  abandon(): void {
    this.#isClosed = true;
    this.#firstSeq = undefined;
    const { exchange } = this;
    this.#metadata = { exchange, verdict: "deny", reason: "audit_unavailable" };
  }

  /**
   * What the next answer tells the proxy's access log (audit-and-operations 9), to be spread into
   * it. The proxy keeps what it was told, so only what changed since is told again.
   */
  takeMetadata(): { readonly metadata?: ExchangeMetadata } {
    const metadata = this.#metadata;
    if (metadata === this.#toldMetadata) return nothingNew;
    this.#toldMetadata = metadata;
    return { metadata };
  }

  /** The `time` of the decision about to be made, which is also the `at` of its record. */
  now(): string {
    this.#at = toRecordTime(this.#deps.clock.nowMicros());
    return this.#at;
  }

  request(head: RequestHead): void {
    this.#trace ??= parseTraceparent(head.traceparent);
  }

  input(bytes: number): void {
    this.#inputBytes = bytes;
  }

  output(bytes: number): void {
    this.#outputBytes += bytes;
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
    const common = this.#common(decision, circumstances, requestFindings);
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
      trace: this.#trace,
      principal: identity && toRecordedPrincipal(identity, this.#deps),
      hops: decision?.hops,
      versions: this.#versions(),
      facts: factsOf(
        request,
        { principal: identity?.principal, dataStatus: this.#knowledge.dataStatus },
        this.#deps.detector,
      ),
      mode: this.#opening.isObserving || this.#knowledge.isWatched ? "observe" : "enforce",
      fallback: "none",
      input: this.#inputBytes === undefined ? undefined : { bytes: this.#inputBytes },
      retainDays: Math.max(decision?.retainDays ?? retainDaysDefault, retainDaysMin),
    };
    this.#firstSeq = this.#deps.records.append(
      (position) => encodeDecision(record, position, this.#deps.observer),
      this.#at,
    );
    this.#first = end === undefined ? "decision" : "final";
    if (end !== undefined) this.#knowledge.quotas?.release();
    this.#metadata = metadataOf(record, this.#deps.records.origin, this.#firstSeq);
    this.#at = undefined;
    this.#deps.observer.decided(record);
    if (decision !== undefined) this.#deps.ramps?.judged("requests", decision);
    this.stopwatch.reset();
  }

  /** Writes how the exchange ended, and the decision on its answer. */
  close(
    decision: Decision | undefined,
    end: ExchangeEnd,
    circumstances: Circumstances & { readonly findings?: FindingTally },
  ): void {
    invariant(this.#first === "decision" && !this.#isClosed, "a decision has one closing");
    const { edited, findings } = this.#withAnswerFields(circumstances);
    const record: ClosingRecord = {
      ...this.#common(decision, { ...circumstances, ...edited }, findings),
      tools: this.#knowledge.calledTools,
      facts: statusIfIncomplete(this.#knowledge.dataStatus),
      point: "response",
      end,
      output: this.#outputBytes === 0 ? undefined : { bytes: this.#outputBytes },
      usage: this.#usage,
    };
    const { observer, records } = this.#deps;
    records.append((position) => encodeClosing(record, position, observer), this.#at);
    this.#isClosed = true;
    this.#knowledge.quotas?.settle({
      isComplete: end === "complete",
      usage: this.#usage,
      bytes: this.#outputBytes,
      toolCalls: this.#knowledge.response?.toolCalls?.length,
    });
    this.#knowledge.callQuotas?.settle(this.#knowledge.isWatched ? "complete" : end);
    if (decision?.outcome === "deny") {
      this.#metadata = { ...this.#metadata, verdict: "deny", reason: decision.reason ?? "rule" };
    }
    observer.closed(record);
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
    this.#firstSeq = records.append((position) => encodeBypass(record, position, observer));
    this.#first = "bypass";
    const { exchange } = this;
    this.#metadata = { exchange, bypass: "route", log: records.origin, seq: this.#firstSeq };
    observer.bypassed(record);
  }

  /** Headers and trailers are part of the answer, though judged ahead of it or after it. */
  #withAnswerFields(circumstances: Circumstances & { readonly findings?: FindingTally }) {
    const { answerFields } = this.#knowledge;
    const { edited, findings } = circumstances;
    if (answerFields === undefined) return { edited: {}, findings };
    return {
      edited: edited === undefined ? {} : { edited: edited + answerFields.edited },
      findings:
        findings === undefined ? answerFields.findings : findings.with(answerFields.findings),
    };
  }

  /** What replay needs to find again, kill switches of the fast channel included. */
  #versions(): PolicyVersions | undefined {
    const { snapshot } = this.#opening;
    if (snapshot === undefined) return undefined;
    const { identity } = this.#knowledge;
    const tenant = identity?.tenant;
    const switches = switchesFor(this.#deps.killSwitches, snapshot);
    const scope = identity && snapshot.scopeOf(identity.tenant, identity.app);
    const versions = withClassifiers(snapshot.versionsFor(tenant), scope?.classifiers ?? []);
    return withSwitches(versions, switches, tenant);
  }

  /** A decision on an answer has no target of its own: it comes from where its request went. */
  #targetOf(decision: Decision | undefined): Decision["target"] {
    return (this.#first === "none" ? decision : this.#knowledge.permit)?.target;
  }

  #common(
    decision: Decision | undefined,
    circumstances: Circumstances,
    findings: FindingTally | undefined,
  ) {
    const { isUnsigned } = this.#deps;
    const { head, identity, requestedModel } = this.#knowledge;
    const { edited } = circumstances;
    const isListed = typeof decision?.model.used === "string";
    const model = {
      // One that resolved to a model of the catalog is a name of the catalog.
      requested:
        isListed || requestedModel === undefined
          ? requestedModel
          : discreet(requestedModel, this.#deps.detector),
      used: decision?.model.used,
      provider: this.#targetOf(decision)?.provider,
    };
    return {
      exchange: this.exchange,
      tenant: identity?.tenant,
      app: identity?.app,
      route: head?.route,
      model,
      outcome: decision?.outcome ?? ("none" as const),
      verdict: decision?.verdict ?? ("none" as const),
      reason: decision?.reason ?? circumstances.reason,
      decidedBy: decision?.decidedBy,
      rules: decision && toRecordedRules(decision.matched, decision.rules),
      warnings: decision?.warnings,
      controls: decision?.controls,
      lifted: decision?.lifted,
      shadow: decision?.shadow,
      evaluated: decision?.evaluated,
      obligations: decision && toRecordedObligations(decision),
      obligationsDigest: decision && obligationsDigestOf(decision.obligations),
      applied:
        edited === undefined
          ? undefined
          : { redactions: edited > 0 ? ("ok" as const) : ("none" as const), spans: edited },
      findings: findings?.isEmpty === false ? toRecordedFindings(findings.groups()) : undefined,
      unsigned: isUnsigned ? (true as const) : undefined,
      timeUs: this.stopwatch.times(),
    };
  }
}

/** Of an answer that was not classified, as of its request; elsewhere it goes without saying. */
function statusIfIncomplete(status: DataStatus): ClosingRecord["facts"] {
  return status === "ok" ? undefined : { "data.status": status };
}

function metadataOf(record: DecisionRecord, log: string, seq: number): ExchangeMetadata {
  const { exchange, reason, verdict, versions } = record;
  const metadata: Record<string, string | number> = { exchange, verdict };
  if (typeof reason === "string") metadata["reason"] = reason;
  if (versions !== undefined) {
    metadata["effective"] = versions.effective.replace("sha256:", "").slice(0, 12);
  }
  metadata["log"] = log;
  metadata["seq"] = seq;
  return metadata;
}

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
  toRecordedFindings,
  toRecordedRules,
} from "../record/index.ts";
import { withClassifiers } from "./classifier-versions.ts";
import type { ExchangeMetadata } from "./commands.ts";
import { ContentDigest } from "./content-digest.ts";
import type { ExchangeDeps, ExchangeRecordRole } from "./deps.ts";
import { discreet } from "./discretion.ts";
import { ExchangeTraces } from "./exchange-traces.ts";
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
import { toRecordedUsage } from "./recorded-usage.ts";
import { Stopwatch } from "./stopwatch.ts";

/** What an exchange is opened with, as far as its records tell of it. */
export interface EvidenceOpening {
  readonly isObserving: boolean;
  readonly traceparent: string | undefined;
  readonly snapshot: Snapshot | undefined;
  /** Holds answers back until the record with this `seq` is on the disk for good. */
  readonly holdUntilDurable: (seq: number) => void;
}

/** What was known and done, beside the decision, when a record is written. */
export interface Circumstances {
  /** Places edited; absent where nothing was carried out. */
  readonly edited?: number;
  /** A fault code, or the reason of a refusal that no decision gave. */
  readonly reason?: string;
}

const nothingNew = {};

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
  readonly #deps: ExchangeDeps;
  readonly #knowledge: Knowledge;
  readonly #opening: EvidenceOpening;
  #first: "none" | "decision" | "final" | "bypass" = "none";
  #isClosed = false;
  #firstSeq: number | undefined;
  #metadata: ExchangeMetadata;
  #toldMetadata: ExchangeMetadata | undefined;
  #at: string | undefined;
  /** What the decision was made by. */
  #versionsTold: PolicyVersions | undefined;
  #inputBytes: number | undefined;
  #inputDigest: ContentDigest | undefined;
  #outputBytes = 0;
  #outputDigest: ContentDigest | undefined;
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

  /** True where the exchange may go on although its first record cannot be written (4.8). */
  get mayGoOn(): boolean {
    return this.#deps.auditRules(this.#knowledge.head?.route).onFailure === "continue";
  }

  /** Goes on without its first record, which is going to be written late; gives what is told now. */
  goOnUnrecorded(): ExchangeMetadata {
    this.#firstSeq = undefined;
    const { seq: _, ...metadata } = this.#metadata;
    this.#metadata = metadata;
    this.#toldMetadata = metadata;
    this.#deps.observer.wentUnrecorded();
    return metadata;
  }

  /** Nothing more is written: the log cannot be. */
  abandon(): void {
    this.#isClosed = true;
    this.#firstSeq = undefined;
    this.traces.abandoned("audit_unavailable");
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

  /** When the decision was made that is not on record yet. */
  get decidedAt(): string {
    return this.#at ?? this.now();
  }

  /** The body as it is judged, decoded and before any edit. */
  input(body: Uint8Array): void {
    this.#inputBytes = body.length;
    if (this.#deps.contentKey === undefined) return;
    this.#inputDigest = this.#startDigest();
    this.#inputDigest?.add(body);
  }

  /** A piece of the answer as it is sent. */
  output(bytes: Uint8Array): void {
    this.#outputBytes += bytes.length;
    if (this.#deps.contentKey === undefined) return;
    this.#outputDigest ??= this.#startDigest();
    this.#outputDigest?.add(bytes);
  }

  /** Nobody's content has no key. */
  #startDigest(): ContentDigest | undefined {
    const tenant = this.#knowledge.identity?.tenant;
    const key = tenant === undefined ? undefined : this.#deps.contentKey?.(tenant);
    return key && new ContentDigest(key);
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
    const masked: string[] = [];
    this.#versionsTold = this.#versions();
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
      principal:
        identity && toRecordedPrincipal(identity, this.#deps, () => masked.push("principal")),
      hops: decision?.hops,
      versions: this.#versionsTold,
      facts: factsOf(request, {
        principal: identity?.principal,
        dataStatus: this.#knowledge.dataStatus,
        detector: this.#deps.detector,
        host: this.#attributesRead()?.has("route.host") ? head?.host : undefined,
        masked: () => masked.push("facts"),
      }),
      mode: this.#opening.isObserving || this.#knowledge.isWatched ? "observe" : "enforce",
      fallback: "none",
      input:
        this.#inputBytes === undefined
          ? undefined
          : { bytes: this.#inputBytes, digest: this.#inputDigest?.text() },
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
    this.#metadata = metadataOf(record, this.#deps.records.origin, this.#firstSeq);
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
    circumstances: Circumstances & { readonly findings?: FindingTally },
  ): void {
    invariant(this.#first === "decision" && !this.#isClosed, "a decision has one closing");
    const { trailerFindings } = this.#knowledge;
    const judged =
      trailerFindings ?? (decision === undefined ? undefined : this.#knowledge.answerFindings);
    const { edited, findings } = this.#withAnswerFields(circumstances, judged);
    const versions = this.#versions();
    const record: ClosingRecord = {
      ...this.#common(decision, { ...circumstances, ...edited }, findings),
      tools: this.#knowledge.calledTools,
      facts: this.#answerFacts(decision),
      versions: versions === this.#versionsTold ? undefined : versions,
      point: trailerFindings === undefined ? "response" : "request",
      end,
      output:
        this.#outputBytes === 0
          ? undefined
          : { bytes: this.#outputBytes, digest: this.#outputDigest?.text() },
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
      bytes: this.#outputBytes,
      toolCalls: this.#knowledge.response?.toolCalls?.length,
    });
    this.#knowledge.callQuotas?.settle(this.#knowledge.isWatched ? "complete" : end);
    if (decision?.outcome === "deny") {
      this.#metadata = { ...this.#metadata, verdict: "deny", reason: decision.reason ?? "rule" };
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
    this.#metadata = { exchange, bypass: "route", log: records.origin, ...place };
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

  /** Headers and trailers are part of the answer, though judged ahead of it or after it. */
  #withAnswerFields(
    circumstances: Circumstances & { readonly findings?: FindingTally },
    judged: FindingTally | undefined,
  ) {
    const { answerFields } = this.#knowledge;
    const { edited, findings = judged } = circumstances;
    if (answerFields === undefined) return { edited: {}, findings };
    return {
      edited: edited === undefined ? {} : { edited: edited + answerFields.edited },
      findings:
        findings === undefined ? answerFields.findings : findings.with(answerFields.findings),
    };
  }

  /** What conditions on the path read of the answer, and what of its request has changed. */
  #answerFacts(decision: Decision | undefined): ClosingRecord["facts"] {
    const { dataStatus, response } = this.#knowledge;
    // Of an answer that was not classified, as of its request; elsewhere it goes without saying.
    const status = dataStatus === "ok" ? undefined : { "data.status": dataStatus };
    const read = this.#attributesRead();
    if (decision === undefined || response === undefined || read === undefined || read.size === 0) {
      return status;
    }
    const { finishReason, outputTokens } = response;
    return {
      ...status,
      ...(read.has("response.finishReason") ? { "response.finishReason": finishReason } : {}),
      ...(read.has("response.outputTokens") ? { "response.outputTokens": outputTokens } : {}),
    };
  }

  #attributesRead() {
    const { identity } = this.#knowledge;
    const { snapshot } = this.#opening;
    return identity && snapshot?.scopeOf(identity.tenant, identity.app)?.attributesRead();
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
    const target = this.#targetOf(decision);
    const model = {
      // One that resolved to a model of the catalog is a name of the catalog.
      requested:
        isListed || requestedModel === undefined
          ? requestedModel
          : discreet(requestedModel, this.#deps.detector),
      used: decision?.model.used,
      provider: target?.provider,
      region: target?.region,
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
      results: decision?.results,
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

function metadataOf(
  record: DecisionRecord,
  log: string,
  seq: number | undefined,
): ExchangeMetadata {
  const { exchange, reason, verdict, versions } = record;
  const metadata: Record<string, string | number> = { exchange, verdict };
  if (typeof reason === "string") metadata["reason"] = reason;
  if (versions !== undefined) {
    metadata["effective"] = versions.effective.replace("sha256:", "").slice(0, 12);
  }
  metadata["log"] = log;
  if (seq !== undefined) metadata["seq"] = seq;
  return metadata;
}

import type {
  Action,
  Decision,
  Point,
  PolicyVersions,
  QuotaResult,
  RuleMatch,
  Verdict,
} from "../domain/index.ts";
import type {
  Applied,
  ExchangeEnd,
  FactValue,
  RecordedFinding,
  RecordedModel,
  RecordedObligations,
  RecordedPrincipal,
  RecordedSide,
  RecordedTimes,
  RecordedTool,
} from "./parts.ts";

/**
 * The request side judged or refused, or the exchange ended before that: exactly one for each
 * exchange that was neither bypassed nor shed, written before the answer (audit-and-operations
 * 2.3). An absent field, null and an empty list or object are all left out of the line.
 */
export interface DecisionRecord {
  /** UUIDv7 of the exchange, given to the caller as the decision id. */
  readonly exchange: string;
  /** No closing follows. */
  readonly final?: true | undefined;
  /** The proxy's `x-request-id`. */
  readonly requestId?: string | undefined;
  /** W3C trace context in lower-case hex. */
  readonly trace?: { readonly traceId: string; readonly spanId: string } | undefined;
  /** Absent only where the exchange ended before the caller was known, like `app`. */
  readonly tenant?: string | undefined;
  readonly app?: string | undefined;
  /** Name of the route; never a path. */
  readonly route?: string | undefined;
  readonly principal?: RecordedPrincipal | undefined;
  readonly action?: Action | undefined;
  readonly point: Point;
  readonly model?: RecordedModel | undefined;
  readonly hops?: Decision["hops"] | undefined;
  /** `none`: ended before it was judged; then `end` says how. */
  readonly outcome: Decision["outcome"] | "none";
  readonly verdict: Verdict | "none";
  /** Stable reason of a deny, or a fault code. */
  readonly reason?: string | null | undefined;
  readonly decidedBy?: string | null | undefined;
  /** In the order of `toRecordedRules`. */
  readonly rules?: readonly RuleMatch[] | undefined;
  readonly warnings?: readonly string[] | undefined;
  readonly controls?: readonly string[] | undefined;
  readonly lifted?: Decision["lifted"] | undefined;
  readonly shadow?: Decision["shadow"] | undefined;
  /** Offered by the request in a decision, called in the answer in a closing. */
  readonly tools?: readonly RecordedTool[] | undefined;
  /** Results of the quotas that were checked, by full name. */
  readonly quotas?: Readonly<Record<string, QuotaResult>> | undefined;
  /** 0 to 9999 by the full name of each ramp on the path. */
  readonly buckets?: Decision["buckets"] | undefined;
  /** Ramps on the path that were at nobody because of their guards; replay needs them. */
  readonly suspended?: Decision["suspended"] | undefined;
  /** With audit level `trace` only. */
  readonly evaluated?: Decision["evaluated"] | undefined;
  readonly obligations?: RecordedObligations | undefined;
  /** `sha256:` and hex over the RFC 8785 form of the whole obligations; absent where empty. */
  readonly obligationsDigest?: string | undefined;
  readonly applied?: Applied | undefined;
  /** Absent only when no snapshot was active. Encoded once per object: do not change it. */
  readonly versions?: PolicyVersions | undefined;
  /** By their names in policy-model 3.1; at most 64. */
  readonly facts?: Readonly<Record<string, FactValue | undefined>> | undefined;
  /** Outcomes of parts of rules that read what no record holds; at most 64 (audit-and-operations 2.4). */
  readonly results?: Decision["results"] | undefined;
  /** Places other than `response`, in the order of `toRecordedFindings`. */
  readonly findings?: readonly RecordedFinding[] | undefined;
  readonly mode: "enforce" | "observe";
  readonly fallback: "none" | "last_good" | "default_deny" | "open";
  /** Policies were loaded under the development flag. */
  readonly unsigned?: true | undefined;
  /** After content decoding, before edits. */
  readonly input?: RecordedSide | undefined;
  readonly timeUs: RecordedTimes;
  /** Only on a final record. */
  readonly end?: ExchangeEnd | undefined;
  readonly retainDays: number;
  /** Fields cut before the record was made; those the writer cuts are added. */
  readonly truncated?: readonly string[] | undefined;
}

import type {
  DataStatus,
  Decision,
  Obligations,
  PrincipalKind,
  QuotaResult,
  Usage,
  Verdict,
} from "../domain/index.ts";

/** Where a record stands: what every kind has in common, given by the log. */
export interface RecordPosition {
  /** Origin of the log, such as `gov.acme.example/eu1/pod-7/0/5f0c2a91`. */
  readonly log: string;
  /** Index in the log, from 0. */
  readonly seq: number;
  /** UUIDv7 in lower case. */
  readonly id: string;
  /** RFC 3339 in UTC with six decimals; of a decision, the `time` of its input. */
  readonly at: string;
  /** Written after the fact, since the log could not be written then (audit-and-operations 4.8). */
  readonly late?: true | undefined;
}

/** How an exchange ended (audit-and-operations 2.3). */
export type ExchangeEnd =
  | "complete"
  | "refused"
  | "cut"
  | "peer_reset"
  | "deadline"
  | "drained"
  | "server_error"
  | "lost";

/**
 * An attribute the decision read. A number that is not a safe integer is written as
 * `{"decimal":…}`, a bigint beyond that range as `{"int":…}`.
 */
export type FactValue = boolean | number | bigint | string | readonly string[];

/** Who asked; `ref` is a pseudonym, except for workload identities. */
export interface RecordedPrincipal {
  readonly kind: PrincipalKind;
  readonly ref: string;
  /** The identity source. */
  readonly auth: string;
  readonly issuer?: string | undefined;
  readonly groups?: readonly string[] | undefined;
  readonly roles?: readonly string[] | undefined;
  /** Which of `groups`, `issuer` and `roles` have a pseudonym in the place of a name that tells too much. */
  readonly hidden?: readonly string[] | undefined;
  readonly actor?: { readonly kind: PrincipalKind; readonly ref: string } | undefined;
}

/** Names only; `used` is absent on a deny. */
export interface RecordedModel {
  readonly requested?: string | null | undefined;
  readonly used?: string | null | undefined;
  readonly provider?: string | undefined;
  readonly region?: string | undefined;
}

/** Findings of one (class, detector, place, confidence). */
export interface RecordedFinding {
  readonly class: string;
  readonly detector?: string | undefined;
  readonly in: string;
  readonly count: number;
  /** Whole percent, 0 to 100. */
  readonly confidencePct: number;
}

/**
 * The decision on one tool: offered by the request, called in the answer, or of a result that the
 * request tells. Never arguments.
 */
export interface RecordedTool {
  readonly point: "tool.list" | "tool.call" | "tool.result";
  readonly server?: string | undefined;
  /** `<server>/<tool>` where a server is known. */
  readonly name: string;
  readonly risk?: string | undefined;
  readonly outcome: Decision["outcome"];
  readonly verdict: Verdict;
  readonly reason?: string | null | undefined;
  readonly decidedBy?: string | null | undefined;
  /** Codes, sorted. */
  readonly warnings?: readonly string[] | undefined;
  /** Results of the quotas that a call was asked of by itself, as of a whole decision. */
  readonly quotas?: Readonly<Record<string, QuotaResult>> | undefined;
  /** When a call was decided on; what a request tells of tools is decided with the request. */
  readonly at?: string | undefined;
  /** Of the classification by then, where it was not complete. */
  readonly status?: DataStatus | undefined;
  /** In the arguments of a call, in the order of `toRecordedFindings`. */
  readonly findings?: readonly RecordedFinding[] | undefined;
  /** As `results` of a whole decision. */
  readonly results?: Decision["results"] | undefined;
}

/** Obligations with the names of rules in the place of texts and values of headers. */
export interface RecordedObligations extends Omit<Obligations, "headers" | "prompt"> {
  readonly headers?: { readonly set: Readonly<Record<string, string>> } | undefined;
  readonly prompt?: { readonly prepend: readonly string[] } | undefined;
}

type Application = "ok" | "failed" | "none";

/** What was done with the decision. */
export interface Applied {
  readonly headers?: Application | undefined;
  readonly redactions?: Application | undefined;
  readonly params?: Application | undefined;
  readonly route?: Application | undefined;
  readonly body?: Application | undefined;
  /** Places edited. */
  readonly spans?: number | undefined;
}

/** One body as judged. */
export interface RecordedSide {
  readonly bytes: number;
  /** Keyed: `hmac-sha256:c<number of the key>:` and base64url (audit-and-operations 3). */
  readonly digest?: string | undefined;
  readonly tokens?: number | undefined;
}

/** Tokens as the provider counted them. */
export interface RecordedUsage extends Usage {
  /** In micro US dollars, by the prices of the catalog. */
  readonly costMicros?: number | undefined;
}

/** Microseconds; a fraction is dropped. */
export interface RecordedTimes {
  readonly parse?: number | undefined;
  readonly detect?: number | undefined;
  readonly evaluate?: number | undefined;
  readonly queue?: number | undefined;
  readonly total: number;
}

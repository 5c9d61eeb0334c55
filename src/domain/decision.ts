import type { FindingGroup } from "./finding.ts";
import type { Principal } from "./identity.ts";
import type { Action, Place, Point, Verdict } from "./traffic.ts";

/** Everything a decision is made from (policy-model 12.1); nothing else is read. */
export interface DecisionInput {
  /** RFC 3339 in UTC. */
  readonly time: string;
  readonly tenant?: string | undefined;
  readonly app?: string | undefined;
  readonly action: Action;
  readonly point: Point;
  /** The model as asked for: an id, an alias or a name; at `response` the id used. */
  readonly model?: string | undefined;
  readonly principal?: Principal | undefined;
  readonly request?: RequestFacts | undefined;
  /** The tool asked about; read for `tool.*` actions. */
  readonly tool?: ToolFacts | undefined;
  /** What the answer said, text aside; known at point `response`. */
  readonly response?: ResponseFacts | undefined;
  /** Results of quota checks by full name; one that is not listed is `ok`. */
  readonly quotas?: Readonly<Record<string, QuotaResult>> | undefined;
  readonly route?: { readonly name?: string; readonly host?: string } | undefined;
  readonly data: {
    readonly status: DataStatus;
    readonly findings: readonly FindingGroup[];
  };
}

/** Whether all was classified that a decision is about (policy-model 3.1 `data.status`). */
export type DataStatus = "ok" | "timeout" | "failed" | "truncated";

/** What a request says about itself, text aside. */
export interface RequestFacts {
  readonly protocol?: string;
  readonly stream?: boolean;
  /** UTF-8 bytes of all request text divided by 4, rounded up. */
  readonly inputTokens?: number;
  readonly maxTokens?: number;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly toolNames?: readonly string[];
  readonly region?: string;
}

/** One tool, offered or called (policy-model 3.1). */
export interface ToolFacts {
  /** `<server>/<tool>`. */
  readonly name: string;
  /** Absent when tools are listed. */
  readonly args?: Readonly<Record<string, unknown>>;
  /** Somebody entitled has approved this very call. */
  readonly approved?: boolean;
}

/** What an answer says about itself, text aside. */
export interface ResponseFacts {
  readonly finishReason?: string;
  readonly outputTokens?: number;
  /** Names of the tools it calls. */
  readonly toolCalls?: readonly string[];
}

export type QuotaResult = "ok" | "exceeded" | "unavailable";

/** From the strongest to the weakest: remove, mask, tokenize, hash, partial (policy-model 5.5). */
export type RedactionMethod = "remove" | "mask" | "tokenize" | "hash" | "partial";
export type RedactionDirection = "request" | "response" | "log";

/** How findings of one class are to be edited (policy-model 5.5). Lists are sorted. */
export interface Redaction {
  readonly method: RedactionMethod;
  /** Full name of the rule that owns it. */
  readonly by: string;
  readonly directions: readonly RedactionDirection[];
  /** Places covered; absent: all. */
  readonly in?: readonly Place[];
}

/** What is asked of one parameter of the request (policy-model 5.5). */
export interface ParamBound {
  readonly max?: number;
  readonly min?: number;
  readonly value?: string | number | boolean;
}

/** What a permit is bound to (policy-model 5.5); an empty part is absent, lists are sorted. */
export interface Obligations {
  /** By the class found. */
  readonly redact?: Readonly<Record<string, Redaction>>;
  /** By name in the language's own words, such as `maxTokens`. */
  readonly params?: Readonly<Record<string, ParamBound>>;
  readonly retention?: {
    readonly store?: boolean;
    readonly training?: boolean;
    readonly maxDays?: number;
  };
  readonly tools?: {
    /** Patterns over `<server>/<tool>`. */
    readonly remove?: readonly string[];
    readonly requireApproval?: ApprovalDemand;
  };
  /** Texts in the order of policy-model 5.3. */
  readonly prompt?: { readonly prepend: readonly string[] };
  readonly headers?: { readonly set: Readonly<Record<string, string>> };
  readonly audit?: {
    readonly level?: "metadata" | "trace";
    /** Whole days. */
    readonly recordRetention?: string;
    readonly contentRetention?: string;
  };
  /** Full names of the quotas that apply. */
  readonly quotas?: readonly string[];
}

/** Who has to approve a call, and for how long that holds. */
export interface ApprovalDemand {
  readonly by?: Readonly<Record<string, readonly string[]>>;
  readonly ttl?: string;
}

/** A rule in force that matched (T) or could not be told (E). */
export interface RuleMatch {
  readonly id: string;
  readonly layer: "global" | "tenant" | "app" | "model" | "grant" | "incident";
  readonly effect: "allow" | "deny" | "redact" | "transform" | "warn";
  readonly match: "T" | "E";
}

/** The outcome for one input (policy-model 12.1), with what the exchange needs to carry it out. */
export interface Decision {
  readonly outcome: "permit" | "deny";
  readonly verdict: Verdict;
  /** Stable reason code of a deny, else null. */
  readonly reason: string | null;
  /** Winning permit, `fallback`, primary rule or boundary; null where nothing decided. */
  readonly decidedBy: string | null;
  /** Rules that denied, primary first. */
  readonly rules: readonly string[];
  readonly model: { readonly requested: string | null; readonly used: string | null };
  readonly obligations: Obligations;
  /** Codes, sorted. */
  readonly warnings: readonly string[];
  readonly lifted: readonly { readonly rule: string; readonly by: string }[];
  /** The whole decision as shadow rules, shadow quotas and other versions would have made it. */
  readonly shadow: ShadowDecision | null;
  readonly hops: readonly {
    readonly model: string;
    readonly result: "permit" | "deny" | "unavailable";
    readonly reason: string | null;
  }[];
  /** `sha256:` and hex over [semantics, platform digest, tenant digest] (policy-model 10). */
  readonly effective: string;
  /** True where the platform watches this app and nothing but kill switches acts (policy-model 7). */
  readonly isObserved?: true;
  /** 0 to 9999 by the full name of each ramp on the path (policy-model 7). */
  readonly buckets?: Readonly<Record<string, number>>;
  /** Full names of the ramps on the path that were at nobody because of their guards; sorted. */
  readonly suspended?: readonly string[];
  /**
   * How those parts of rules ended that read what no record holds, by the keys of audit-and-operations
   * 2.4; what was F is left out.
   */
  readonly results?: Readonly<Record<string, "T" | "E">>;
  /** By the full name of each guarded ramp on the path; for its guards, never on record. */
  readonly ramps?: Readonly<Record<string, RampTrial>>;
  /** Why each rule on the path was what it was; on request only. */
  readonly evaluated?: readonly RuleTrace[];
  /** Rules in force that were T or E, sorted by id. */
  readonly matched: readonly RuleMatch[];
  /** Message of the primary rule, for the caller. */
  readonly message?: { readonly code?: string; readonly text?: string };
  /** Full names of the rules behind texts and values that records do not hold. */
  readonly sources?: {
    /** In the order of `obligations.prompt.prepend`. */
    readonly prepend?: readonly string[];
    /** By the name of the header. */
    readonly headers?: Readonly<Record<string, string>>;
  };
  /** Where a permitted `llm.*` request goes. */
  readonly target?: {
    readonly modelId: string;
    readonly provider: string;
    /** The model's name as its provider knows it. */
    readonly upstreamName: string;
    /** Where its provider runs it; of several regions all, between commas. */
    readonly region?: string;
    /** In dollars per token; absent unless both are stated. */
    readonly price?: { readonly input: number; readonly output: number };
  };
  /** Longest `audit.recordRetention` of the matched rules in days, if any says so. */
  readonly retainDays?: number;
  /** Control ids of the matched rules, sorted. */
  readonly controls: readonly string[];
}

/**
 * What the counterfactual would change for a caller (audit-and-operations 6): between two permits a
 * `redaction`, the model the request goes to, or both.
 */
export type ShadowChange = "permit_to_deny" | "deny_to_permit" | "redaction" | "route";

/** The counterfactual of policy-model 7. */
export interface ShadowDecision {
  readonly verdict: Verdict;
  readonly reason: string | null;
  /** Verdict, reason, model used, redactions or params differ. */
  readonly changed: boolean;
  /** Those changes that are counted apart; absent where there is none of them. For metrics only. */
  readonly changes?: readonly ShadowChange[];
  /** Rules that matched there and are not in force; sorted. */
  readonly rules: readonly string[];
}

/** One decision with both versions of a ramped policy, all else as it is (policy-model 7). */
export interface RampTrial {
  /** `sha256:` and hex of the Rollout document that says how it is ramped. */
  readonly document: string;
  readonly stable: RampOutcome;
  readonly candidate: RampOutcome;
}

export interface RampOutcome {
  readonly verdict: Verdict;
  readonly reason: string | null;
}

/** How one rule's test ended, and the first part of it that was not T. */
export interface RuleTrace {
  readonly rule: string;
  readonly match: "T" | "F" | "E" | "unknown";
  /** A matcher, or `conditions` and a name with `#` between; null for T. */
  readonly at: string | null;
}

/** What replay needs to find the policies again (audit-and-operations 2.3 `versions`). */
export interface PolicyVersions {
  readonly effective: string;
  readonly snapshot: string;
  readonly semantics: number;
  readonly engine: string;
  /** By full name, the sequence of each kill switch that could be met. */
  readonly killSwitches?: Readonly<Record<string, number>>;
  /** Versions of the classifiers that are asked about the app's texts, by full name. */
  readonly classifiers?: Readonly<Record<string, string>>;
  readonly layers: readonly {
    readonly id: string;
    readonly version?: string;
    readonly digest: string;
  }[];
}

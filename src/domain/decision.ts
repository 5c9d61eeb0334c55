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
  readonly route?: { readonly name?: string; readonly host?: string } | undefined;
  readonly data: {
    readonly status: "ok" | "timeout" | "failed" | "truncated";
    readonly findings: readonly FindingGroup[];
  };
}

/** What a request says about itself, text aside. */
export interface RequestFacts {
  readonly protocol?: string;
  readonly stream?: boolean;
  /** UTF-8 bytes of all request text divided by 4, rounded up. */
  readonly inputTokens?: number;
  readonly maxTokens?: number;
  readonly params?: Readonly<Record<string, number | boolean>>;
  readonly toolNames?: readonly string[];
  readonly region?: string;
}

export type RedactionMethod = "mask" | "remove";
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

/** What a permit is bound to. Keyed by the class found. */
export interface Obligations {
  readonly redact?: Readonly<Record<string, Redaction>>;
}

/** A rule in force that matched (T) or could not be told (E). */
export interface RuleMatch {
  readonly id: string;
  readonly layer: "global" | "tenant" | "app" | "model";
  readonly effect: "allow" | "deny" | "redact" | "warn";
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
  readonly shadow: null;
  readonly hops: readonly {
    readonly model: string;
    readonly result: "permit" | "deny" | "unavailable";
    readonly reason: string | null;
  }[];
  /** `sha256:` and hex over [semantics, platform digest, tenant digest] (policy-model 10). */
  readonly effective: string;
  /** Rules in force that were T or E, sorted by id. */
  readonly matched: readonly RuleMatch[];
  /** Message of the primary rule, for the caller. */
  readonly message?: { readonly code?: string; readonly text?: string };
  /** Where a permitted `llm.*` request goes. */
  readonly target?: {
    readonly modelId: string;
    readonly provider: string;
    /** The model's name as its provider knows it. */
    readonly upstreamName: string;
  };
  /** Longest `audit.recordRetention` of the matched rules in days, if any says so. */
  readonly retainDays?: number;
  /** Control ids of the matched rules, sorted. */
  readonly controls: readonly string[];
}

/** What replay needs to find the policies again (audit-and-operations 2.3 `versions`). */
export interface PolicyVersions {
  readonly effective: string;
  readonly snapshot: string;
  readonly semantics: number;
  readonly engine: string;
  readonly layers: readonly {
    readonly id: string;
    readonly version?: string;
    readonly digest: string;
  }[];
}

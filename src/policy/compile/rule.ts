import type {
  ApprovalDemand,
  ParamBound,
  Place,
  Redaction,
  RuleMatch,
} from "../../domain/index.ts";

/** Where a rule's policy is attached. */
export type Layer = RuleMatch["layer"];
/** What a rule does where it matches; all but `allow` restrict. */
export type Effect = RuleMatch["effect"];

/** Layers from the least to the most specific; the index is their rank (policy-model 4). */
export const layers: readonly Layer[] = [
  "global",
  "tenant",
  "app",
  "model",
  // Permits of exceptions are more specific than any layer; both count as 4 (policy-model 5.2).
  "grant",
  "incident",
];

/** Who wrote a rule, the higher the more: 2 platform, 1 tenant, 0 a tenant's policy for an app. */
export type Authority = 0 | 1 | 2;

/** The list of its policy a rule stands in, which says how strong it is (policy-model 4). */
export type Block = "defaults" | "rules" | "overrides";

/** Which requests something holds for; an absent field: any. */
export interface Attachment {
  readonly tenant: string | undefined;
  readonly app: string | undefined;
  readonly model: string | undefined;
}

/** A default that is not in force on the path of a policy below it (`unset`, `replaces`). */
export interface UnsetDefault extends Attachment {
  /** Full name of the rule. */
  readonly rule: string;
  /** Said by a rule in shadow, so it holds in the counterfactual only. */
  readonly isShadow: boolean;
  /** As of the policy that says so. */
  readonly ramp: Rule["ramp"];
  readonly window: ActiveWindow | undefined;
}

/** One compiled rule. Lists are sorted; absent matchers match anything. */
export interface Rule extends Attachment {
  /** `<namespace>/<policy>/<id>`. */
  readonly name: string;
  readonly block: Block;
  readonly effect: Effect;
  readonly layer: Layer;
  readonly authority: Authority;
  /** Who can lift it: nobody, an Incident alone, or a Grant too. */
  readonly exemptible: "never" | "incident" | "grant";
  readonly subjects: SubjectMatcher | undefined;
  /** Whoever fits it is not concerned; restrictive rules only. */
  readonly exclude: SubjectMatcher | undefined;
  /** Actions and families such as `llm.*`. */
  readonly actions: readonly string[] | undefined;
  readonly models: ModelMatcher | undefined;
  readonly tools: ToolMatcher | undefined;
  /** All must hold; sorted by name. */
  readonly conditions: readonly Condition[];
  readonly classes: ClassMatcher | undefined;
  /** Closed-world list over what is left for the model; allow rules only. */
  readonly permitted: PermittedClasses | undefined;
  /** How and where a redact rule edits; `by` is its own name. */
  readonly redaction: Redaction | undefined;
  /** Classes a redact rule covers; empty for other effects. */
  readonly redactedClasses: readonly string[];
  /** What a transform rule asks for. */
  readonly transform: Transform | undefined;
  /** Terms of an allow rule (policy-model 8); exact model ids in the order written. */
  readonly route: RouteTerms | undefined;
  /** Full names of quotas; allow and transform rules only. */
  readonly quotas: readonly string[];
  /** E counts as F, and the decision says so (policy-model 5.4); rules of `defaults` only. */
  readonly failsOpen: boolean;
  /** In force in the counterfactual only (policy-model 7). */
  readonly isShadow: boolean;
  /** The ramp its policy is part of, and which version of it the rule belongs to. */
  readonly ramp: { readonly rollout: string; readonly side: RampSide } | undefined;
  /** When it is in force (policy-model 5.1 step 4); undefined: always. */
  readonly window: ActiveWindow | undefined;
  /** Of a permit or restriction of an exception: whom and what it is limited to besides. */
  readonly scope: ExceptionScope | undefined;
  readonly priority: number;
  /** What a warn rule adds to the answer. */
  readonly warning: string;
  readonly message: { readonly code?: string; readonly text?: string } | undefined;
  readonly retainDays: number | undefined;
  readonly auditLevel: "metadata" | "trace" | undefined;
  readonly contentDays: number | undefined;
  readonly controls: readonly string[];
}

export type RampSide = "stable" | "candidate";

/** Milliseconds since the epoch; `from` ≤ time < `until`, an absent end is open. */
export interface ActiveWindow {
  readonly fromMs: number | undefined;
  readonly untilMs: number | undefined;
}

/** One named condition; its expression is compiled once per snapshot and kept beside the form. */
export interface Condition {
  readonly name: string;
  readonly expression: string;
}

export interface ToolMatcher {
  readonly names: readonly string[] | undefined;
  readonly risk: readonly string[] | undefined;
}

export interface Transform {
  readonly params: Readonly<Record<string, ParamBound>>;
  readonly store: boolean | undefined;
  readonly training: boolean | undefined;
  readonly maxDays: number | undefined;
  readonly removeTools: readonly string[];
  readonly requireApproval: ApprovalDemand | undefined;
  readonly prepend: string | undefined;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Exact ids; undefined: any model. */
  readonly routeOnly: readonly string[] | undefined;
}

export interface RouteTerms {
  readonly prefer: readonly string[];
  readonly fallback: readonly string[];
}

/** The scope of a Grant or of one relaxation of an Incident (policy-model 6); absent: any. */
export interface ExceptionScope {
  readonly tenants: readonly string[] | undefined;
  readonly apps: readonly string[] | undefined;
  readonly subjects: SubjectMatcher | undefined;
  readonly models: ModelMatcher | undefined;
  readonly actions: readonly string[] | undefined;
}

/** A rule named by an exception that is entitled to lift it. */
export interface Lift {
  /** Full name of the rule. */
  readonly rule: string;
  /** Full name of the Grant or Incident. */
  readonly by: string;
  readonly kind: "grant" | "incident";
  /** Of a tenant's document: it reaches the tenant's own requests only. */
  readonly tenant: string | undefined;
  readonly window: ActiveWindow;
  readonly scope: ExceptionScope;
}

/** Who asks. All given fields must fit; within a field one item is enough. */
export interface SubjectMatcher {
  readonly principals: readonly string[] | undefined;
  readonly groups: readonly string[] | undefined;
  readonly roles: readonly string[] | undefined;
  readonly kinds: readonly string[] | undefined;
  readonly issuers: readonly string[] | undefined;
  readonly actors: readonly string[] | undefined;
}

/** All given fields must fit; within a field one item is enough. */
export interface ModelMatcher {
  readonly ids: readonly string[] | undefined;
  /** Ids of the members of the aliases listed. */
  readonly aliasMembers: readonly string[];
  readonly providers: readonly string[] | undefined;
  readonly regions: readonly string[] | undefined;
  readonly deployment: readonly string[] | undefined;
  readonly tags: readonly string[] | undefined;
  readonly retention: readonly string[] | undefined;
}

/** What must have been found (policy-model 3 on `anyOf`). */
export interface ClassMatcher {
  readonly anyOf: readonly string[];
  readonly minConfidence: number;
  readonly minCount: number;
  /** Undefined: all places. */
  readonly places: readonly Place[] | undefined;
  /** True: reads answers alone, so it is left out before there is one (policy-model 3.1). */
  readonly readsResponseOnly: boolean;
}

/** What may be left (policy-model 3 on `permitted`). */
export interface PermittedClasses {
  readonly classes: readonly string[];
  readonly minConfidence: number;
}

/** Findings below this confidence do not count unless a rule says so. */
export const defaultMinConfidence = 0.6;

import type {
  Decision,
  DecisionInput,
  Obligations,
  PolicyVersions,
  ShadowDecision,
} from "../../domain/index.ts";
import { digestOf } from "../../signing/index.ts";

/**
 * A decision as programs are told about it (policy-model 12.1). All members are there but
 * `evaluated`, empty as null, `[]` or `{}`; names and codes are sorted, `rules` primary first.
 */
export interface DecisionDocument {
  /** The same for the same input under the same policies. */
  readonly decision: string;
  readonly outcome: Decision["outcome"];
  readonly verdict: Decision["verdict"];
  readonly reason: string | null;
  readonly decidedBy: string | null;
  readonly rules: readonly string[];
  readonly model: Decision["model"];
  readonly obligations: Obligations;
  readonly warnings: readonly string[];
  readonly lifted: Decision["lifted"];
  readonly shadow: Omit<ShadowDecision, "changes"> | null;
  readonly hops: Decision["hops"];
  readonly effective: string;
  /** Per namespace the version of its bundle, or the digest of a folder that has none. */
  readonly versions: Readonly<Record<string, string | number>>;
  /** Of a decision that was made with a trace. */
  readonly evaluated?: NonNullable<Decision["evaluated"]>;
}

/** What a decision was made from. */
export interface DecisionOrigin {
  readonly input: DecisionInput;
  readonly versions: PolicyVersions;
}

/** Puts a decision into the shape of policy-model 12.1. */
export function toDecisionDocument(
  decision: Decision,
  { input, versions }: DecisionOrigin,
): DecisionDocument {
  const { evaluated } = decision;
  return {
    decision: decisionId(decision.effective, input),
    outcome: decision.outcome,
    verdict: decision.verdict,
    reason: decision.reason,
    decidedBy: decision.decidedBy,
    rules: decision.rules,
    model: { requested: decision.model.requested, used: decision.model.used },
    obligations: decision.obligations,
    warnings: decision.warnings,
    lifted: decision.lifted.toSorted((a, b) => (a.rule < b.rule ? -1 : Number(a.rule > b.rule))),
    shadow: withoutChanges(decision.shadow),
    hops: decision.hops,
    effective: decision.effective,
    versions: versionNumbers(versions),
    ...(evaluated === undefined ? {} : { evaluated }),
  };
}

/** What kinds of changes there are is for metrics; whoever reads the whole decision sees them. */
function withoutChanges(shadow: Decision["shadow"]): DecisionDocument["shadow"] {
  if (shadow === null) return null;
  const { verdict, reason, changed, rules } = shadow;
  return { verdict, reason, changed, rules };
}

/**
 * A UUID of version 8 (RFC 9562 section 5.8) over the question and the policies it was asked of. A
 * decision outside of an exchange has no moment of its own, and output that is the same each time
 * can be compared and kept.
 */
function decisionId(effective: string, input: DecisionInput): string {
  const hex = digestOf([effective, input]).slice("sha256:".length);
  const variant = ((Number.parseInt(hex.charAt(15), 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(12, 15)}`,
    `${variant}${hex.slice(16, 19)}`,
    hex.slice(19, 31),
  ].join("-");
}

function versionNumbers({ layers, semantics }: PolicyVersions): DecisionDocument["versions"] {
  const versions = layers.map(({ id, version, digest }) => [id, version ?? digest] as const);
  return { ...Object.fromEntries(versions), semantics };
}

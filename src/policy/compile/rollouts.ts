import type { DecisionInput } from "../../domain/index.ts";
import { digestOf, sha256Hex } from "../../signing/index.ts";
import { type DocumentOfKind, documentsOf, type PolicyDocument } from "../documents/document.ts";
import { attachmentOf } from "./compile-rules.ts";
import type { Attachment, RampSide } from "./rule.ts";

/** An attribute a caller keeps its bucket by. */
export type StickyAttribute = "tenant.id" | "app.id" | "principal.id" | "principal.actor.id";

/** One compiled Rollout (policy-model 7). */
export interface Rollout {
  /** `<namespace>/<name>`. */
  readonly name: string;
  /** Full name of the policy. */
  readonly policy: string;
  readonly stable: string;
  readonly candidate: string;
  readonly seed: string;
  /** In the order written, which is the order they are joined in. */
  readonly stickyBy: readonly StickyAttribute[];
  /** 0 to 100. */
  readonly percent: number;
  /** Where the two versions of the policy are attached. */
  readonly attachments: readonly Attachment[];
  /** Absent: nobody watches what the candidate does. */
  readonly guards?: RolloutGuards;
}

/** When a ramp is not to go on as it is (policy-model 7); a rate that is absent bounds nothing. */
export interface RolloutGuards {
  /** 0 to 1. */
  readonly maxNewDenyRate?: number;
  /** 0 to 1. */
  readonly maxErrorRate?: number;
  /** Decisions before a rate counts. */
  readonly minSamples: number;
  readonly onBreach: "hold" | "shadow";
  /** `sha256:` and hex of what the document says: counting begins anew with another one. */
  readonly document: string;
}

const defaultStickyBy: readonly StickyAttribute[] = ["tenant.id", "principal.id"];
const defaultMinSamples = 100;

/** The rollouts among documents, sorted by name. */
export function compileRollouts(documents: readonly PolicyDocument[]): readonly Rollout[] {
  const policies = documentsOf(documents, "Policy");
  return documentsOf(documents, "Rollout")
    .map((document) => {
      const { metadata, spec } = document;
      const { name, namespace } = metadata;
      const versions = [spec.stable, spec.candidate];
      const attachments = policies
        .filter(
          (policy) =>
            policy.metadata.namespace === namespace &&
            policy.metadata.name === spec.policy &&
            versions.includes(policy.spec.version ?? ""),
        )
        .toSorted((a, b) => (String(a.spec.version) < String(b.spec.version) ? -1 : 1))
        .map(attachmentOf);
      return {
        name: `${namespace}/${name}`,
        policy: `${namespace}/${spec.policy}`,
        stable: spec.stable,
        candidate: spec.candidate,
        seed: spec.seed,
        stickyBy: spec.stickyBy ?? defaultStickyBy,
        percent: spec.step.percent,
        attachments,
        ...guardsOf(document),
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function guardsOf({
  metadata: { name, namespace },
  spec,
}: DocumentOfKind<"Rollout">): Pick<Rollout, "guards"> {
  if (spec.guards === undefined) return {};
  const { maxErrorRate, maxNewDenyRate, minSamples, onBreach } = spec.guards;
  return {
    guards: {
      ...(maxNewDenyRate === undefined ? {} : { maxNewDenyRate }),
      ...(maxErrorRate === undefined ? {} : { maxErrorRate }),
      minSamples: minSamples ?? defaultMinSamples,
      onBreach: onBreach ?? "shadow",
      document: digestOf([namespace, name, spec]),
    },
  };
}

/** Whether one version at least of the policy is on the path of an app's requests. */
export function isRampOnPath(
  { attachments }: Rollout,
  { tenant, app }: { readonly tenant: string; readonly app: string },
): boolean {
  return attachments.some(
    (at) =>
      (at.tenant === undefined || at.tenant === tenant) && (at.app === undefined || at.app === app),
  );
}

const buckets = 10_000;

/** The caller's bucket, 0 to 9999: the first four bytes of the digest, big-endian (policy-model 7). */
export function bucketOf({ seed, stickyBy }: Rollout, input: DecisionInput): number {
  const values = stickyBy.map((attribute) => attributeOf(attribute, input) ?? "");
  const digest = sha256Hex(["b1", seed, ...values].join("\0"));
  return Number.parseInt(digest.slice(0, 8), 16) % buckets;
}

function attributeOf(attribute: StickyAttribute, { tenant, app, principal }: DecisionInput) {
  switch (attribute) {
    case "tenant.id":
      return tenant;
    case "app.id":
      return app;
    case "principal.id":
      return principal?.id;
    case "principal.actor.id":
      return principal?.actor?.id;
  }
}

/** Which version of the policy is enforced for a bucket. */
export function sideOf({ percent }: Rollout, bucket: number): RampSide {
  // Percents are decimals: 0.07 times 100 is 7.000000000000001 in binary, which would let bucket 7 in.
  return bucket < Math.round(percent * 1e8) / 1e6 ? "candidate" : "stable";
}

import type { Problem } from "../../base/index.ts";
import { type DocumentOfKind, documentsOf, type PolicyDocument } from "../documents/document.ts";
import { placeProblem } from "../documents/place-problem.ts";
import { unknownName } from "./reference-names.ts";

/** Finds Rollouts of policies or versions that the same folder does not hold: E02 (policy-model 7). */
export function findRampedVersions(own: readonly PolicyDocument[]): readonly Problem[] {
  const policies = documentsOf(own, "Policy");
  return documentsOf(own, "Rollout").flatMap((rollout) => {
    const { policy } = rollout.spec;
    const versions = policies.filter(({ metadata }) => metadata.name === policy);
    if (versions.length > 0) return unknownVersions(rollout, versions);
    const known = new Set(policies.map(({ metadata }) => metadata.name));
    return placeProblem(
      rollout,
      { value: "policy", of: rollout.spec },
      unknownName({ what: "policy", name: policy, known }),
    );
  });
}

function unknownVersions(
  rollout: DocumentOfKind<"Rollout">,
  policies: readonly DocumentOfKind<"Policy">[],
): readonly Problem[] {
  // A version with problems was perhaps left out of its document.
  if (!policies.every(({ isWhole }) => isWhole)) return [];
  const known = policies.flatMap(({ spec }) => spec.version ?? []);
  return (["stable", "candidate"] as const)
    .filter((side) => !known.includes(rollout.spec[side]))
    .map((side) =>
      placeProblem(
        rollout,
        { value: side, of: rollout.spec },
        {
          code: "E02",
          message: `the policy \`${rollout.spec.policy}\` has no version \`${rollout.spec[side]}\``,
          hint:
            known.length === 0
              ? "Give both documents of the policy their `version`."
              : `Write one of ${known.toSorted().join(", ")}, or add the document of that version.`,
        },
      ),
    );
}

/** Finds guards that bound no rate, and so would guard nothing: E01 (policy-model 7). */
export function findIdleGuards(whole: readonly PolicyDocument[]): readonly Problem[] {
  return documentsOf(whole, "Rollout")
    .filter(({ spec: { guards } }) => guards !== undefined && isIdle(guards))
    .map((rollout) =>
      placeProblem(
        rollout,
        { key: "guards", of: rollout.spec },
        {
          code: "E01",
          message: "`guards` bound neither new denies nor errors, so they would guard nothing",
          hint: "Write `maxNewDenyRate`, `maxErrorRate` or both, or remove `guards`.",
        },
      ),
    );
}

function isIdle({ maxErrorRate, maxNewDenyRate }: RampGuards): boolean {
  return maxErrorRate === undefined && maxNewDenyRate === undefined;
}

type RampGuards = NonNullable<DocumentOfKind<"Rollout">["spec"]["guards"]>;

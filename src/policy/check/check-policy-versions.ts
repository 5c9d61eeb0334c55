import type { Problem } from "../../base/index.ts";
import { type DocumentOfKind, documentsOf, type PolicyDocument } from "../documents/document.ts";
import { placeProblem } from "../documents/place-problem.ts";

type PolicyDoc = DocumentOfKind<"Policy">;
type SharedName = PolicyDoc | DocumentOfKind<"Grant"> | DocumentOfKind<"Incident">;

/**
 * Finds Policies, Grants and Incidents with one name between them, since rules are called by it, and
 * versions of a policy that are active at once without a Rollout: E07 (policy-model 2.1 and 7).
 * `sorted` has the documents of one namespace in the order of their places.
 */
export function findSharedNames(sorted: readonly PolicyDocument[]): readonly Problem[] {
  const rollouts = documentsOf(sorted, "Rollout");
  const byName = Map.groupBy(
    sorted.filter(
      (document): document is SharedName =>
        document.kind === "Policy" || document.kind === "Grant" || document.kind === "Incident",
    ),
    ({ metadata }) => metadata.name,
  );
  return [...byName.values()].flatMap((group) =>
    group.flatMap((document, index) => {
      const earlier = group.slice(0, index).find((other) => collides(document, other, rollouts));
      return earlier === undefined ? [] : [toProblem(document, earlier)];
    }),
  );
}

function collides(
  one: SharedName,
  other: SharedName,
  rollouts: readonly DocumentOfKind<"Rollout">[],
): boolean {
  if (one.kind !== "Policy" || other.kind !== "Policy") return true;
  const versions = [one.spec.version, other.spec.version];
  if (versions[0] === versions[1]) return true;
  const isRamped = rollouts.some(
    ({ spec }) =>
      spec.policy === one.metadata.name &&
      versions.includes(spec.stable) &&
      versions.includes(spec.candidate),
  );
  return !isRamped && areActiveAtOnce(one, other);
}

function areActiveAtOnce({ spec: a }: PolicyDoc, { spec: b }: PolicyDoc): boolean {
  return begin(a.activeFrom) < end(b.activeUntil) && begin(b.activeFrom) < end(a.activeUntil);
}

function begin(moment: string | undefined): number {
  return moment === undefined ? Number.NEGATIVE_INFINITY : Date.parse(moment);
}

function end(moment: string | undefined): number {
  return moment === undefined ? Number.POSITIVE_INFINITY : Date.parse(moment);
}

function toProblem(document: SharedName, earlier: SharedName): Problem {
  return placeProblem(
    document,
    { value: "name", of: document.metadata },
    { code: "E07", ...textOf(document, earlier) },
  );
}

function textOf(document: SharedName, earlier: SharedName) {
  const { kind, metadata, source } = document;
  if (kind !== earlier.kind) {
    return {
      message: `a ${earlier.kind} and this ${kind} in \`${source.namespace}\` are both named \`${metadata.name}\``,
      hint: "Rename one of them; Policies, Grants and Incidents share one set of names.",
    };
  }
  const isVersion =
    kind === "Policy" &&
    earlier.kind === "Policy" &&
    document.spec.version !== earlier.spec.version;
  if (!isVersion) {
    return {
      message: `two documents of kind ${kind} in \`${source.namespace}\` are named \`${metadata.name}\``,
      hint: "Rename one of them, or delete it.",
    };
  }
  return {
    message: `two versions of the policy \`${metadata.name}\` are active at once, and no Rollout is about both`,
    hint: "Add a Rollout from one to the other, or end one with `activeUntil` before the other begins.",
  };
}

import { type Problem, sortProblems } from "../../base/index.ts";
import { digestOf } from "../../signing/index.ts";
import { findUncountableCalls } from "../check/check-call-quotas.ts";
import { findUnenforceable } from "../check/check-capabilities.ts";
import { findClassProblems } from "../check/check-classes.ts";
import { findClassifierProblems } from "../check/check-classifiers.ts";
import { findContradictions } from "../check/check-contradictions.ts";
import { findRefusedUnsets } from "../check/check-defaults.ts";
import { findDuplicates } from "../check/check-duplicates.ts";
import { findDurationProblems, findWatchProblems } from "../check/check-durations.ts";
import { findRefusedLifts } from "../check/check-exceptions.ts";
import { findExpressionProblems } from "../check/check-expressions.ts";
import { findIdentityProblems } from "../check/check-identities.ts";
import { findIsolationBreaches } from "../check/check-isolation.ts";
import { findLimitProblems } from "../check/check-limits.ts";
import { findSetProblems } from "../check/check-named-sets.ts";
import { findUnknownReferences } from "../check/check-references.ts";
import { compileForm } from "../compile/compiled-form.ts";
import { layerDigests } from "../compile/layer-digests.ts";
import { documentsOf, type NamespaceView, platformNamespace } from "../documents/document.ts";
import { findTestProblems } from "../policy-tests/index.ts";
import type { NamespaceStatus, PreparedPolicies } from "./compiled-policies.ts";
import { hasError, isUsable, type NamespaceFiles } from "./namespace-files.ts";

/** What else there is besides the files given. */
export interface ActivateOptions {
  /** What was in force of a namespace before, if anything. */
  readonly former?: (namespace: string) => NamespaceFiles | undefined;
  /** Milliseconds since the epoch; undefined: what takes a clock is not checked. */
  readonly nowMs?: number | undefined;
  /** Told whose documents are looked at next; undefined: everybody's together. */
  readonly onWork?: OnWork | undefined;
}

/** Told of which namespace the work is that begins; undefined: of all of them together. */
export type OnWork = (namespace: string | undefined) => void;

const nothing: NamespaceFiles = { files: [], documents: [], problems: [] };

/**
 * Puts together what can be in force: the platform first, then each tenant on its own against it,
 * so that no tenant's documents stand in another's way (policy-model 9).
 */
export function activate(
  given: ReadonlyMap<string, NamespaceFiles>,
  { former, nowMs, onWork }: ActivateOptions,
): PreparedPolicies {
  const platformGiven = given.get(platformNamespace) ?? nothing;
  onWork?.(platformNamespace);
  const platform = choose(platformNamespace, {
    given: platformGiven,
    platformGiven,
    former,
    nowMs,
  });
  const tenants = tenantsOf(given, platform.inForce).map((namespace) => {
    const own = given.get(namespace) ?? nothing;
    onWork?.(namespace);
    const parts = { given: own, platformGiven, platform: platform.inForce, former, nowMs };
    return [namespace, choose(namespace, parts)] as const;
  });
  const choices = new Map([[platformNamespace, platform] as const, ...tenants]);
  const namespaces = new Map([...choices].map(([name, choice]) => [name, toStatus(choice)]));
  const problems = sortProblems([...choices.values()].flatMap((choice) => choice.problems));
  if (platform.inForce === undefined) return { compiled: undefined, problems, namespaces };
  onWork?.(undefined);
  const documents = [...choices.values()].flatMap(({ inForce }) => inForce?.documents ?? []);
  const form = compileForm(documents);
  const compiled = { form, digest: digestOf(form), layerDigests: layerDigests(documents) };
  return { compiled, problems, namespaces };
}

/** Folders other than the platform's, and tenants that are declared without having one. */
function tenantsOf(
  given: ReadonlyMap<string, NamespaceFiles>,
  platform: NamespaceFiles | undefined,
): readonly string[] {
  const declared = documentsOf(platform?.documents ?? [], "Tenant");
  const names = new Set([...given.keys(), ...declared.map(({ metadata }) => metadata.name)]);
  names.delete(platformNamespace);
  return [...names].sort();
}

interface Choice {
  readonly state: NamespaceStatus["state"];
  readonly inForce: NamespaceFiles | undefined;
  /** Of what was given. */
  readonly problems: readonly Problem[];
}

interface ChoiceParts {
  readonly given: NamespaceFiles;
  readonly platformGiven: NamespaceFiles;
  /** What is in force of the platform; absent while the platform itself is chosen. */
  readonly platform?: NamespaceFiles | undefined;
  readonly former: ActivateOptions["former"];
  readonly nowMs: number | undefined;
}

/** What is given if it has no errors, else what was in force before if that still has none. */
function choose(namespace: string, parts: ChoiceParts): Choice {
  const { given, platformGiven, platform, former, nowMs } = parts;
  const isPlatform = namespace === platformNamespace;
  const problems = sortProblems([
    ...given.problems,
    ...check({ namespace, own: given.documents, platform: platformGiven.documents }),
    ...findWatchProblems(given.documents, nowMs),
  ]);
  // A tenant cannot be in force without the platform.
  if (!isPlatform && platform === undefined) {
    return { state: "absent", inForce: undefined, problems };
  }
  const isCheckedAgainst = isPlatform || platform === platformGiven;
  const fits = isCheckedAgainst
    ? isUsable(given) && !hasError(problems)
    : isInOrder(namespace, given, platform);
  if (fits) return { state: "current", inForce: given, problems };
  const before = former?.(namespace);
  const stays =
    before !== undefined && isInOrder(namespace, before, isPlatform ? before : platform);
  return stays
    ? { state: "lastGood", inForce: before, problems }
    : { state: "absent", inForce: undefined, problems };
}

function isInOrder(
  namespace: string,
  own: NamespaceFiles,
  platform: NamespaceFiles | undefined,
): boolean {
  if (!isUsable(own) || platform === undefined) return false;
  const view = { namespace, own: own.documents, platform: platform.documents };
  return !hasError(check(view));
}

function check(view: NamespaceView): readonly Problem[] {
  return [
    ...findContradictions(view.own),
    ...findIsolationBreaches(view),
    ...findDuplicates(view.own),
    ...findUnknownReferences(view),
    ...findSetProblems(view),
    ...findRefusedUnsets(view),
    ...findRefusedLifts(view),
    ...findDurationProblems(view),
    ...findLimitProblems(view),
    ...findExpressionProblems(view),
    ...findClassProblems(view),
    ...findClassifierProblems(view),
    ...findUnenforceable(view.own),
    ...findUncountableCalls(view),
    ...findIdentityProblems(view),
    ...findTestProblems(view),
  ];
}

function toStatus({ state, inForce, problems }: Choice): NamespaceStatus {
  return { state, files: inForce?.files ?? [], problems };
}

import type { PolicyVersions } from "../domain/index.ts";
import type { ClassifierTerms } from "../policy/index.ts";

/** By the classifiers of an app, which are one list for all its exchanges under one snapshot. */
const versioned = new WeakMap<
  readonly ClassifierTerms[],
  WeakMap<PolicyVersions, PolicyVersions>
>();

/** Versions with those of the classifiers that are asked; made once for each app. */
export function withClassifiers(
  versions: PolicyVersions,
  classifiers: readonly ClassifierTerms[],
): PolicyVersions {
  if (classifiers.length === 0) return versions;
  const known = versioned.get(classifiers)?.get(versions);
  if (known !== undefined) return known;
  const complete = {
    ...versions,
    classifiers: Object.fromEntries(classifiers.map(({ name, version }) => [name, version])),
  };
  const byVersions = versioned.get(classifiers) ?? new WeakMap<PolicyVersions, PolicyVersions>();
  versioned.set(classifiers, byVersions.set(versions, complete));
  return complete;
}

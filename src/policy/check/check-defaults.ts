import { nearestName, type Problem } from "../../base/index.ts";
import { type DefaultReference, defaultReferences, NamedRules } from "../compile/default-names.ts";
import { documentsOf, type NamespaceView, visibleDocuments } from "../documents/document.ts";
import { placeProblem } from "../documents/place-problem.ts";

/**
 * Finds `unset` and `replaces` that do not name a visible default from above: E03, and E02 where
 * there is no such rule (policy-model 4).
 */
export function findRefusedUnsets(view: NamespaceView): readonly Problem[] {
  const references = documentsOf(view.own, "Policy").flatMap(defaultReferences);
  if (references.length === 0) return [];
  const policies = documentsOf(visibleDocuments(view), "Policy");
  const visible = new NamedRules(policies);
  // A rule with problems was left out of its policy, so a missing one may well be there.
  const knowsAllRules = policies.every(({ isWhole }) => isWhole);
  return references.flatMap((reference) => refused(reference, visible, knowsAllRules));
}

function refused(
  reference: DefaultReference,
  visible: NamedRules,
  knowsAllRules: boolean,
): readonly Problem[] {
  const { policy, name, verb, spot } = reference;
  const { kind } = visible.resolve(reference);
  switch (kind) {
    case "default":
      return [];
    case "unknown": {
      if (!knowsAllRules) return [];
      const nearest = nearestName(name, visible.namesFor(policy));
      return [
        placeProblem(policy, spot, {
          code: "E02",
          message: `nothing declares the rule \`${name}\``,
          hint:
            nearest === undefined
              ? "Write its full name, `<namespace>/<policy>/<id>`, or remove it."
              : `Did you mean \`${nearest}\`?`,
        }),
      ];
    }
    case "locked":
      return [
        placeProblem(policy, spot, {
          code: "E03",
          message: `\`${name}\` is not a default, so nothing below can ${verb} it`,
          hint: "Remove this, or ask its owner to write the rule under `defaults`.",
        }),
      ];
    case "not-above":
      return [
        placeProblem(policy, spot, {
          code: "E03",
          message: `\`${name}\` does not stand above this policy, so it cannot ${verb} it`,
          hint: "Change the rule where it is written.",
        }),
      ];
    case "elsewhere":
      return [
        placeProblem(policy, spot, {
          code: "E03",
          message: `\`${name}\` never holds for the requests of this policy, so there is nothing to ${verb}`,
          hint: "Remove this, or attach the policy to the same app and model.",
        }),
      ];
  }
}

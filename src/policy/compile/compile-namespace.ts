import {
  type DocumentOfKind,
  documentsOf,
  type PolicyDocument,
  platformNamespace,
} from "../documents/document.ts";
import { compileExceptions } from "./compile-exceptions.ts";
import type { Names } from "./compile-matchers.ts";
import { compileRules, ruleNameOf, writtenRules } from "./compile-rules.ts";
import { NamedRules, unsetDefaultsOf } from "./default-names.ts";
import { type Model, VisibleModels } from "./model-catalog.ts";
import { NamedSets } from "./named-sets.ts";
import type { Lift, Rule, UnsetDefault } from "./rule.ts";
import { expandShorthand } from "./shorthand.ts";

/** The documents of one namespace with those that it may refer to. */
export interface NamespaceDocuments {
  readonly namespace: string;
  readonly own: readonly PolicyDocument[];
  readonly platform: readonly PolicyDocument[];
  /** All there are, sorted by id. */
  readonly models: readonly Model[];
}

/** What the names in a namespace's documents stand for. */
export function namesIn({ namespace, own, platform, models }: NamespaceDocuments): Names {
  const quotas = new Set(documentsOf(own, "Quota").map(({ metadata }) => metadata.name));
  // Most documents name rules in full, and then nobody asks which there are.
  let rules: ReadonlySet<string> | undefined;
  const hasRule = (name: string) => {
    rules ??= new Set(documentsOf(own, "Policy").flatMap(ruleNamesOf));
    return rules.has(name);
  };
  const homeOf = (isOwn: boolean) => (isOwn ? namespace : platformNamespace);
  return {
    models: new VisibleModels(models, namespace),
    sets: new NamedSets(namespace === platformNamespace ? own : [...platform, ...own], namespace),
    quotaName: (name) => (name.includes("/") ? name : `${homeOf(quotas.has(name))}/${name}`),
    ruleName: (name) =>
      name.split("/").length === 3 ? name : `${homeOf(hasRule(`${namespace}/${name}`))}/${name}`,
  };
}

function ruleNamesOf(policy: DocumentOfKind<"Policy">): readonly string[] {
  return writtenRules(policy)
    .flatMap(expandShorthand)
    .map(({ spec }) => ruleNameOf(policy, spec));
}

/** What the policies, Grants and Incidents of a namespace come to, in any order. */
export interface CompiledNamespace {
  readonly rules: readonly Rule[];
  readonly unset: readonly UnsetDefault[];
  readonly lifts: readonly Lift[];
}

/** Compiles the rules of a namespace, and what it says about rules. */
export function compileNamespace(documents: NamespaceDocuments): CompiledNamespace {
  const { namespace, own, platform } = documents;
  const names = namesIn(documents);
  const policies = documentsOf(own, "Policy");
  let known: NamedRules | undefined;
  const named = () => {
    const above = namespace === platformNamespace ? [] : documentsOf(platform, "Policy");
    known ??= new NamedRules([...above, ...policies]);
    return known;
  };
  const rollouts = documentsOf(own, "Rollout");
  const exceptions = compileExceptions(own, names);
  const compiled = policies.map((policy) => {
    const ramp = rampOf(policy, rollouts);
    return {
      rules: compileRules(policy, { names, ramp }),
      unset: unsetDefaultsOf(policy, { named, ramp }),
    };
  });
  return {
    rules: [...compiled.flatMap(({ rules }) => rules), ...exceptions.rules],
    unset: compiled.flatMap(({ unset }) => unset),
    lifts: exceptions.lifts,
  };
}

/** Two documents of one name and different versions are told apart by a Rollout alone (policy-model 7). */
function rampOf(
  { metadata, spec: { version } }: DocumentOfKind<"Policy">,
  rollouts: readonly DocumentOfKind<"Rollout">[],
): Rule["ramp"] {
  for (const rollout of rollouts) {
    const { policy, stable, candidate } = rollout.spec;
    if (policy !== metadata.name || version === undefined) continue;
    const name = `${rollout.metadata.namespace}/${rollout.metadata.name}`;
    if (version === stable) return { rollout: name, side: "stable" };
    if (version === candidate) return { rollout: name, side: "candidate" };
  }
  return undefined;
}

import { type DocumentOfKind, platformNamespace } from "../documents/document.ts";
import type { Spot } from "../documents/place-problem.ts";
import { windowBetween } from "./active-window.ts";
import { attachmentOf, authorityOf, ruleNameOf, writtenRules } from "./compile-rules.ts";
import { type Attachment, type Block, layers, type UnsetDefault } from "./rule.ts";
import { expandShorthand } from "./shorthand.ts";

type PolicyDoc = DocumentOfKind<"Policy">;

/** One place where a policy says that a default from above does not hold on its path. */
export interface DefaultReference {
  readonly policy: PolicyDoc;
  readonly name: string;
  readonly verb: "unset" | "replace";
  readonly spot: Spot;
  /** Said by a rule in shadow. */
  readonly isShadow: boolean;
}

/** Every `unset` and `replaces` of a policy. */
export function defaultReferences(policy: PolicyDoc): readonly DefaultReference[] {
  const unset = policy.spec.unset ?? [];
  const replacing = writtenRules(policy).flatMap(({ spec }) =>
    spec.replaces === undefined
      ? []
      : [
          {
            policy,
            name: spec.replaces,
            verb: "replace",
            spot: { value: "replaces", of: spec },
            isShadow: spec.mode === "shadow",
          } as const,
        ],
  );
  return [
    ...unset.map(
      (name, index) =>
        ({
          policy,
          name,
          verb: "unset",
          spot: { value: index, of: unset },
          isShadow: false,
        }) as const,
    ),
    ...replacing,
  ];
}

interface NamedRule {
  readonly policy: PolicyDoc;
  readonly block: Block;
}

/** What a reference turned out to name, or why it has no effect. */
export type ResolvedDefault =
  | { readonly kind: "default"; readonly rule: string }
  | { readonly kind: "unknown" | "locked" | "not-above" | "elsewhere"; readonly rule: string };

/** The rules a namespace may name: the platform's and its own. */
export class NamedRules {
  /** Two versions of a policy may have a rule of the same name. */
  readonly #byName = new Map<string, NamedRule[]>();

  constructor(policies: readonly PolicyDoc[]) {
    for (const policy of policies) {
      for (const { spec, block } of writtenRules(policy).flatMap(expandShorthand)) {
        const name = ruleNameOf(policy, spec);
        const known = this.#byName.get(name);
        if (known === undefined) this.#byName.set(name, [{ policy, block }]);
        else known.push({ policy, block });
      }
    }
  }

  /** The names that a policy may be told of. */
  namesFor(policy: PolicyDoc): readonly string[] {
    return [...this.#byName].flatMap(([name, targets]) =>
      targets.some((target) => isVisible(target.policy, policy)) ? name : [],
    );
  }

  /** A name without a namespace means the own one, then the platform's (policy-model 2.1). */
  resolve({ name, policy }: DefaultReference): ResolvedDefault {
    const isFull = name.split("/").length === 3;
    const own = isFull ? name : `${policy.metadata.namespace}/${name}`;
    const rule = isFull || this.#byName.has(own) ? own : `${platformNamespace}/${name}`;
    const targets = (this.#byName.get(rule) ?? []).filter((one) => isVisible(one.policy, policy));
    if (targets.length === 0) return { kind: "unknown", rule };
    // Every version has to be a default: whichever is in force is the one that is unset.
    if (targets.some(({ block }) => block !== "defaults")) return { kind: "locked", rule };
    if (!targets.every((target) => isAbove(target.policy, policy))) {
      return { kind: "not-above", rule };
    }
    const path = attachmentOf(policy);
    const meets = targets.some((target) => canMeet(attachmentOf(target.policy), path));
    return { kind: meets ? "default" : "elsewhere", rule };
  }
}

/** What one tenant's requests are bound by is not told to another tenant. */
function isVisible(target: PolicyDoc, from: PolicyDoc): boolean {
  const { tenant } = attachmentOf(target);
  const { namespace } = from.metadata;
  return namespace === platformNamespace || tenant === undefined || tenant === namespace;
}

/** Of higher authority, or of equal authority and a less specific layer (policy-model 4). */
function isAbove(target: PolicyDoc, from: PolicyDoc): boolean {
  const byAuthority = authorityOf(target) - authorityOf(from);
  return byAuthority > 0 || (byAuthority === 0 && layerRank(target) < layerRank(from));
}

function layerRank({ spec }: PolicyDoc): number {
  return layers.indexOf(spec.attach.layer);
}

/** Whether some request is on the path of both. */
function canMeet(a: Attachment, b: Attachment): boolean {
  return (["tenant", "app", "model"] as const).every(
    (field) => a[field] === undefined || b[field] === undefined || a[field] === b[field],
  );
}

/** The defaults that a policy unsets on its path, of those it may, for as long as it is in force. */
export function unsetDefaultsOf(
  policy: PolicyDoc,
  { named, ramp }: { readonly named: () => NamedRules; readonly ramp: UnsetDefault["ramp"] },
): readonly UnsetDefault[] {
  const window = windowBetween(policy.spec.activeFrom, policy.spec.activeUntil);
  return defaultReferences(policy).flatMap((reference) => {
    const { kind, rule } = named().resolve(reference);
    if (kind !== "default") return [];
    return [{ rule, ...attachmentOf(policy), isShadow: reference.isShadow, ramp, window }];
  });
}

import { type DocumentOfKind, platformNamespace } from "../documents/document.ts";
import type { RuleSpec } from "../documents/rule-schema.ts";
import { windowBetween } from "./active-window.ts";
import {
  compileClasses,
  compileModels,
  compilePermitted,
  compileSubjects,
  compileTools,
  type Names,
  sorted,
} from "./compile-matchers.ts";
import { compileRedaction, compileTransform } from "./compile-obligations.ts";
import type { Attachment, Authority, Condition, ExceptionScope, Rule } from "./rule.ts";
import { expandShorthand, type WrittenRule } from "./shorthand.ts";

export { aliasIn } from "./compile-matchers.ts";
export type { WrittenRule } from "./shorthand.ts";

type PolicyDoc = DocumentOfKind<"Policy">;

/** The rules of all blocks of a policy, as written (policy-model 4). */
export function writtenRules({ spec }: PolicyDoc): readonly WrittenRule[] {
  return [
    ...(spec.defaults?.rules ?? []).map((rule) => ({ spec: rule, block: "defaults" }) as const),
    ...(spec.rules ?? []).map((rule) => ({ spec: rule, block: "rules" }) as const),
    ...(spec.overrides?.rules ?? []).map((rule) => ({ spec: rule, block: "overrides" }) as const),
  ];
}

/** Full name of a rule (policy-model 2.1). */
export function ruleNameOf({ metadata }: PolicyDoc, { id }: RuleSpec): string {
  return `${metadata.namespace}/${metadata.name}/${id}`;
}

/** Which requests are on the path of a policy (policy-model 4). */
export function attachmentOf({ metadata: { namespace }, spec }: PolicyDoc): Attachment {
  const { app, model } = spec.attach;
  return { tenant: tenantOf(namespace, spec.attach.tenant), app, model };
}

/** A tenant's documents are on the path of its own requests only, whatever they say. */
function tenantOf(namespace: string, written: string | undefined): string | undefined {
  return namespace === platformNamespace ? written : namespace;
}

/** Policy-model 4: platform over tenant over a tenant's policies for an app. */
export function authorityOf({ metadata, spec }: PolicyDoc): Authority {
  if (metadata.namespace === platformNamespace) return 2;
  return spec.attach.app === undefined ? 1 : 0;
}

/** What the rules of one document have in common. */
export type RuleHome = Attachment &
  Pick<Rule, "layer" | "authority" | "window" | "ramp" | "scope"> & {
    readonly namespace: string;
    /** The document's name. */
    readonly document: string;
  };

/** Compiles the rules of one policy, in any order. */
export function compileRules(
  policy: PolicyDoc,
  { names, ramp }: { readonly names: Names; readonly ramp: Rule["ramp"] },
): readonly Rule[] {
  const { metadata, spec } = policy;
  const home: RuleHome = {
    namespace: metadata.namespace,
    document: metadata.name,
    layer: spec.attach.layer,
    authority: authorityOf(policy),
    ...attachmentOf(policy),
    window: windowBetween(spec.activeFrom, spec.activeUntil),
    ramp,
    scope: undefined,
  };
  return writtenRules(policy).flatMap((written) => compileWritten(written, home, names));
}

/** What the documents that hold exceptions to policies have in common (policy-model 6). */
export interface ExceptionHome {
  readonly namespace: string;
  readonly name: string;
  readonly kind: "grant" | "incident";
  readonly window: Rule["window"];
}

/** The rules of a Grant or an Incident: permits within a scope, restrictions without one. */
export function compileExceptionRules(
  specs: readonly RuleSpec[],
  exception: ExceptionHome,
  { names, scope }: { readonly names: Names; readonly scope: ExceptionScope | undefined },
): readonly Rule[] {
  const { namespace, name, kind, window } = exception;
  const home: RuleHome = {
    namespace,
    document: name,
    layer: kind,
    authority: namespace === platformNamespace ? 2 : 1,
    tenant: tenantOf(namespace, undefined),
    app: undefined,
    model: undefined,
    window,
    ramp: undefined,
    scope,
  };
  return specs.flatMap((spec) => compileWritten({ spec, block: "rules" }, home, names));
}

function compileWritten(written: WrittenRule, home: RuleHome, names: Names): readonly Rule[] {
  return expandShorthand(written).map((one) => compileRule(one, home, names));
}

function compileRule({ spec, block }: WrittenRule, home: RuleHome, names: Names): Rule {
  const { namespace, document, ...shared } = home;
  const name = `${namespace}/${document}/${spec.id}`;
  const { effect } = spec;
  return {
    name,
    block,
    effect,
    ...shared,
    exemptible: spec.exemptible ?? (block === "overrides" ? "never" : "grant"),
    ...matchersOf(spec, names),
    conditions: compileConditions(spec),
    ...compileRedaction(spec, { by: name, names }),
    transform: spec.transform && compileTransform(spec.transform, names),
    route: spec.route && {
      prefer: spec.route.prefer ?? [],
      fallback: spec.route.fallback ?? [],
    },
    quotas: sorted((spec.quota ?? []).map((quota) => names.quotaName(quota))),
    failsOpen: block === "defaults" && effect !== "allow" && spec.onError === "FailOpen",
    isShadow: spec.mode === "shadow",
    priority: spec.priority ?? 0,
    warning: spec.message?.code ?? spec.id,
    message: spec.message,
    ...auditTermsOf(spec),
  };
}

function matchersOf(spec: RuleSpec, names: Names) {
  const { actions, dataClasses, effect, exclude, models, subjects, tools } = spec;
  return {
    subjects: subjects && compileSubjects(subjects, names),
    exclude: exclude && compileSubjects(exclude, names),
    actions: actions && sorted(actions),
    models: models && compileModels(models, names),
    tools: tools && compileTools(tools, names),
    classes: dataClasses && compileClasses(dataClasses, effect === "allow", names),
    permitted: dataClasses && compilePermitted(dataClasses, names),
  };
}

function auditTermsOf({ audit }: RuleSpec) {
  return {
    retainDays: toDays(audit?.recordRetention),
    auditLevel: audit?.level,
    contentDays: toDays(audit?.contentRetention),
    controls: sorted(audit?.controls ?? []),
  };
}

function compileConditions({ conditions }: RuleSpec): readonly Condition[] {
  return (conditions ?? [])
    .map(({ name, expression }) => ({ name, expression }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function toDays(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number.parseInt(text, 10);
}

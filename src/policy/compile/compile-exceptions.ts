import {
  type DocumentOfKind,
  documentsOf,
  type PolicyDocument,
  platformNamespace,
} from "../documents/document.ts";
import { windowBetween } from "./active-window.ts";
import { compileModels, compileSubjects, type Names, sorted } from "./compile-matchers.ts";
import { compileExceptionRules, type ExceptionHome } from "./compile-rules.ts";
import type { ExceptionScope, Lift, Rule } from "./rule.ts";

/** What the Grants and Incidents of one namespace come to (policy-model 6). */
export interface CompiledExceptions {
  /** Permits and restrictions. */
  readonly rules: readonly Rule[];
  /** As written: which of them are entitled is told with the rules they name. */
  readonly lifts: readonly Lift[];
}

/** Compiles the Grants and Incidents of one namespace. */
export function compileExceptions(
  own: readonly PolicyDocument[],
  names: Names,
): CompiledExceptions {
  const compiled = [
    ...documentsOf(own, "Grant").map((grant) => compileGrant(grant, names)),
    ...documentsOf(own, "Incident").map((incident) => compileIncident(incident, names)),
  ];
  return {
    rules: compiled.flatMap(({ rules }) => rules),
    lifts: compiled.flatMap(({ lifts }) => lifts),
  };
}

function compileGrant(grant: DocumentOfKind<"Grant">, names: Names): CompiledExceptions {
  const { metadata, spec } = grant;
  const { activeFrom, expiresAt } = spec;
  const window = windowBetween(activeFrom, expiresAt);
  return relax(spec, { ...metadata, kind: "grant", window }, names);
}

function compileIncident(incident: DocumentOfKind<"Incident">, names: Names): CompiledExceptions {
  const { metadata, spec } = incident;
  const window = windowBetween(spec.activeFrom, spec.activeUntil);
  const home: ExceptionHome = { ...metadata, kind: "incident", window };
  const relaxed = (spec.relax ?? []).map((one) => relax(one, home, names));
  const restricting = compileExceptionRules(spec.restrict ?? [], home, { names, scope: undefined });
  return {
    rules: [...restricting, ...relaxed.flatMap(({ rules }) => rules)],
    lifts: relaxed.flatMap(({ lifts }) => lifts),
  };
}

type Relaxation = Pick<DocumentOfKind<"Grant">["spec"], "scope" | "lifts" | "permits">;

function relax(spec: Relaxation, home: ExceptionHome, names: Names): CompiledExceptions {
  const scope = compileScope(spec.scope, names);
  const { namespace, name, kind, window } = home;
  const permits = (spec.permits ?? []).map((permit) => ({ ...permit, effect: "allow" }) as const);
  return {
    rules: compileExceptionRules(permits, home, { names, scope }),
    lifts: (spec.lifts ?? []).map((rule) => ({
      rule: names.ruleName(rule),
      by: `${namespace}/${name}`,
      kind,
      tenant: namespace === platformNamespace ? undefined : namespace,
      window: window ?? { fromMs: undefined, untilMs: undefined },
      scope,
    })),
  };
}

function compileScope(spec: Relaxation["scope"], names: Names): ExceptionScope {
  return {
    tenants: spec.tenants && sorted(spec.tenants),
    apps: spec.apps && sorted(spec.apps),
    subjects: spec.subjects && compileSubjects(spec.subjects, names),
    models: spec.models && compileModels(spec.models, names),
    actions: spec.actions && sorted(spec.actions),
  };
}

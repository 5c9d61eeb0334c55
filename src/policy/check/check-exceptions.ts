import { nearestName, type Problem } from "../../base/index.ts";
import {
  type DocumentOfKind,
  documentsOf,
  type NamespaceView,
  platformNamespace,
  visibleDocuments,
} from "../documents/document.ts";
import { placeProblem, type Spot } from "../documents/place-problem.ts";
import { type LiftableRule, RuleNames } from "./rule-names.ts";

type Exception = DocumentOfKind<"Grant"> | DocumentOfKind<"Incident">;

/**
 * Finds lifts that their Grant or Incident is not entitled to: E03, and E02 where there is no such
 * rule (policy-model 6). The platform may name rules of a tenant, which come and go without it; such
 * a lift counts for what it is when documents are compiled.
 */
export function findRefusedLifts(view: NamespaceView): readonly Problem[] {
  const { namespace, own } = view;
  const exceptions = [...documentsOf(own, "Grant"), ...documentsOf(own, "Incident")];
  if (exceptions.length === 0) return [];
  const visible = visibleDocuments(view);
  const rules = new RuleNames(visible, namespace);
  const tenants =
    namespace === platformNamespace
      ? documentsOf(own, "Tenant").map(({ metadata }) => metadata.name)
      : [];
  // A rule with problems was left out of its document, so a missing one may well be there.
  const knowsAllRules = visible.every(
    ({ kind, isWhole }) => isWhole || (kind !== "Policy" && kind !== "Incident"),
  );
  return exceptions.flatMap((exception) =>
    liftsOf(exception).flatMap(({ name, spot }) => {
      const [owner = ""] = name.split("/");
      if (name.split("/").length === 3 && tenants.includes(owner)) return [];
      const named = rules.find(name);
      if (named.length === 0) {
        return knowsAllRules ? [unknownRule({ exception, name, spot }, rules)] : [];
      }
      return named.flatMap((rule) => refused({ exception, name, spot }, rule)).slice(0, 1);
    }),
  );
}

interface WrittenLift {
  readonly exception: Exception;
  readonly name: string;
  readonly spot: Spot;
}

function liftsOf(exception: Exception): readonly Omit<WrittenLift, "exception">[] {
  const relaxations = exception.kind === "Grant" ? [exception.spec] : (exception.spec.relax ?? []);
  return relaxations.flatMap(({ lifts = [] }) =>
    lifts.map((name, index) => ({ name, spot: { value: index, of: lifts } })),
  );
}

function unknownRule({ exception, name, spot }: WrittenLift, rules: RuleNames): Problem {
  const nearest = nearestName(name, rules.names);
  return placeProblem(exception, spot, {
    code: "E02",
    message: `nothing declares the rule \`${name}\``,
    hint:
      nearest === undefined
        ? "Write its full name, `<namespace>/<document>/<id>`, or remove it."
        : `Did you mean \`${nearest}\`?`,
  });
}

function refused({ exception, name, spot }: WrittenLift, rule: LiftableRule): readonly Problem[] {
  const reason = reasonAgainst(exception, rule);
  if (reason === undefined) return [];
  const [message, hint] = reason;
  return [placeProblem(exception, spot, { code: "E03", message: `\`${name}\` ${message}`, hint })];
}

function reasonAgainst(
  { kind, source }: Exception,
  rule: LiftableRule,
): readonly [message: string, hint: string] | undefined {
  if (source.namespace !== platformNamespace && rule.authority === 2) {
    return [
      "is the platform's, and nothing of a tenant can lift it",
      "Ask the platform for an exception.",
    ];
  }
  if (rule.effect === "allow") {
    return ["permits, so there is nothing to lift", "Name a rule that restricts."];
  }
  if (rule.exemptible === "never") {
    return ["can be lifted by nobody", "Remove this, or change the rule where it is written."];
  }
  if (rule.exemptible === "incident" && kind === "Grant") {
    return ["can be lifted by an Incident only", "Write an Incident, or remove this."];
  }
  return undefined;
}

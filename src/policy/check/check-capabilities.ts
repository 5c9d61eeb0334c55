import type { Problem } from "../../base/index.ts";
import { requestParams } from "../../domain/index.ts";
import { writtenRules } from "../compile/compile-rules.ts";
import type { PolicyDocument } from "../documents/document.ts";
import { placeProblem, type Spot } from "../documents/place-problem.ts";
import type { PermitSpec, RuleSpec, TransformSpec } from "../documents/rule-schema.ts";
import { type Capability, capabilities, isReservedHeader } from "./capabilities.ts";

/** What the listeners of a configuration let the proxy send. */
export interface AcceptedModes {
  /** Body modes of answers, of all listeners together. */
  readonly response: readonly string[];
}

/** Finds rules that ask for what cannot be carried out anywhere: E09. */
export function findUnenforceable(documents: readonly PolicyDocument[]): readonly Problem[] {
  return documents.flatMap((document) => [
    ...rulesIn(document).flatMap((rule) => [
      ...atPoints(document, rule, effectsOf(rule)),
      ...onTheWay(document, rule),
      ...parameters(document, rule.transform),
      ...headers(document, rule.transform),
    ]),
    ...permitsIn(document).flatMap((permit) => atPoints(document, permit, quotaOf(permit))),
  ]);
}

/** Finds rules that could never act because no listener is sent the body of an answer: E09. */
export function findUnseenAnswers(
  documents: readonly PolicyDocument[],
  modes: AcceptedModes,
): readonly Problem[] {
  if (modes.response.some((mode) => mode !== "NONE")) return [];
  return documents.flatMap((document) =>
    rulesIn(document).flatMap((rule) => aboutAnswers(document, rule)),
  );
}

/** The rules of a document that are written as such. */
export function rulesIn(document: PolicyDocument): readonly RuleSpec[] {
  switch (document.kind) {
    case "Policy":
      return writtenRules(document).map(({ spec }) => spec);
    case "Incident":
      return document.spec.restrict ?? [];
    default:
      return [];
  }
}

/** The permits of an exception. */
export function permitsIn(document: PolicyDocument): readonly PermitSpec[] {
  switch (document.kind) {
    case "Grant":
      return document.spec.permits ?? [];
    case "Incident":
      return (document.spec.relax ?? []).flatMap(({ permits }) => permits ?? []);
    default:
      return [];
  }
}

/** The actions of tools that a rule is limited to; undefined where it is about others too. */
export function toolPoints({ actions }: Pick<RuleSpec, "actions">): readonly string[] | undefined {
  if (actions === undefined || !actions.every((action) => action.startsWith("tool."))) {
    return undefined;
  }
  return actions.flatMap((action) =>
    action === "tool.*" ? ["tool.list", "tool.call", "tool.result"] : [action],
  );
}

/** A rule about tools alone, whose effect is carried out at none of its points. */
function atPoints(
  document: PolicyDocument,
  rule: Pick<RuleSpec, "actions">,
  asked: readonly AskedEffect[],
): readonly Problem[] {
  const points = toolPoints(rule);
  if (points === undefined) return [];
  return asked.flatMap(({ effect, spot }) => {
    const rows = capabilities.filter((row) => row.effect === effect);
    const here = rows.filter(({ point }) => points.includes(point));
    if (rows.length === 0 || here.some(isCarriedOut)) return [];
    const note = here[0]?.note ?? "Name actions of `llm.*` instead.";
    const message = `\`${effect}\` cannot be carried out at ${points.join(", ")}`;
    return [unenforced(document, spot, { message, hint: note })];
  });
}

/** Which way the texts go that are redacted under an action of tools. */
const wayOf: ReadonlyMap<string, "request" | "response"> = new Map([
  ["tool.call", "response"],
  ["tool.result", "request"],
]);

/** A rule about tools alone that redacts on a way which none of its texts go. */
function onTheWay(document: PolicyDocument, rule: RuleSpec): readonly Problem[] {
  const points = toolPoints(rule);
  const directions = rule.redact?.directions?.filter((one) => one !== "log") ?? [];
  if (points === undefined || rule.redact === undefined || directions.length === 0) return [];
  const ways = points.flatMap((point) => wayOf.get(point) ?? []);
  if (ways.length === 0 || ways.some((way) => directions.includes(way))) return [];
  const asked = directions.join(", ");
  return [
    unenforced(
      document,
      { key: "directions", of: rule.redact },
      {
        message: `nothing goes in direction ${asked} at ${points.join(", ")}`,
        hint: "Arguments of calls are redacted as part of the `response`, results as part of a `request`.",
      },
    ),
  ];
}

function isCarriedOut({ anthropicMessages, openaiChat }: Capability): boolean {
  return openaiChat !== "no" || anthropicMessages !== "no";
}

interface AskedEffect {
  readonly effect: string;
  readonly spot: Spot;
}

/** What a rule asks for, by the names of the table. */
function effectsOf(rule: RuleSpec): readonly AskedEffect[] {
  return [...ownEffects(rule), ...quotaOf(rule)];
}

function quotaOf(rule: RuleSpec | PermitSpec): readonly AskedEffect[] {
  return rule.quota === undefined ? [] : [{ effect: "quota", spot: { key: "quota", of: rule } }];
}

function ownEffects(rule: RuleSpec): readonly AskedEffect[] {
  const { effect, transform } = rule;
  if (effect !== "transform") return [{ effect, spot: { value: "effect", of: rule } }];
  if (transform === undefined) return [];
  return Object.entries(transform).flatMap(([part, asked]): readonly AskedEffect[] =>
    part === "params"
      ? [{ effect: "transform.params", spot: { key: part, of: transform } }]
      : Object.keys(asked).map((field) => ({
          effect: `transform.${part}.${field}`,
          spot: { key: field, of: asked },
        })),
  );
}

function parameters(
  document: PolicyDocument,
  transform: TransformSpec | undefined,
): readonly Problem[] {
  const { params } = transform ?? {};
  if (params === undefined) return [];
  return Object.keys(params)
    .filter((name) => !Object.hasOwn(requestParams, name))
    .map((name) => {
      const isTokens = name === "max_tokens" || name === "max_completion_tokens";
      const hint = isTokens
        ? "Write `maxTokens`, which stands for it in every format."
        : `Use one of ${Object.keys(requestParams).join(", ")}.`;
      const message = `\`${name}\` is no parameter that can be bounded`;
      return unenforced(document, { key: name, of: params }, { message, hint });
    });
}

function headers(
  document: PolicyDocument,
  transform: TransformSpec | undefined,
): readonly Problem[] {
  const set = transform?.headers?.set;
  if (set === undefined) return [];
  return Object.keys(set)
    .filter(isReservedHeader)
    .map((name) =>
      unenforced(
        document,
        { key: name, of: set },
        {
          message: `the header \`${name}\` is not a policy's to set`,
          hint: "Use a header of your own; those of connections, bodies, credentials and proxies are theirs.",
        },
      ),
    );
}

/** A rule that acts on answers alone, where no answer is ever seen. */
function aboutAnswers(document: PolicyDocument, rule: RuleSpec): readonly Problem[] {
  const places = rule.dataClasses?.in;
  const readsAnswers = places?.every((place) => place === "response") ?? false;
  const editsAnswers = rule.redact?.directions?.every((one) => one === "response") ?? false;
  const isRestricted = rule.effect !== "allow" || rule.quota !== undefined;
  const isAboutCalls = isRestricted && (toolPoints(rule)?.includes("tool.call") ?? false);
  if (!readsAnswers && !editsAnswers && !isAboutCalls) return [];
  return [
    unenforced(
      document,
      { value: "effect", of: rule },
      {
        message: "the rule acts on answers, and no listener is sent their bodies",
        hint: "Let `bodyModes.response` of a listener have FULL_DUPLEX_STREAMED, BUFFERED or STREAMED.",
      },
    ),
  ];
}

function unenforced(
  document: PolicyDocument,
  spot: Spot,
  text: { readonly message: string; readonly hint: string },
): Problem {
  return placeProblem(document, spot, { code: "E09", ...text });
}

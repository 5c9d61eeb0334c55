import { Type } from "typebox";
import { actions, places } from "../../domain/index.ts";
import {
  closed,
  dataClass,
  documentName,
  duration,
  headerName,
  label,
  list,
  matcherWord,
  modelId,
  modelPattern,
  named,
  namePattern,
  pattern,
  recordDays,
  ruleName,
  word,
  words,
} from "./field-schemas.ts";

export const action = Type.Enum(["llm.*", "tool.*", ...actions]);

export const modelMatcher = closed({
  ids: Type.Optional(list(modelPattern)),
  providers: Type.Optional(list(pattern)),
  regions: Type.Optional(list(pattern)),
  deployment: Type.Optional(list(matcherWord)),
  tags: Type.Optional(list(pattern)),
  retention: Type.Optional(list(matcherWord)),
});

const toolMatcher = closed({
  names: Type.Optional(list(pattern)),
  risk: Type.Optional(list(matcherWord)),
});

const classMatcher = closed({
  anyOf: Type.Optional(list(dataClass)),
  minConfidence: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
  minCount: Type.Optional(Type.Integer({ minimum: 1 })),
  in: Type.Optional(list(Type.Enum([...places]))),
  permitted: Type.Optional(Type.Array(dataClass, { maxItems: 256 })),
  /** With `denied`: shorthand for rules of their own (policy-model 3). */
  redacted: Type.Optional(list(dataClass)),
  denied: Type.Optional(list(dataClass)),
});

const redact = closed({
  method: Type.Enum(["remove", "mask", "tokenize", "hash", "partial"]),
  /** Absent with the shorthand `redacted` only, which names them. */
  classes: Type.Optional(list(dataClass)),
  directions: Type.Optional(list(Type.Enum(["request", "response", "log"]))),
});

const condition = closed({
  name: label,
  expression: Type.String({ minLength: 1, maxLength: 4096 }),
});

const paramBound = closed({
  max: Type.Optional(Type.Number()),
  min: Type.Optional(Type.Number()),
  value: Type.Optional(
    Type.Unsafe<string | number | boolean>({ type: ["string", "number", "boolean"] }),
  ),
});

const audit = closed({
  level: Type.Optional(Type.Enum(["metadata", "trace"])),
  contentRetention: Type.Optional(recordDays),
  recordRetention: Type.Optional(recordDays),
  controls: Type.Optional(list(word)),
});

const message = closed({
  code: Type.Optional(
    Type.String({
      pattern: "^[a-z][a-z0-9_]{0,63}$",
      description: "a lower-case code with underscores, at most 64",
      examples: ["secret_detected"],
    }),
  ),
  text: Type.Optional(words),
});

export const subjects = closed({
  principals: Type.Optional(list(namePattern)),
  groups: Type.Optional(list(namePattern)),
  roles: Type.Optional(list(namePattern)),
  kinds: Type.Optional(list(Type.Enum(["user", "workload", "composite"]))),
  issuers: Type.Optional(list(namePattern)),
  actors: Type.Optional(list(namePattern)),
});

const transform = closed({
  params: Type.Optional(
    named(Type.String({ pattern: "^[A-Za-z][A-Za-z0-9_.]{0,63}$" }), paramBound),
  ),
  retention: Type.Optional(
    closed({
      store: Type.Optional(Type.Boolean()),
      training: Type.Optional(Type.Boolean()),
      maxDays: Type.Optional(Type.Integer({ minimum: 0, maximum: 36_500 })),
    }),
  ),
  tools: Type.Optional(
    closed({
      remove: Type.Optional(list(pattern)),
      requireApproval: Type.Optional(
        closed({ by: Type.Optional(subjects), ttl: Type.Optional(duration) }),
      ),
    }),
  ),
  prompt: Type.Optional(closed({ prepend: Type.String({ minLength: 1, maxLength: 16_384 }) })),
  headers: Type.Optional(closed({ set: named(headerName, words) })),
  route: Type.Optional(closed({ only: list(modelId) })),
});

const route = closed({
  prefer: Type.Optional(list(modelId)),
  fallback: Type.Optional(list(modelId)),
});

/** What a rule and a permit of a Grant or an Incident have in common. */
const matchers = {
  subjects: Type.Optional(subjects),
  actions: Type.Optional(list(action)),
  models: Type.Optional(modelMatcher),
  tools: Type.Optional(toolMatcher),
  dataClasses: Type.Optional(classMatcher),
  conditions: Type.Optional(Type.Array(condition, { minItems: 1, maxItems: 8 })),
  route: Type.Optional(route),
  quota: Type.Optional(list(documentName)),
  priority: Type.Optional(Type.Integer({ minimum: -100, maximum: 100 })),
  audit: Type.Optional(audit),
  owner: Type.Optional(words),
} as const;

/** Schema of one rule (policy-model 3). */
export const rule = closed({
  id: label,
  effect: Type.Enum(["allow", "deny", "redact", "transform", "warn"]),
  exclude: Type.Optional(subjects),
  ...matchers,
  redact: Type.Optional(redact),
  transform: Type.Optional(transform),
  onError: Type.Optional(Type.Enum(["default", "FailOpen"])),
  exemptible: Type.Optional(Type.Enum(["never", "incident", "grant"])),
  mode: Type.Optional(Type.Enum(["enforce", "shadow"])),
  severity: Type.Optional(Type.Enum(["low", "medium", "high", "critical"])),
  replaces: Type.Optional(ruleName),
  message: Type.Optional(message),
});

/** Schema of one permit of a Grant or an Incident (policy-model 6): an allow rule. */
export const permit = closed({ id: label, ...matchers });

/** The parts of rules that stand in more than one place, by the name documentation gives them. */
export const ruleParts = {
  rule,
  permit,
  subjects,
  modelMatcher,
  toolMatcher,
  classMatcher,
  condition,
  redact,
  transform,
  route,
  audit,
  message,
} as const;

/** One rule, and the matchers in it, as written. */
export type RuleSpec = Type.Static<typeof rule>;
export type PermitSpec = Type.Static<typeof permit>;
export type ModelMatcherSpec = Type.Static<typeof modelMatcher>;
export type ToolMatcherSpec = Type.Static<typeof toolMatcher>;
export type ClassMatcherSpec = Type.Static<typeof classMatcher>;
export type SubjectsSpec = Type.Static<typeof subjects>;
export type TransformSpec = Type.Static<typeof transform>;

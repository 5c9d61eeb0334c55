import { Type } from "typebox";
import { actions, places } from "../domain/index.ts";
import {
  closed,
  dataClass,
  label,
  list,
  modelPattern,
  namePattern,
  notEnforced,
  onlyDuration,
  partlyEnforced,
  pattern,
  recordDays,
  ruleName,
  word,
  words,
} from "./field-schemas.ts";

const toolActions = "tool.*";
const enforcedActions = ["llm.*", ...actions.filter((action) => action.startsWith("llm."))];

const action = Type.Enum(["llm.*", toolActions, ...actions], {
  "x-enforced": enforcedActions,
  "x-hint": "Remove it; calls of tools are not decided by this version.",
});

const modelMatcher = closed({
  ids: Type.Optional(list(modelPattern)),
  providers: Type.Optional(list(pattern)),
  regions: Type.Optional(list(pattern)),
  deployment: Type.Optional(list(word)),
  tags: Type.Optional(list(pattern)),
  retention: Type.Optional(list(word)),
});

const shorthandHint =
  "Write what it stands for: an allow rule with `permitted`, a redact rule and a deny rule.";

const classMatcher = closed({
  anyOf: Type.Optional(list(dataClass)),
  minConfidence: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
  minCount: Type.Optional(Type.Integer({ minimum: 1 })),
  in: Type.Optional(list(Type.Enum([...places]))),
  permitted: Type.Optional(Type.Array(dataClass, { maxItems: 256 })),
  redacted: notEnforced(shorthandHint),
  denied: notEnforced(shorthandHint),
});

const redact = closed({
  method: partlyEnforced(
    ["remove", "mask", "tokenize", "hash", "partial"],
    ["remove", "mask"],
    "Use `mask` or `remove`, which are both stronger.",
  ),
  classes: list(dataClass),
  directions: Type.Optional(list(Type.Enum(["request", "response", "log"]))),
});

const audit = closed({
  level: Type.Optional(
    partlyEnforced(["metadata", "trace"], ["metadata"], "Leave `level` out, or write `metadata`."),
  ),
  contentRetention: Type.Optional(
    onlyDuration("0d", "Leave it out, or write `0d`; this version keeps no content."),
  ),
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

const subjects = closed({
  principals: Type.Optional(list(namePattern)),
  groups: Type.Optional(list(namePattern)),
  roles: Type.Optional(list(namePattern)),
  kinds: Type.Optional(list(Type.Enum(["user", "workload", "composite"]))),
  issuers: Type.Optional(list(namePattern)),
  actors: Type.Optional(list(namePattern)),
});

/** Schema of one rule (policy-model 3). */
export const rule = closed({
  id: label,
  effect: partlyEnforced(
    ["allow", "deny", "redact", "transform", "warn"],
    ["allow", "deny", "redact", "warn"],
    "Remove the rule; requests are not rewritten by this version except for redactions.",
  ),
  subjects: Type.Optional(subjects),
  exclude: Type.Optional(subjects),
  actions: Type.Optional(list(action)),
  models: Type.Optional(modelMatcher),
  tools: notEnforced("Remove it; calls of tools are not decided by this version."),
  dataClasses: Type.Optional(classMatcher),
  conditions: notEnforced("Remove it and use `actions`, `models` and `dataClasses` instead."),
  redact: Type.Optional(redact),
  transform: notEnforced("Remove it; requests are not rewritten except for redactions."),
  route: notEnforced("Remove it; the members of an alias are tried in the order of their ids."),
  quota: notEnforced("Remove it and limit rates in the proxy for now."),
  onError: Type.Optional(
    partlyEnforced(["default", "FailOpen"], ["default"], "Leave it out: errors always restrict."),
  ),
  exemptible: Type.Optional(Type.Enum(["never", "incident", "grant"])),
  mode: Type.Optional(
    partlyEnforced(
      ["enforce", "shadow"],
      ["enforce"],
      "Use effect `warn` to watch before you enforce.",
    ),
  ),
  priority: Type.Optional(Type.Integer({ minimum: -100, maximum: 100 })),
  replaces: Type.Optional(ruleName),
  audit: Type.Optional(audit),
  message: Type.Optional(message),
  owner: Type.Optional(words),
});

/** One rule, and the matchers in it, as written. */
export type RuleSpec = Type.Static<typeof rule>;
export type ModelMatcherSpec = Type.Static<typeof modelMatcher>;
export type ClassMatcherSpec = Type.Static<typeof classMatcher>;
export type SubjectsSpec = Type.Static<typeof subjects>;

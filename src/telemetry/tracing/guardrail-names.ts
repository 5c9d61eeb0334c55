import type { Point, Verdict } from "../../domain/index.ts";

/**
 * What the proposal for guardrails in OpenTelemetry's semantic conventions for generative AI calls
 * things. It is experimental and not released, so that its names stand here and nowhere else.
 */
export const guardrailNames = {
  operation: "gen_ai.operation.name",
  guardrail: "gen_ai.guardrail.name",
  decision: "gen_ai.guardrail.decision.type",
  target: "gen_ai.guardrail.target.type",
  policyId: "gen_ai.security.policy.id",
  policyName: "gen_ai.security.policy.name",
  tool: "gen_ai.tool.name",
  finding: "gen_ai.security.finding",
  riskCategory: "gen_ai.security.risk.category",
} as const;

/** The operation, and the first word of a span's name. */
export const guardrailOperation = "run_guardrail";

/** The one guardrail there is; which of its policies decided stands beside it. */
export const guardrailName = "chancery";

/** What was looked at. What a request tells of a tool's result is a part of what a model reads. */
export const guardrailTargets: Readonly<Record<Point, string>> = {
  request: "llm_input",
  response: "llm_output",
  "tool.list": "tool_definition",
  "tool.call": "tool_call",
  "tool.result": "llm_input",
};

/** What was decided. What passed although it could not be judged is a warning to whoever looks. */
export const guardrailDecisions: Readonly<Record<Verdict, string>> = {
  allow: "allow",
  warn: "warn",
  fail_open: "warn",
  redact: "modify",
  transform: "modify",
  deny: "deny",
};

/** Of whatever is not plainly allowed where an app is only watched: it is noted and not done. */
export const watchedDecision = "audit";

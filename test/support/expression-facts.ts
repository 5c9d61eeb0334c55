import type { DecisionInput } from "../../src/domain/index.ts";
import type { ExpressionFacts } from "../../src/policy/expression/index.ts";

/** Facts of a plain request to a vendor's model, with what a test changes. */
export function expressionFacts(
  input: Partial<DecisionInput> = {},
  more: Partial<ExpressionFacts> = {},
): ExpressionFacts {
  return {
    input: {
      time: "2026-03-02T10:00:00.25Z",
      tenant: "acme",
      app: "support-bot",
      action: "llm.generate",
      point: "request",
      principal: {
        id: "user:ann@acme.example",
        kind: "user",
        groups: ["support", "staff"],
        claims: {
          department: "sales",
          level: 3,
          score: 0.5,
          tags: ["a", 1],
          home: { city: "Ulm" },
        },
        authn: { mfa: true },
      },
      request: {
        protocol: "openai-chat",
        stream: false,
        inputTokens: 800,
        maxTokens: 256,
        params: { temperature: 0.7, n: 1 },
        toolNames: ["crm/lookup", "mail/send"],
      },
      route: { name: "chat" },
      data: {
        status: "ok",
        findings: [
          { class: "pii.email", in: "prompt", count: 2, confidence: 0.98 },
          { class: "pii.phone", in: "prompt", count: 1, confidence: 0.4 },
          { class: "secret.key", in: "response", count: 1, confidence: 0.9 },
        ],
      },
      ...input,
    },
    tenant: { tier: "gold", region: "eu", labels: { team: "core" } },
    app: { env: "prod", labels: {} },
    model: {
      id: "openai/gpt",
      provider: "openai",
      family: undefined,
      regions: ["us-east-1"],
      deployment: "vendor",
      tags: ["approved"],
      retention: undefined,
      status: "active",
      price: { input: 0.1, output: 0.4 },
    },
    toolRisk: undefined,
    sensitivityOf: (dataClass) => (dataClass.startsWith("secret") ? 5 : 3),
    ...more,
  };
}

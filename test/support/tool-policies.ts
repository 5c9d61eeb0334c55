import type { PolicyFile } from "../../src/policy/index.ts";
import { policyOf } from "./governed-exchange.ts";

const base = `apiVersion: chancery/v1alpha1
kind: Platform
metadata: { name: platform, namespace: platform }
spec: { fallback: deny }
---
apiVersion: chancery/v1alpha1
kind: Tenant
metadata: { name: acme, namespace: platform }
spec: {}
---
apiVersion: chancery/v1alpha1
kind: ModelCatalog
metadata: { name: models, namespace: platform }
spec: { models: [{ id: cloud/large }, { id: local/small }] }
---
`;

const app = `apiVersion: chancery/v1alpha1
kind: App
metadata: { name: bot, namespace: acme }
spec: {}
`;

/** Lets generation pass with whatever is in it, so that rules about tools are all there is. */
export const allowsGeneration = "{ id: ask, effect: allow, actions: [llm.generate] }";

/** Policies of these rules of the platform alone, and further documents. */
export function toolPolicies(rules: readonly string[], documents = ""): PolicyFile[] {
  const text = `${base}${documents}${policyOf(allowsGeneration, ...rules)}`;
  return [
    { path: "platform/tools.yaml", namespace: "platform", text },
    { path: "acme/app.yaml", namespace: "acme", text: app },
  ];
}

/** Masks findings of all classes, in both directions, and lets everything pass. */
export const masksEverything: readonly PolicyFile[] = toolPolicies([
  "{ id: mask, effect: redact, redact: { method: mask, classes: [pii, pci, phi, financial, network, secret], directions: [request, response] } }",
]);

/** A quota of the platform by the name `budget`, kept by tenant for an hour. */
export function budget(spec: string): string {
  return `apiVersion: chancery/v1alpha1
kind: Quota
metadata: { name: budget, namespace: platform }
spec: { ${spec}, window: { kind: sliding, duration: 1h } }
---
`;
}

import type { ExchangeDeps } from "../../src/exchange/index.ts";
import { loadSnapshot, type PolicyFile } from "../../src/policy/index.ts";
import { type ExchangeStage, setExchangeStage, stagePolicies } from "./exchange-stage.ts";
import { FakeProxy } from "./fake-proxy.ts";

/** Policies of the exchange tests with further documents of the platform, and `spec` of it. */
export function policiesWith(documents: string, platform = "{ fallback: deny }"): PolicyFile[] {
  return stagePolicies.map((file) =>
    file.namespace === "platform"
      ? { ...file, text: `${file.text.replace("{ fallback: deny }", platform)}---\n${documents}` }
      : file,
  );
}

/** A policy of the platform for everybody, of these rules, one a line. */
export function policyOf(...rules: readonly string[]): string {
  const list = rules.map((rule) => `    - ${rule}\n`).join("");
  return `apiVersion: chancery/v1alpha1
kind: Policy
metadata: { name: more, namespace: platform }
spec:
  attach: { layer: global }
  rules:
${list}`;
}

/** A stage whose exchanges are governed by these policies. */
export function governedStage(
  policies: readonly PolicyFile[],
  changes: Partial<ExchangeDeps> = {},
): ExchangeStage {
  const { problems, snapshot } = loadSnapshot(policies, { engineVersion: "0.0.0" });
  const errors = problems.filter(({ severity }) => severity === "error");
  if (snapshot === undefined || errors.length > 0) throw new Error(JSON.stringify(errors));
  return setExchangeStage({ snapshot: () => snapshot, ...changes });
}

/** The wire formats, with what is needed to ask and to answer in each. */
export const formatPaths = {
  "openai-chat": "/v1/chat/completions",
  "anthropic-messages": "/v1/messages",
} as const;

/** Sends one request whole; what became of it is in the proxy. */
export function askWith(
  stage: ExchangeStage,
  format: keyof typeof formatPaths,
  body: object | string,
): FakeProxy {
  const proxy = new FakeProxy(stage.open, { response: "FULL_DUPLEX_STREAMED" });
  proxy.requestHeaders({
    ":method": "POST",
    ":path": formatPaths[format],
    "content-type": "application/json",
  });
  if (!proxy.isOver) proxy.requestBody(typeof body === "string" ? body : JSON.stringify(body));
  return proxy;
}

/** Answers with these pieces, until the exchange is over. */
export function answerWith(
  proxy: FakeProxy,
  mediaType: string,
  pieces: readonly (string | Buffer)[],
): void {
  proxy.responseHeaders({ ":status": "200", "content-type": mediaType });
  pieces.forEach((piece, index) => {
    if (!proxy.isOver) proxy.responseBody(Buffer.from(piece), index === pieces.length - 1);
  });
}

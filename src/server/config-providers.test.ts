import assert from "node:assert/strict";
import { test } from "node:test";
import { parseConfig } from "./config.ts";

const minimal = `listeners: [{ address: "unix:run/0.sock" }]
policies: { sources: [{ directory: policies }], unsigned: true }
`;

function parse(lines: string, listener = "") {
  const text = minimal.replace('0.sock" }', `0.sock"${listener} }`) + lines;
  return parseConfig({ path: "/etc/chancery/chancery.yaml", text });
}

test("header and prefix follow the provider unless they are given", () => {
  const names = ["openai", "anthropic", "anthropic-eu", "azure", "google", "gemini", "local"];
  const lines = names.map((name) => `  ${name}: { credential: { file: ${name}.key } }`);
  const { config, problems } = parse(
    `providers:\n${lines.join("\n")}
  gateway: { credential: { file: /run/g.key }, header: x-gateway-key }
  plain: { credential: { file: p.key }, prefix: "Token " }
`,
  );
  assert.deepEqual(problems, []);
  const found = Object.entries(config?.providers ?? {}).map(([name, provider]) => [
    name,
    `${provider.header}: ${provider.prefix}${provider.credentialFile}`,
  ]);
  assert.deepEqual(Object.fromEntries(found), {
    openai: "authorization: Bearer /etc/chancery/openai.key",
    anthropic: "x-api-key: /etc/chancery/anthropic.key",
    "anthropic-eu": "x-api-key: /etc/chancery/anthropic-eu.key",
    azure: "api-key: /etc/chancery/azure.key",
    google: "x-goog-api-key: /etc/chancery/google.key",
    gemini: "x-goog-api-key: /etc/chancery/gemini.key",
    local: "authorization: Bearer /etc/chancery/local.key",
    gateway: "x-gateway-key: /run/g.key",
    plain: "authorization: Token /etc/chancery/p.key",
  });
});

test("a credential is never a value in the file, and never goes where a message is steered", () => {
  for (const provider of [
    "{ credential: sk-value }",
    "{ credential: { value: sk-value } }",
    "{ credential: { file: a.key }, header: host }",
    "{ credential: { file: a.key }, header: x-envoy-retry-on }",
    "{ credential: { file: a.key }, header: x-chancery-provider }",
    "{ credential: { file: a.key }, header: content-length }",
    "{ credential: { file: a.key }, header: X-Api-Key }",
    '{ credential: { file: a.key }, prefix: "a\\r\\nb" }',
    "{ header: x-api-key }",
  ]) {
    const { config, problems } = parse(`providers: { openai: ${provider} }\n`);
    assert.equal(config, undefined, provider);
    assert.ok(
      problems.every(({ line, message }) => line === 3 && !message.includes("sk-value")),
      JSON.stringify(problems),
    );
  }
  assert.equal(parse('providers: { "a b": { credential: { file: a.key } } }\n').config, undefined);
});

test("stripped headers are names, compared in lower case", () => {
  const { config } = parse("", ", stripsHeaders: [X-User, x-tenant]");
  assert.deepEqual(config?.listeners[0]?.stripsHeaders, ["x-user", "x-tenant"]);
  assert.equal(parse("", ', stripsHeaders: ["x user"]').config, undefined);
});

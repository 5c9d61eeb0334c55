import assert from "node:assert/strict";
import { test } from "node:test";
import { parseConfig } from "./config.ts";

const minimal = [
  "listeners: [{ address: unix:run/0.sock, identity: acme/bot }]",
  "policies: { sources: [{ directory: policies }], unsigned: true }",
].join("\n");

function parsed(otel: string) {
  return parseConfig({ path: "/etc/chancery/chancery.yaml", text: `${minimal}\notel: ${otel}\n` });
}

function problemsOf(otel: string): readonly string[] {
  const { config, problems } = parsed(otel);
  assert.equal(config, undefined);
  return problems.map(({ code, column, line, message }) => `${line}:${column} ${code} ${message}`);
}

test("a receiver is named by its base, with a credential from a file", () => {
  const { config } = parsed(
    "{ endpoint: https://otel.example:4318, sampleRatio: 0.5, credential: { file: otel.key } }",
  );
  assert.deepEqual(config?.otel, {
    endpoint: "https://otel.example:4318",
    sampleRatio: 0.5,
    credential: {
      credentialFile: "/etc/chancery/otel.key",
      header: "authorization",
      prefix: "Bearer ",
    },
  });
  const own = parsed(
    '{ endpoint: "http://127.0.0.1:4318", credential: { file: k }, header: x-key }',
  );
  assert.deepEqual(own.config?.otel.credential?.prefix, "");
});

test("spans leave this machine under TLS only, and to a URL that is one", () => {
  assert.deepEqual(problemsOf('{ endpoint: "http://otel.example:4318" }'), [
    "3:19 C02 without TLS anyone on the way could read who asks for what",
  ]);
  for (const endpoint of ["otel.example", "grpc://otel.example", "https://a:b@otel.example"]) {
    assert.deepEqual(problemsOf(`{ endpoint: "${endpoint}" }`), [
      "3:19 C02 expected an https URL without user, query and fragment",
    ]);
  }
});

test("a share is between none and all, and what is not there is refused", () => {
  assert.match(problemsOf("{ sampleRatio: 2 }").join(), /C02 `otel.sampleRatio` must be at most 1/);
  assert.match(problemsOf("{ genaiGuardrail: experimental }").join(), /C03 `otel.genaiGuardrail`/);
});

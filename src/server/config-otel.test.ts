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
    tls: undefined,
    hasGuardrails: false,
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
  for (const host of ["127.0.0.1", "localhost", "[::1]"]) {
    assert.deepEqual(parsed(`{ endpoint: "http://${host}:4318" }`).problems, []);
  }
  for (const endpoint of [
    ...["otel.example", "grpc://otel.example", "https://a:b@otel.example"],
    ...["https://:b@otel.example", "https://otel.example/?"],
  ]) {
    assert.deepEqual(problemsOf(`{ endpoint: "${endpoint}" }`), [
      "3:19 C02 expected an https URL without user, query and fragment",
    ]);
  }
});

test("a receiver of one's own authority is known by files, with TLS only", () => {
  const { config } = parsed(
    "{ endpoint: https://otel.example, tls: { caFile: ca.pem, certFile: us.pem, keyFile: us.key } }",
  );
  assert.deepEqual(config?.otel.tls, {
    caFile: "/etc/chancery/ca.pem",
    certFile: "/etc/chancery/us.pem",
    keyFile: "/etc/chancery/us.key",
  });
  assert.deepEqual(problemsOf("{ endpoint: https://otel.example, tls: { certFile: us.pem } }"), [
    "3:46 C02 `certFile` and `keyFile` go together",
  ]);
  assert.deepEqual(problemsOf('{ endpoint: "http://127.0.0.1:4318", tls: { caFile: ca.pem } }'), [
    "3:49 C02 there is no TLS with plain http",
  ]);
});

test("a share is between none and all, and guardrails are experimental or left out", () => {
  assert.match(problemsOf("{ sampleRatio: 2 }").join(), /C02 `otel.sampleRatio` must be at most 1/);
  assert.equal(parsed("{ genaiGuardrail: experimental }").config?.otel.hasGuardrails, true);
  assert.match(problemsOf("{ genaiGuardrail: stable }").join(), /C02 `otel.genaiGuardrail`/);
});

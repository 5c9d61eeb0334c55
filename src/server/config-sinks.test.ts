import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseConfig } from "./config.ts";

const minimal = `listeners: [{ address: "unix:run/0.sock" }]
policies: { sources: [{ directory: policies }], unsigned: true }
`;

function parse(lines: string) {
  return parseConfig({ path: "/etc/chancery/chancery.yaml", text: minimal + lines });
}

function problemsOf(sink: string): readonly string[] {
  return parse(`sinks: [${sink}]\n`).problems.map(({ hint, message }) => `${message} | ${hint}`);
}

describe("sinks in the configuration", () => {
  test("are named by their kind unless they say otherwise, with defaults filled in", () => {
    const { config, problems } = parse(`sinks:
  - { stdout: {} }
  - { otlp: { url: "https://siem.example/v1/logs", credential: { file: siem.key } } }
  - { name: vault, s3: { bucket: audit, region: eu-central-1, prefix: eu1/ } }
  - { kafka: { brokers: ["b1.example:9093"], topic: audit, credential: { file: k }, tls: { caFile: ca.pem } } }
  - { nats: { servers: ["127.0.0.1:4222"], subject: audit.eu1 } }
  - { syslog: { host: logs.example } }
`);
    assert.deepEqual(problems, []);
    const tls = { caFile: undefined, certFile: undefined, keyFile: undefined };
    assert.deepEqual(config?.sinks, [
      { name: "stdout", kind: "stdout" },
      {
        ...{ name: "otlp", kind: "otlp", url: "https://siem.example/v1/logs" },
        ...{ header: "authorization", prefix: "Bearer " },
        ...{ credentialFile: "/etc/chancery/siem.key", tls: undefined },
      },
      {
        ...{ name: "vault", kind: "s3", bucket: "audit", region: "eu-central-1", prefix: "eu1/" },
        ...{ endpoint: undefined, credentialFile: undefined, tls: undefined },
      },
      {
        ...{ name: "kafka", kind: "kafka", brokers: ["b1.example:9093"], topic: "audit" },
        ...{ mechanism: "SCRAM-SHA-512", credentialFile: "/etc/chancery/k" },
        tls: { ...tls, caFile: "/etc/chancery/ca.pem" },
      },
      {
        ...{ name: "nats", kind: "nats", servers: ["127.0.0.1:4222"], subject: "audit.eu1" },
        ...{ credentialFile: undefined, tls: undefined },
      },
      { name: "syslog", kind: "syslog", host: "logs.example", port: 6514, tls },
    ]);
  });

  test("are one thing each, under a name of their own", () => {
    assert.deepEqual(problemsOf("{ name: siem }"), [
      "a sink is one of stdout, otlp, kafka, nats, s3, syslog; found none | Write one of them, and an entry for each further sink.",
    ]);
    assert.match(
      problemsOf("{ stdout: {}, syslog: { host: h } }")[0] ?? "",
      /found stdout and syslog/,
    );
    assert.deepEqual(problemsOf("{ stdout: {} }, { stdout: {} }"), [
      'another sink is called "stdout" | Give each a `name` of its own.',
    ]);
    assert.deepEqual(problemsOf("{ stdout: {} }, { name: other, stdout: {} }"), []);
  });

  test("are spoken to in the clear on this machine only, and with no password in an address", () => {
    for (const url of ["http://siem.example/v1/logs", "https://a:b@siem.example/v1/logs", "siem"]) {
      assert.match(
        problemsOf(`{ otlp: { url: "${url}" } }`)[0] ?? "",
        /https address without/,
        url,
      );
    }
    assert.deepEqual(problemsOf('{ otlp: { url: "http://127.0.0.1:4318/v1/logs" } }'), []);
    const kafka = (more: string) => problemsOf(`{ kafka: { topic: audit, ${more} } }`);
    assert.match(kafka('brokers: ["b1.example:9092"]')[0] ?? "", /^without TLS/);
    assert.deepEqual(kafka('brokers: ["b1.example:9093"], tls: {}'), []);
    assert.deepEqual(kafka('brokers: ["127.0.0.1:9092"]'), []);
    assert.match(kafka('brokers: ["127.0.0.1:99999"]')[0] ?? "", /expected HOST:PORT/);
    const nats = problemsOf('{ nats: { subject: audit, servers: ["n1.example:4222"] } }');
    assert.match(nats[0] ?? "", /^without TLS/);
    const bucket = "bucket: audit, region: eu-1, endpoint: 'http://s3.example'";
    assert.match(problemsOf(`{ s3: { ${bucket} } }`)[0] ?? "", /https address without/);
  });

  test("have a key where they have a certificate", () => {
    for (const sink of [
      "syslog: { host: logs.example, tls: { certFile: c.pem } }",
      "otlp: { url: 'https://siem.example', tls: { keyFile: c.key } }",
      "s3: { bucket: audit, region: eu-1, tls: { certFile: c.pem } }",
    ]) {
      assert.deepEqual(problemsOf(`{ ${sink} }`), [
        "`certFile` and `keyFile` go together | Give both, or neither.",
      ]);
    }
  });

  test("that are named by a URL have an authority of their own with https only", () => {
    const { config } = parse(`sinks:
  - { otlp: { url: "https://siem.example/v1/logs", tls: { caFile: ca.pem } } }
  - { s3: { bucket: audit, region: eu-1, endpoint: "https://s3.example", tls: { caFile: ca.pem } } }
`);
    const tls = { caFile: "/etc/chancery/ca.pem", certFile: undefined, keyFile: undefined };
    assert.partialDeepStrictEqual(config?.sinks, [{ tls }, { tls }]);
    for (const sink of [
      "otlp: { url: 'http://127.0.0.1:4318/v1/logs', tls: { caFile: ca.pem } }",
      "s3: { bucket: audit, region: eu-1, endpoint: 'http://127.0.0.1', tls: { caFile: ca.pem } }",
    ]) {
      assert.deepEqual(problemsOf(`{ ${sink} }`), [
        "there is no TLS with plain http | Write https in the address, or leave `tls` out.",
      ]);
    }
  });
});

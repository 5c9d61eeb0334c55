import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createWitnessKey } from "../../test/support/witness-key.ts";
import { parseConfig } from "./config.ts";

const minimal = `listeners:
  - address: unix:run/0.sock
policies:
  sources: [{ directory: policies }]
  unsigned: true
`;

function parse(lines: string) {
  return parseConfig({ path: "/etc/chancery/chancery.yaml", text: minimal + lines });
}

function problemsOf(lines: string): readonly string[] {
  return parse(lines).problems.map(
    ({ code, column, hint, line, message }) => `${line}:${column} ${code} ${message} | ${hint}`,
  );
}

const witnessKey = createWitnessKey("w.example");

describe("audit in the configuration", () => {
  test("keys, anchors and failure rules are taken as they are said", () => {
    const { config, problems } = parse(`audit:
  wait: committed
  onFailure: continue
  onCorrupt: continue
  rootKey: { file: root.key, name: gov.acme.example/root }
  retentionDays: 184
  pseudonyms: perSubject
  contentDigests: true
  recordClaims: [department, "https://acme.example/tier"]
  anchors: [{ name: copy, directory: anchors }]
`);
    assert.deepEqual(problems, []);
    assert.deepEqual(config?.audit, {
      origin: undefined,
      rules: { wait: "committed", onFailure: "continue" },
      onCorrupt: "continue",
      rootKey: { kind: "file", file: "/etc/chancery/root.key", name: "gov.acme.example/root" },
      retentionDays: 184,
      pseudonyms: "perSubject",
      contentDigests: true,
      recordClaims: ["department", "https://acme.example/tier"],
      anchors: [{ name: "copy", kind: "directory", directory: "/etc/chancery/anchors" }],
      routes: {},
    });
  });

  test("a witness of one's own authority is known by files", () => {
    const witness = `{ name: w, witness: "https://w.example", key: ${witnessKey}, tls: { caFile: ca.pem } }`;
    const { config } = parse(`audit: { anchors: [${witness}] }\n`);
    const tls = { caFile: "/etc/chancery/ca.pem", certFile: undefined, keyFile: undefined };
    assert.partialDeepStrictEqual(config?.audit.anchors, [{ kind: "witness", tls }]);
  });

  test("claims that are recorded are named once each, and none of them names a person", () => {
    const claims = (text: string) => problemsOf(`audit: { recordClaims: ${text} }\n`);
    assert.deepEqual(claims("[department, level]"), []);
    assert.deepEqual(claims("[department, level, department]"), [
      "6:44 C02 `department` is listed twice | Leave one of them out.",
    ]);
    assert.deepEqual(claims("[level, sub]"), [
      "6:32 C02 `sub` says who somebody is, and records know people by pseudonyms alone | Leave it out: a condition that reads it is recorded by how it ended, which replay needs.",
    ]);
    for (const name of ["email", "Name", "preferred_username", "upn", "family_name#ja-Kana-JP"]) {
      assert.match(claims(`[${name}]`)[0] ?? "", /says who somebody is/);
    }
    assert.match(claims("['a b']")[0] ?? "", /printable characters/);
    assert.match(claims("['']")[0] ?? "", /recordClaims/);
  });

  test("a route says what is other on it, and the rest is as everywhere", () => {
    const { config } = parse(`audit: { onFailure: continue }
routes:
  payments: { audit: { wait: committed } }
  chat: { audit: { onFailure: refuse } }
`);
    assert.deepEqual(config?.audit.routes, {
      payments: { wait: "committed", onFailure: "continue" },
      chat: { wait: "written", onFailure: "refuse" },
    });
  });

  test("an anchor is one thing, known by its own name and key", () => {
    const anchors = (text: string) => problemsOf(`audit: { anchors: [${text}] }\n`);
    assert.deepEqual(anchors("{ name: a }"), [
      "6:20 C02 expected one of `witness`, `s3` and `directory` | Write { name, witness: URL, key: VERIFIER-KEY }, { name, s3: { bucket, region } } or { name, directory: DIR }.",
    ]);
    assert.deepEqual(anchors("{ name: a, directory: d }, { name: a, directory: e }"), [
      '6:55 C02 another anchor is called "a" | Give each a name of its own.',
    ]);
    assert.deepEqual(anchors("{ name: a, directory: d, key: k }"), [
      "6:50 C02 a folder does not sign | Leave it out.",
    ]);
    assert.deepEqual(anchors("{ name: a, directory: d, tls: { caFile: ca.pem } }"), [
      "6:50 C02 this is the `tls` of a witness | Leave it out.",
    ]);
    const plain = `witness: "http://127.0.0.1", key: ${witnessKey}, tls: { caFile: ca.pem }`;
    assert.match(
      anchors(`{ name: a, ${plain} }`).join(),
      /^6:\d+ C02 there is no TLS with plain http/,
    );
    assert.deepEqual(anchors("{ name: a, witness: 'https://w.example' }"), [
      "6:20 C02 a witness is not believed without its key | Write `key: NAME+ID+BASE64` as the witness publishes it.",
    ]);
    assert.match(
      anchors(`{ name: a, witness: 'http://w.example', key: '${witnessKey}' }`)[0] ?? "",
      /without TLS/,
    );
    for (const url of ["https://:pw@w.example", "https://w.example/?a=b", "https://w.example/#a"]) {
      assert.match(
        anchors(`{ name: a, witness: '${url}', key: '${witnessKey}' }`)[0] ?? "",
        /without user, query and fragment/,
      );
    }
    assert.match(
      anchors("{ name: a, witness: 'https://w.example', key: w+00000000+BKoh }")[0] ?? "",
      /type 4/,
    );
  });

  test("a bucket is an anchor too, and does not sign", () => {
    const s3 = "s3: { bucket: audit, region: eu-central-1 }";
    const anchors = (text: string) => problemsOf(`audit: { anchors: [${text}] }\n`);
    assert.deepEqual(anchors(`{ name: a, ${s3} }`), []);
    assert.match(anchors(`{ name: a, ${s3}, key: k }`)[0] ?? "", /a bucket does not sign/);
    assert.match(anchors(`{ name: a, ${s3}, directory: d }`)[0] ?? "", /expected one of/);
    const plain = `{ name: a, ${s3.replace("}", ", endpoint: 'http://s3.example' }")} }`;
    assert.match(anchors(plain)[0] ?? "", /https address without/);
  });

  test("what is not there yet is told where it stands", () => {
    assert.match(
      problemsOf("routes: { chat: { onOverload: bypass } }\n")[0] ?? "",
      /`routes.chat.onOverload` asks for something/,
    );
    assert.match(problemsOf("audit: { retentionDays: 183 }\n")[0] ?? "", /retentionDays/);
  });
});

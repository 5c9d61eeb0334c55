import assert from "node:assert/strict";
import { describe, test } from "node:test";
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

const witnessKey = "w.example+c1d6bdd6+BKohB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4";

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
  anchors: [{ name: copy, directory: anchors }]
`);
    assert.deepEqual(problems, []);
    assert.deepEqual(config?.audit, {
      origin: undefined,
      rules: { wait: "committed", onFailure: "continue" },
      onCorrupt: "continue",
      rootKey: { file: "/etc/chancery/root.key", name: "gov.acme.example/root" },
      retentionDays: 184,
      pseudonyms: "perSubject",
      contentDigests: true,
      anchors: [{ name: "copy", kind: "directory", directory: "/etc/chancery/anchors" }],
      routes: {},
    });
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
    assert.deepEqual(anchors("{ name: a, witness: 'https://w.example' }"), [
      "6:20 C02 a witness is not believed without its key | Write `key: NAME+ID+BASE64` as the witness publishes it.",
    ]);
    assert.match(
      anchors(`{ name: a, witness: 'http://w.example', key: '${witnessKey}' }`)[0] ?? "",
      /without TLS/,
    );
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
    assert.deepEqual(problemsOf("audit: { rootKey: { file: f, kms: arn } }\n"), [
      "6:30 C03 `audit.rootKey.kms` asks for something this version does not have | Leave it out.",
    ]);
    assert.match(
      problemsOf("routes: { chat: { onOverload: bypass } }\n")[0] ?? "",
      /`routes.chat.onOverload` asks for something/,
    );
    assert.match(problemsOf("audit: { retentionDays: 183 }\n")[0] ?? "", /retentionDays/);
  });
});

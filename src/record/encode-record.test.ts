import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import type { DecisionRecord } from "./decision-record.ts";
import { encodeBypass, encodeClosing, encodeDecision } from "./index.ts";
import type { RecordPosition } from "./parts.ts";

const position: RecordPosition = {
  log: "gov.acme.example/eu1/pod-7/0/5f0c2a91",
  seq: 2,
  id: "01a1fd1e-9063-7670-891a-985ccc8c71a2",
  at: "2026-11-21T08:00:01.123456Z",
};

/** The decision of audit-and-operations 4.10. */
const refused: DecisionRecord = {
  exchange: "01a1fd1e-9060-7266-9625-1b601630ea14",
  final: true,
  end: "refused",
  tenant: "acme",
  app: "support-bot",
  principal: {
    kind: "user",
    ref: "p7:btAzcUC9MrStxQAPdjM72A",
    auth: "jwt",
    issuer: "https://id.acme.example",
    groups: ['r&d <ü>\t"€"'],
    roles: [],
  },
  action: "llm.generate",
  point: "request",
  model: { requested: "fast", used: null },
  hops: [],
  outcome: "deny",
  verdict: "deny",
  reason: "rule",
  decidedBy: "platform/baseline/no-secrets",
  rules: [{ id: "platform/baseline/no-secrets", layer: "global", effect: "deny", match: "T" }],
  warnings: [],
  obligations: {},
  applied: {},
  versions: {
    effective: "sha256:46e0876178516073c5ae0fb62d07c070fe57249cbad44068272a7ad9373143ab",
    snapshot: "sha256:16a0eeb0791b6c92451fd284dd9f599e0a7dbe7f6ebea6e2d2d06c7f74aec112",
    semantics: 1,
    engine: "1.0.0",
    layers: [
      {
        id: "platform",
        version: "4.2.0",
        digest: "sha256:802182294c4d6da72493240666ee7c336c3998acfab4e5ff5d02966962cbe8eb",
      },
    ],
  },
  facts: {
    "request.stream": true,
    "request.protocol": "openai-chat",
    "request.params.temperature": 0.2,
    "request.inputTokens": 412,
    "request.maxTokens": undefined,
    "data.status": "ok",
  },
  findings: [
    { class: "secret.api_key", detector: "key@3", count: 1, confidencePct: 93, in: "prompt" },
  ],
  mode: "enforce",
  fallback: "none",
  input: { bytes: 2048 },
  timeUs: { evaluate: 84.6, total: 430 },
  retainDays: 400,
};

const vectorLine =
  '{"action":"llm.generate","app":"support-bot","at":"2026-11-21T08:00:01.123456Z","decidedBy":"platform/baseline/no-secrets","end":"refused","exchange":"01a1fd1e-9060-7266-9625-1b601630ea14","facts":{"data.status":"ok","request.inputTokens":412,"request.params.temperature":{"decimal":"0.2"},"request.protocol":"openai-chat","request.stream":true},"fallback":"none","final":true,"findings":[{"class":"secret.api_key","confidencePct":93,"count":1,"detector":"key@3","in":"prompt"}],"id":"01a1fd1e-9063-7670-891a-985ccc8c71a2","input":{"bytes":2048},"kind":"decision","log":"gov.acme.example/eu1/pod-7/0/5f0c2a91","mode":"enforce","model":{"requested":"fast"},"outcome":"deny","point":"request","principal":{"auth":"jwt","groups":["r&d <ü>\\t\\"€\\""],"issuer":"https://id.acme.example","kind":"user","ref":"p7:btAzcUC9MrStxQAPdjM72A"},"reason":"rule","retainDays":400,"rules":[{"effect":"deny","id":"platform/baseline/no-secrets","layer":"global","match":"T"}],"seq":2,"tenant":"acme","timeUs":{"evaluate":84,"total":430},"v":1,"verdict":"deny","versions":{"effective":"sha256:46e0876178516073c5ae0fb62d07c070fe57249cbad44068272a7ad9373143ab","engine":"1.0.0","layers":[{"digest":"sha256:802182294c4d6da72493240666ee7c336c3998acfab4e5ff5d02966962cbe8eb","id":"platform","version":"4.2.0"}],"semantics":1,"snapshot":"sha256:16a0eeb0791b6c92451fd284dd9f599e0a7dbe7f6ebea6e2d2d06c7f74aec112"}}';

test("the decision of the published test vector is written byte for byte", () => {
  const line = encodeDecision(refused, position);
  assert.equal(line, vectorLine);
  const leaf = createHash("sha256").update("\0").update(line).digest("hex");
  assert.equal(leaf, "814dd7be7ba94eb4b97b7cb4c1bb79b19475062112a1eab72d2d522c3531065b");
});

test("the escaping of the published test vector is written byte for byte", () => {
  const reason = '\u0008\t\n\f\r\u001f"\\/\u007f\u00e9\u2028\u{1f600}\ud800';
  const line = encodeDecision({ ...refused, reason }, position);
  const escaped = Buffer.from(
    "225c625c745c6e5c665c725c75303031665c225c5c2f7fc3a9e280a8f09f9880efbfbd22",
    "hex",
  );
  assert.ok(line.includes(`"reason":${escaped.toString("utf8")},`));
});

test("a closing has its own fields and says how the exchange ended", () => {
  const line = encodeClosing(
    {
      exchange: refused.exchange,
      tenant: "acme",
      point: "response",
      outcome: "permit",
      verdict: "redact",
      applied: { redactions: "ok", body: "ok", spans: 2 },
      obligations: {
        redact: {
          "pii.email": {
            method: "mask",
            by: "platform/baseline/mask-contact-data",
            directions: ["log", "response"],
            in: ["response"],
          },
        },
      },
      obligationsDigest: "sha256:00",
      unsigned: true,
      output: { bytes: 812 },
      usage: { out: 90, in: 12 },
      timeUs: { total: 900, parse: 1, detect: 2, evaluate: 3, queue: 4 },
      end: "complete",
    },
    position,
  );
  assert.equal(
    line,
    '{"applied":{"body":"ok","redactions":"ok","spans":2},"at":"2026-11-21T08:00:01.123456Z","end":"complete","exchange":"01a1fd1e-9060-7266-9625-1b601630ea14","id":"01a1fd1e-9063-7670-891a-985ccc8c71a2","kind":"closing","log":"gov.acme.example/eu1/pod-7/0/5f0c2a91","obligations":{"redact":{"pii.email":{"by":"platform/baseline/mask-contact-data","directions":["log","response"],"in":["response"],"method":"mask"}}},"obligationsDigest":"sha256:00","outcome":"permit","output":{"bytes":812},"point":"response","seq":2,"tenant":"acme","timeUs":{"detect":2,"evaluate":3,"parse":1,"queue":4,"total":900},"unsigned":true,"usage":{"in":12,"out":90},"v":1,"verdict":"redact"}',
  );
});

test("a bypass names its reason and cuts a long request id", () => {
  const line = encodeBypass(
    { exchange: refused.exchange, reason: "route", requestId: "r".repeat(300), route: "files" },
    position,
  );
  assert.deepEqual(JSON.parse(line), {
    ...position,
    exchange: refused.exchange,
    kind: "bypass",
    reason: "route",
    requestId: "r".repeat(256),
    route: "files",
    truncated: ["requestId"],
    v: 1,
  });
});

test("numbers beyond safe integers are written as text that names their kind", () => {
  const facts = { a: -0, b: 1e21, c: 2n ** 63n - 1n, d: -5n, e: Number.MAX_SAFE_INTEGER, f: -0.5 };
  const line = encodeDecision({ ...refused, facts }, position);
  assert.ok(
    line.includes(
      '"facts":{"a":0,"b":{"decimal":"1e+21"},"c":{"int":"9223372036854775807"},"d":-5,"e":9007199254740991,"f":{"decimal":"-0.5"}}',
    ),
  );
});

test("a duration that is no number is a bug, not a line", () => {
  assert.throws(
    () => encodeDecision({ ...refused, timeUs: { total: Number.NaN } }, position),
    /safe integer/,
  );
});

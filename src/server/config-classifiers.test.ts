import assert from "node:assert/strict";
import { test } from "node:test";
import { parseConfig } from "./config.ts";

const base = `listeners: [{ address: "unix:run/0.sock", identity: acme/bot }]
policies: { sources: [{ directory: policies }], unsigned: true }
`;
const parse = (text: string) =>
  parseConfig({ path: "/etc/chancery/chancery.yaml", text: base + text });
const problemsOf = (entry: string, more = "") =>
  parse(`classifiers: { ner: { ${entry} } }\n${more}`).problems.map(
    ({ code, hint, message }) => `${code} ${message} | ${hint}`,
  );

test("an entry needs its type and address; all else has defaults that are the operator's to loosen", () => {
  const { config, problems } = parse(
    "classifiers: { ner: { type: presidio, url: 'http://127.0.0.1:3000' } }",
  );
  assert.deepEqual(problems, []);
  assert.deepEqual(config?.classifiers["ner"], {
    ...{ type: "presidio", url: "http://127.0.0.1:3000", language: "en", model: undefined },
    ...{ caFile: undefined, credential: undefined, tenants: [], timeoutMs: 150 },
    ...{ concurrencyMax: 8, queueMax: 64, textUnitsMax: 262_144 },
    breaker: { failures: 5, openMs: 5000 },
  });
});

test("files are found from the configuration, and a credential goes where servers expect it", () => {
  const entry = (more: string) => {
    const { config } = parse(
      `classifiers: { mod: { type: openai-moderation, url: "https://api.example", caFile: ca.pem, credential: { file: mod.key }${more} } }`,
    );
    const found = config?.classifiers["mod"];
    return found?.type === "onnx" ? undefined : found;
  };
  assert.equal(entry("")?.caFile, "/etc/chancery/ca.pem");
  const file = { credentialFile: "/etc/chancery/mod.key" };
  assert.deepEqual(entry("")?.credential, { ...file, header: "authorization", prefix: "Bearer " });
  assert.deepEqual(entry(", header: x-api-key")?.credential, {
    ...file,
    header: "x-api-key",
    prefix: "",
  });
});

test("no classifier takes longer than `deadlines.classifierMs`, which ends before its phase", () => {
  const text = (classifierMs: number) =>
    `deadlines: { classifierMs: ${classifierMs} }\nclassifiers: { ner: { type: presidio, url: "https://ner.example", timeoutMs: 900 } }`;
  assert.equal(parse(text(100)).config?.classifiers["ner"]?.timeoutMs, 100);
  assert.equal(parse(text(1000)).config?.classifiers["ner"]?.timeoutMs, 900);
  const [problem] = parse(text(2000)).problems;
  assert.match(problem?.message ?? "", /^a phase is over after 2000 ms/);
});

test("plain text leaves this machine for nobody", () => {
  const allowed = [
    "http://localhost:3000",
    "http://127.0.0.1",
    "http://[::1]:3000",
    "https://ner.example",
  ];
  for (const url of allowed) assert.deepEqual(problemsOf(`type: presidio, url: "${url}"`), [], url);
  assert.deepEqual(problemsOf('type: presidio, url: "http://ner.example"'), [
    'C02 plain text to "ner.example" would let others read what is asked about | Use https://, or plain text on 127.0.0.1.',
  ]);
  assert.deepEqual(problemsOf('type: grpc, url: "grpc://10.0.0.1:9000"'), [
    'C02 plain text to "10.0.0.1" would let others read what is asked about | Use grpcs://, or plain text on 127.0.0.1.',
  ]);
  assert.deepEqual(problemsOf('type: grpc, url: "grpcs://10.0.0.1:9000"'), []);
});

test("an address is one of its type, and holds no secret", () => {
  const wrong: readonly (readonly [string, RegExp])[] = [
    ['type: presidio, url: "grpc://127.0.0.1:1"', /type presidio has an address that begins with/],
    ['type: grpc, url: "https://ner.example"', /type grpc has an address that begins with/],
    ['type: presidio, url: "ner.example"', /begins with/],
    ['type: presidio, url: "file:///etc/passwd"', /begins with/],
    ['type: presidio, url: "https://ann:pw@ner.example"', /without user, password/],
    ['type: presidio, url: "https://ner.example/?key=1"', /without user, password/],
    ['type: grpc, url: "grpcs://ner.example"', /expected a host and a port/],
    ['type: grpc, url: "grpcs://ner.example:1/path"', /expected a host and a port/],
  ];
  for (const [entry, message] of wrong) assert.match(problemsOf(entry).join(), message, entry);
});

test("a setting that nothing goes by, or a name that no policy can say, is a problem", () => {
  const url = 'url: "https://ner.example"';
  const surplus = [
    `type: presidio, ${url}, model: m`,
    `type: openai-moderation, ${url}, language: en`,
    `type: presidio, ${url}, header: x-api-key`,
    `type: presidio, ${url}, prefix: "Key "`,
    'type: presidio, url: "http://127.0.0.1", caFile: ca.pem',
  ];
  for (const entry of surplus)
    assert.match(problemsOf(entry).join(), /^C02 nothing here goes by it/, entry);
  const { problems } = parse(`classifiers: { My_NER: { type: presidio, ${url} } }`);
  assert.match(problems[0]?.message ?? "", /^no policy can name a classifier/);
  assert.match(problemsOf(`type: magic, ${url}`).join(), /^C02/);
  assert.match(problemsOf(`type: presidio, ${url}, tenants: ["ac*"]`).join(), /^C02/);
});

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const onnxOf = (labels: string, more = "") =>
  `onnx: { model: { file: names.onnx, digest: "${digest("a")}" }, tokenizer: { file: /t.json, digest: "${digest("b")}" }, labels: ${labels}${more} }`;

test("a model that runs here has files and labels, and computes on one thread unless told otherwise", () => {
  const entry = (more: string) => {
    const { config, problems } = parse(
      `classifiers: { ner: { type: onnx, ${onnxOf("[O, B-PER, I-PER]", more)} } }`,
    );
    assert.deepEqual(problems, []);
    const found = config?.classifiers["ner"];
    return found?.type === "onnx" ? found.onnx : undefined;
  };
  assert.deepEqual(entry(""), {
    model: { file: "/etc/chancery/names.onnx", digest: digest("a") },
    tokenizer: { file: "/t.json", digest: digest("b") },
    labels: ["O", "B-PER", "I-PER"],
    ...{ windowTokens: 512, threads: 1, runtimeDir: undefined },
  });
  const more = entry(", windowTokens: 128, threads: 4, runtimeDir: onnx");
  assert.equal(more?.windowTokens, 128);
  assert.equal(more?.threads, 4);
  assert.equal(more?.runtimeDir, "/etc/chancery/onnx");
});

test("a model that runs here has no address, and one elsewhere no files", () => {
  const labels = "[O, B-PER, I-PER]";
  const wrong: readonly (readonly [string, RegExp])[] = [
    ["type: onnx", /^C02 a classifier of type onnx runs here and needs its files/],
    ["type: presidio", /^C02 a classifier of type presidio has an address that begins with/],
    [`type: onnx, url: "https://ner.example", ${onnxOf(labels)}`, /^C02 nothing here goes by it/],
    [`type: onnx, caFile: ca.pem, ${onnxOf(labels)}`, /^C02 nothing here goes by it/],
    [`type: onnx, credential: { file: k }, ${onnxOf(labels)}`, /^C02 nothing here goes by it/],
    [`type: presidio, url: "https://ner.example", ${onnxOf(labels)}`, /^C02 nothing here goes/],
    [`type: onnx, ${onnxOf('[O, "O "]')}`, /^C02 .*a label such as O, B-PER or I-PER/],
    [`type: onnx, ${onnxOf("[O, S-PER]")}`, /^C02 .*a label such as O, B-PER or I-PER/],
    [`type: onnx, ${onnxOf("[O]")}`, /^C02/],
    [`type: onnx, ${onnxOf(labels).replace("sha256", "md5")}`, /^C02 .*sha256: and 64/],
  ];
  for (const [entry, message] of wrong) assert.match(problemsOf(entry).join(), message, entry);
});

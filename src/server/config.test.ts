import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { defaultLimits } from "../base/index.ts";
import { type Config, defaultConfig, parseConfig } from "./config.ts";
import type { ConfigOverrides } from "./config-overrides.ts";

const minimal = `listeners:
  - address: unix:run/0.sock
    identity: acme/bot
policies:
  sources: [{ directory: ./policies }]
  unsigned: true
`;

function parse(text: string, overrides?: ConfigOverrides) {
  return parseConfig({ path: "/etc/chancery/chancery.yaml", text }, overrides);
}

function accepted(text: string, overrides?: ConfigOverrides): Config {
  const { config, problems } = parse(text, overrides);
  assert.deepEqual(problems, []);
  assert.ok(config !== undefined);
  return config;
}

/** Each problem as `line:column code message | hint`. */
function problemsOf(text: string, overrides?: ConfigOverrides): readonly string[] {
  const { config, problems } = parse(text, overrides);
  const hasError = problems.some(({ severity }) => severity === "error");
  assert.equal(config === undefined, hasError);
  return problems.map((p) => `${p.line}:${p.column} ${p.code} ${p.message} | ${p.hint}`);
}

describe("parseConfig", () => {
  test("two required keys are enough; all others take their documented defaults", () => {
    assert.deepEqual(accepted(minimal), {
      listeners: [
        {
          address: "unix:/etc/chancery/run/0.sock",
          socketMode: 0o660,
          identity: { tenant: "acme", app: "bot" },
          stripsHeaders: [],
          offeredTools: "remove",
          tls: undefined,
          bodyModes: {
            request: ["BUFFERED", "FULL_DUPLEX_STREAMED"],
            response: ["FULL_DUPLEX_STREAMED", "BUFFERED", "STREAMED"],
          },
        },
      ],
      admin: { address: "127.0.0.1:9003" },
      region: undefined,
      stateDir: "/var/lib/chancery",
      providers: {},
      policies: {
        sources: [{ kind: "directory", directory: "/etc/chancery/policies" }],
        trust: undefined,
        pollSeconds: 300,
        unsigned: true,
        killSwitches: undefined,
        maxAgeSeconds: undefined,
        stale: "serve",
      },
      stores: {
        quota: { kind: "memory" },
        findings: { bytesMax: 67_108_864, tenantBytesMax: 8_388_608 },
      },
      drift: {
        windowSeconds: 3600,
        referenceSeconds: 86_400,
        exchangesMin: 500,
        alertScore: 0.25,
      },
      leaks: { perSecond: 50 },
      sinks: [],
      classifiers: {},
      content: { unrecognised: "refuse", modelList: "pass" },
      limits: defaultLimits,
      deadlines: { phaseMs: 2000, classifierMs: 150, exchangeIdleSeconds: 600 },
      drain: { noticeSeconds: 5, exchangesSeconds: 25 },
      audit: {
        origin: undefined,
        rules: { wait: "written", onFailure: "refuse" },
        onCorrupt: "refuse",
        rootKey: undefined,
        retentionDays: 400,
        pseudonyms: "perMonth",
        contentDigests: false,
        recordClaims: [],
        anchors: [],
        routes: {},
      },
      otel: {
        ...{ endpoint: undefined, sampleRatio: 0.01, credential: undefined, tls: undefined },
        hasGuardrails: false,
      },
      log: { level: "info" },
    });
  });

  test("the documented file with every default said is the same configuration", () => {
    const config = accepted(`
listeners:
  - address: unix:run/0.sock
    socketMode: "0660"
    identity: acme/bot
    stripsHeaders: []
    bodyModes:
      request: [BUFFERED, FULL_DUPLEX_STREAMED]
      response: [FULL_DUPLEX_STREAMED, BUFFERED, STREAMED]
    offeredTools: remove
admin: { address: 127.0.0.1:9003 }
region: null
stateDir: /var/lib/chancery
policies:
  sources: [{ directory: policies }]
  unsigned: true
  killSwitches: null
  pollSeconds: 300
  maxAgeSeconds: null
  stale: serve
providers: {}
content: { unrecognised: refuse, opaque: flag, modelList: pass }
limits: { bodyBytesMax: 8388608, heldBytesMax: 268435456, messageBytesMax: 10485760 }
deadlines: { phaseMs: 2000, classifierMs: 150, exchangeIdleSeconds: 600 }
drain: { noticeSeconds: 5, exchangesSeconds: 25 }
audit:
  origin: null
  wait: written
  onFailure: refuse
  onCorrupt: refuse
  rootKey: null
  retentionDays: 400
  pseudonyms: perMonth
  contentDigests: false
  recordClaims: []
  anchors: []
sinks: []
stores: { quota: { memory: {} } }
classifiers: {}
otel: { endpoint: null, sampleRatio: 0.01, header: authorization }
log: { level: info }
routes: {}
`);
    assert.deepEqual(config, accepted(minimal));
  });

  test("JSON is a configuration as well", () => {
    const text = JSON.stringify({
      listeners: [{ address: "unix:run/0.sock", identity: "acme/bot" }],
      policies: { sources: [{ directory: "policies" }], unsigned: true },
    });
    assert.deepEqual(accepted(text), accepted(minimal));
  });

  test("what is given is what is used", () => {
    const config = accepted(`${minimal}region: eu
stateDir: state
content: { unrecognised: flag, modelList: refuse }
limits: { jsonDepthMax: 10 }
deadlines: { phaseMs: 1 }
drain: { noticeSeconds: 0 }
audit: { origin: log.example/eu }
log: { level: debug }
admin: { address: "[::1]:0" }
`);
    assert.equal(config.region, "eu");
    assert.equal(config.stateDir, "/etc/chancery/state");
    assert.deepEqual(config.content, { unrecognised: "flag", modelList: "refuse" });
    assert.deepEqual(config.limits, { ...defaultLimits, jsonDepthMax: 10 });
    assert.deepEqual(config.deadlines, { phaseMs: 1, classifierMs: 150, exchangeIdleSeconds: 600 });
    assert.deepEqual(config.drain, { noticeSeconds: 0, exchangesSeconds: 25 });
    assert.equal(config.audit.origin, "log.example/eu");
    assert.equal(config.log.level, "debug");
    assert.equal(config.admin.address, "[::1]:0");
  });

  test("a configuration is frozen to the leaves, and one does not touch the next", () => {
    const config = accepted(minimal);
    const isFrozen = (value: unknown): boolean =>
      typeof value !== "object" ||
      value === null ||
      (Object.isFrozen(value) && Object.values(value).every(isFrozen));
    assert.ok(isFrozen(config));
    assert.deepEqual(accepted(minimal), config);
  });

  test("an empty file lacks the two required keys", () => {
    assert.deepEqual(problemsOf(""), [
      "0:0 C01 `listeners` is missing | Add it.",
      "0:0 C01 `policies` is missing | Add it.",
    ]);
    assert.deepEqual(problemsOf(minimal.replace("  sources: [{ directory: ./policies }]\n", "")), [
      "5:3 C01 `policies.sources` is missing | Add it.",
    ]);
  });

  test("an unknown key `is` a problem where it stands, with what was probably meant", () => {
    assert.deepEqual(problemsOf(`${minimal}limits:\n  jsonDepthMx: 3\nsink: []\n`), [
      "8:3 C01 unknown key `limits.jsonDepthMx` | Did you mean `jsonDepthMax`?",
      "9:1 C01 unknown key `sink` | Did you mean `sinks`?",
    ]);
  });

  test("a key whose feature is not there is a problem, unless it says the default", () => {
    assert.deepEqual(problemsOf(`${minimal}content: { opaque: pass }\n`), [
      '7:12 C03 `content.opaque` asks for something this version does not have | Leave it out, or set it to its default, "flag".',
    ]);
  });

  test("what is kept of one tenant's texts is no more than that of all, unless nothing is", () => {
    const findings = (text: string) => `${minimal}stores: { findings: ${text} }\n`;
    assert.deepEqual(problemsOf(findings("{ bytesMax: 1000000 }")), [
      "7:21 C02 expected no more for one tenant than for all, which is 1000000, found 8388608 | Lower it, or raise `stores.findings.bytesMax`; 0 there keeps nothing.",
    ]);
    assert.deepEqual(problemsOf(findings("{ bytesMax: 0 }")), []);
    assert.deepEqual(problemsOf(findings("{ bytesMax: 1000000, tenantBytesMax: 100000 }")), []);
  });

  test("budgets are counted in one place, which holds no password", () => {
    const stores = (quota: string) =>
      parse(`${minimal}stores: { quota: ${quota} }\n`).config?.stores.quota;
    assert.deepEqual(
      stores("{ redis: { url: 'redis://127.0.0.1:6379', passwordFile: redis.key } }"),
      {
        kind: "redis",
        url: "redis://127.0.0.1:6379",
        passwordFile: "/etc/chancery/redis.key",
        replicas: 1,
      },
    );
    assert.deepEqual(
      problemsOf(`${minimal}stores: { quota: { memory: {}, redis: { url: redis://h } } }\n`),
      [
        "7:18 C02 expected `memory` or `redis`, found both | Write `quota: { memory: {} }`, or `redis` with its url where several processes share budgets.",
      ],
    );
    assert.equal(stores("{ redis: { url: 'redis://user:secret@h' } }"), undefined);
  });

  const trust =
    "trust: { keys: [{ id: root, ed25519: AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= }] }";
  const served = (source: string, more = trust) =>
    minimal.replace("{ directory: ./policies }", source).replace("unsigned: true", more);

  test("policies come from folders, working trees, archives and registries", () => {
    const sources = (source: string, more?: string) =>
      accepted(served(source, more)).policies.sources;
    assert.deepEqual(sources("{ git: ./policies }", "unsigned: true"), [
      { kind: "git", directory: "/etc/chancery/policies" },
    ]);
    assert.deepEqual(sources("{ archive: https://policies.example/acme.tar.gz }"), [
      { kind: "archive", url: "https://policies.example/acme.tar.gz" },
    ]);
    const oci = "{ oci: registry.example/policies/acme:live, credential: { file: registry.key } }";
    const [artifact] = sources(oci);
    assert.ok(artifact?.kind === "oci");
    assert.equal(artifact.credentialFile, "/etc/chancery/registry.key");
    assert.equal(artifact.reference.repository, "policies/acme");
  });

  test("a source that says several things, or what cannot be called, is a problem", () => {
    const only = (source: string, more?: string) =>
      problemsOf(served(source, more)).map((problem) => problem.replace(/ \|.*/, ""));
    assert.deepEqual(only("{ directory: a, git: b }", "unsigned: true"), [
      "5:13 C02 a source is one of directory, git, archive, oci; found directory and git",
    ]);
    assert.deepEqual(only("{ archive: 'http://policies.example/acme.tar.gz' }"), [
      "5:24 C02 expected an https address without a password in it; plain http only on loopback",
    ]);
    assert.deepEqual(only("{ archive: 'https://me:secret@policies.example/acme.tar.gz' }"), [
      "5:24 C02 expected an https address without a password in it; plain http only on loopback",
    ]);
    assert.deepEqual(only("{ oci: nothing }"), [
      "5:20 C02 expected the reference of an artifact, REGISTRY/REPOSITORY:TAG or @DIGEST",
    ]);
    assert.deepEqual(only("{ git: b, credential: { file: c } }", "unsigned: true"), [
      "5:35 C02 only a registry is asked with a credential",
    ]);
  });

  test("bundles need keys that vouch for the platform's, each once and enough of them", () => {
    const archive = "{ archive: https://policies.example/acme.tar.gz }";
    assert.match(problemsOf(served(archive, "pollSeconds: 60")).join("\n"), /no key is trusted/);
    const twice = trust.replace(/\[(.*)\]/, "[$1, $1]").replace("keys", "threshold: 3, keys");
    const found = problemsOf(served(archive, twice)).join("\n");
    assert.match(found, /needs 3 signatures, and there are 2 keys/);
    assert.match(found, /a key before this one has the same id or is the same key/);
  });

  test("modes that leave a body unseen cannot be enforced, so they are refused", () => {
    const text = minimal.replace(
      "identity: acme/bot",
      "identity: acme/bot\n    bodyModes: { request: [BUFFERED, STREAMED, NONE], response: [BUFFERED_PARTIAL] }",
    );
    assert.deepEqual(problemsOf(text), [
      "4:38 C02 STREAMED cannot be enforced in requests: the request's headers would leave before its body is seen | Use BUFFERED or FULL_DUPLEX_STREAMED.",
      "4:48 C02 NONE cannot be enforced in requests: the body would pass unseen | Use BUFFERED or FULL_DUPLEX_STREAMED.",
      "4:66 C02 BUFFERED_PARTIAL cannot be enforced in responses: all but the beginning of a body would pass unseen | Use FULL_DUPLEX_STREAMED, BUFFERED, STREAMED or NONE.",
    ]);
  });

  test("a mode that does not exist is told from one that cannot be enforced", () => {
    const text = minimal.replace(
      "identity: acme/bot",
      "identity: acme/bot\n    bodyModes: { request: [BUFERED] }",
    );
    assert.deepEqual(problemsOf(text), [
      "4:28 C02 `listeners[0].bodyModes.request[0]` takes NONE, BUFFERED, BUFFERED_PARTIAL, STREAMED, FULL_DUPLEX_STREAMED | Did you mean `BUFFERED`?",
    ]);
  });

  test("policies can be too old only at an age that is given", () => {
    const strict = minimal.replace("unsigned: true", "unsigned: true\n  stale: deny");
    assert.deepEqual(problemsOf(strict), [
      "7:10 C02 no age is given at which policies are stale, so none would ever be denied | Set `policies.maxAgeSeconds` as well.",
    ]);
    const { policies } = accepted(strict.replace("stale:", "maxAgeSeconds: 3600\n  stale:"));
    assert.equal(policies.maxAgeSeconds, 3600);
  });

  const withTls = (address: string, allow: string) =>
    minimal.replace(
      "unix:run/0.sock",
      `"${address}"\n    tls: { certFile: a.pem, keyFile: /k/a.key, clientCaFile: ca.pem, allow: ${allow} }`,
    );

  test("mutual TLS opens addresses that others can reach, to those on the list", () => {
    const allow = '{ spiffe: ["spiffe://mesh.example/ns/gateway/*"], san: [gw.example] }';
    const [listener] = accepted(withTls("0.0.0.0:9002", allow)).listeners;
    assert.deepEqual(listener?.tls, {
      certFile: "/etc/chancery/a.pem",
      keyFile: "/k/a.key",
      clientCaFile: "/etc/chancery/ca.pem",
      allow: { spiffe: ["spiffe://mesh.example/ns/gateway/*"], san: ["gw.example"] },
    });
  });

  test("mutual TLS needs a list of those who may ask, and an address that speaks it", () => {
    assert.match(problemsOf(withTls("0.0.0.0:9002", "{}"))[0] ?? "", /C02 nobody is on the list/);
    const onSocket = withTls("unix:run/0.sock", "{ san: [gw.example] }");
    assert.match(problemsOf(onSocket)[0] ?? "", /C02 a proxy does not speak TLS on a Unix socket/);
  });

  for (const pattern of [
    "spiffe://*",
    "spiffe://mesh.*",
    "*",
    "https://mesh.example/",
    "spiffe://M/a",
  ]) {
    test(`${pattern} names no SPIFFE id to allow`, () => {
      const text = withTls("0.0.0.0:9002", `{ spiffe: ["${pattern}"] }`);
      assert.match(problemsOf(text)[0] ?? "", /C02 .*spiffe\[0\]` does not have the form/);
    });
  }

  test("a directory without the development flag does not load", () => {
    assert.deepEqual(problemsOf(minimal.replace("unsigned: true", "unsigned: false")), [
      "6:13 C02 a folder holds unsigned policies, which load only when that is said | Set `policies.unsigned` to true, or serve signed bundles from an archive or a registry.",
    ]);
  });

  for (const address of ["0.0.0.0:9002", "10.0.0.1:9002", "[::]:9002", "chancery.example:9002"]) {
    test(`plain TCP on ${address} is refused, because anyone could ask`, () => {
      const [problem] = problemsOf(minimal.replace("unix:run/0.sock", `"${address}"`));
      assert.match(problem ?? "", /^2:14 C02 plain TCP on/);
    });
  }

  for (const address of ["127.0.0.1:9002", "localhost:0", "[::1]:9002", "[0:0::1]:9002"]) {
    test(`plain TCP on ${address} stays on this machine, so it is accepted`, () => {
      const config = accepted(minimal.replace("unix:run/0.sock", `"${address}"`));
      assert.equal(config.listeners[0]?.address, address);
    });
  }

  for (const address of ["9002", "unix:", "127.0.0.1:", "127.0.0.1:70000", "[x]:1", "http://a:1"]) {
    test(`"${address}" is not an address`, () => {
      const [problem] = problemsOf(minimal.replace("unix:run/0.sock", `"${address}"`));
      assert.match(problem ?? "", /^2:14 C02 (expected unix:PATH|plain TCP)/);
    });
  }

  test("a socket path the kernel would not take is refused before anything starts", () => {
    const [problem] = problemsOf(minimal.replace("run/0.sock", `${"long/".repeat(20)}0.sock`));
    assert.match(problem ?? "", /^2:14 C02 the path of the socket has/);
  });

  test("two listeners cannot share an address", () => {
    const text = minimal.replace(
      "policies:\n",
      "  - { address: unix:run/0.sock, identity: a/b }\npolicies:\n",
    );
    assert.match(problemsOf(text)[0] ?? "", /^4:16 C02 another listener/);
  });

  test("a listener may leave it to the policies who is who", () => {
    const { listeners } = accepted(minimal.replace("    identity: acme/bot\n", ""));
    assert.equal(listeners[0]?.identity, undefined);
  });

  test("values of the wrong type, range or form are all told at once", () => {
    const text = `listeners:
  - address: unix:run/0.sock
    socketMode: 660
    identity: Acme
policies:
  sources: []
  unsigned: yes
limits: { jsonDepthMax: 0, jsonKeysMax: "many" }
deadlines:
drain: [1]
log: { level: inf }
audit: { origin: "" }
`;
    assert.deepEqual(problemsOf(text), [
      '3:17 C01 `listeners[0].socketMode` must be text, found a number | Write permission bits in quotes, such as "0660".',
      "4:15 C02 `listeners[0].identity` does not have the form it must have | Write TENANT/APP in lower-case letters, digits and hyphens.",
      "6:12 C02 `policies.sources` must not be empty | Say at least one thing.",
      "7:13 C01 `policies.unsigned` must be true or false, found text | Write true or false.",
      "8:25 C02 `limits.jsonDepthMax` must be at least 1 | Raise it.",
      "8:41 C01 `limits.jsonKeysMax` must be a whole number, found text | Write a whole number.",
      "9:11 C01 `deadlines` must be a mapping, found nothing | Write a mapping.",
      "10:8 C01 `drain` must be a mapping, found a list | Write a mapping.",
      "11:15 C02 `log.level` takes trace, debug, info, warn, error, fatal | Did you mean `info`?",
      "12:18 C02 `audit.origin` does not have the form it must have | Write a name of letters, digits, dots, hyphens and slashes, such as a host name.",
    ]);
  });

  test("a duplicate key, a second document and broken YAML are problems", () => {
    assert.match(
      problemsOf(`${minimal}region: a\nregion: b\n`)[0] ?? "",
      /^8:1 C01 map keys must be unique/,
    );
    assert.match(problemsOf(`${minimal}---\na: 1\n`)[0] ?? "", /^7:1 C01 .*multiple documents/);
    assert.match(problemsOf("listeners: [")[0] ?? "", /^1:13 C01 /);
  });

  test("a file that is not a mapping is one problem, not a crash", () => {
    for (const text of ["- 1", "just text", "42", "null: 1", "[[[]]]"]) {
      assert.ok(problemsOf(text).length > 0, text);
    }
  });

  test("names that mean something to JavaScript are unknown keys like any other", () => {
    const found = problemsOf(`${minimal}__proto__: { region: eu }\nconstructor: 1\n`);
    assert.equal(found.length, 2);
    for (const problem of found) assert.match(problem, / C01 unknown key /);
  });

  test("aliases work, and a bomb of them does not", () => {
    const text = `${minimal}region: &r eu\naudit: { origin: *r }\n`;
    assert.equal(accepted(text).audit.origin, "eu");
    const levels = Array.from({ length: 9 }, (_, i) => `  - &a${i + 1} [${`*a${i}, `.repeat(9)}]`);
    assert.match(
      problemsOf(`sinks:\n  - &a0 [x]\n${levels.join("\n")}\n`)[0] ?? "",
      /C01 excessive alias count/,
    );
  });
});

describe("options of the command line", () => {
  const overrides: ConfigOverrides = {
    listen: "unix:/run/up.sock",
    policies: "/srv/policies",
    identity: "demo/demo",
    unsigned: true,
    state: "/srv/state",
    admin: "127.0.0.1:0",
  };

  test("they are enough without any file", () => {
    const { config, problems } = defaultConfig(overrides);
    assert.deepEqual(problems, []);
    assert.equal(config?.listeners[0]?.address, "unix:/run/up.sock");
    assert.deepEqual(config?.listeners[0]?.identity, { tenant: "demo", app: "demo" });
    assert.deepEqual(config?.policies.sources, [{ kind: "directory", directory: "/srv/policies" }]);
    assert.equal(config?.policies.unsigned, true);
    assert.equal(config?.stateDir, "/srv/state");
    assert.equal(config?.admin.address, "127.0.0.1:0");
  });

  test("they replace keys of the file and leave the others", () => {
    const text = minimal.replace(
      "identity: acme/bot",
      'socketMode: "0600"\n    identity: acme/bot',
    );
    const config = accepted(`${text}region: eu\n`, { listen: "127.0.0.1:0", policies: "/p" });
    assert.equal(config.listeners.length, 1);
    assert.equal(config.listeners[0]?.address, "127.0.0.1:0");
    assert.equal(config.listeners[0]?.socketMode, 0o600);
    assert.deepEqual(config.policies.sources, [{ kind: "directory", directory: "/p" }]);
    assert.equal(config.region, "eu");
  });

  test("a problem in one of them is told as the command line's", () => {
    const { config, problems } = parse(minimal, { identity: "ACME" });
    assert.equal(config, undefined);
    assert.deepEqual(
      problems.map(({ file, line, column }) => ({ file, line, column })),
      [{ file: "command line", line: 0, column: 0 }],
    );
  });

  test("over a file of the wrong shape they change nothing and nothing breaks", () => {
    for (const text of ["[]", "policies: []", "admin: x\nlisteners: [1]"]) {
      assert.equal(parse(text, overrides).config, undefined, text);
    }
  });
});

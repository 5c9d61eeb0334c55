import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseConfig } from "./config.ts";

const minimal = `listeners:
  - address: unix:run/0.sock
policies:
  sources: [{ directory: policies }]
  unsigned: true
`;

function parse(rootKey: string) {
  const text = `${minimal}audit: { rootKey: { ${rootKey} } }\n`;
  return parseConfig({ path: "/etc/chancery/chancery.yaml", text });
}

function problemsOf(rootKey: string): readonly string[] {
  return parse(rootKey).problems.map(
    ({ code, column, hint, line, message }) => `${line}:${column} ${code} ${message} | ${hint}`,
  );
}

const service = 'kms: "hashivault://audit-root"';
const reached = 'address: "https://vault.example:8200", tokenFile: vault.token';

describe("the root key in the configuration", () => {
  test("is a key in a service, with how to reach it", () => {
    const { config, problems } = parse(
      `${service}, ${reached}, version: 3, mount: team/transit, namespace: platform/audit, tls: { caFile: ca.pem }, name: gov.acme.example/root`,
    );
    assert.deepEqual(problems, []);
    assert.deepEqual(config?.audit.rootKey, {
      kind: "transit",
      name: "gov.acme.example/root",
      transit: {
        address: "https://vault.example:8200",
        tokenFile: "/etc/chancery/vault.token",
        tls: { caFile: "/etc/chancery/ca.pem", certFile: undefined, keyFile: undefined },
        key: "audit-root",
        mount: "team/transit",
        namespace: "platform/audit",
        version: 3,
      },
    });
  });

  test("is in the usual mount, and its only version, where nothing else is said", () => {
    assert.deepEqual(parse(`${service}, ${reached}`).config?.audit.rootKey, {
      kind: "transit",
      name: undefined,
      transit: {
        address: "https://vault.example:8200",
        tokenFile: "/etc/chancery/vault.token",
        tls: { caFile: undefined, certFile: undefined, keyFile: undefined },
        key: "audit-root",
        mount: "transit",
        namespace: undefined,
        version: undefined,
      },
    });
  });

  test("is a file or a service, and a file is nothing but one", () => {
    const hint =
      "Write { file: root.key } or { kms: hashivault://KEY, address: URL, tokenFile: FILE }.";
    assert.deepEqual(problemsOf("name: n"), [
      `6:19 C02 expected one of \`file\` and \`kms\` | ${hint}`,
    ]);
    assert.deepEqual(problemsOf(`file: f, ${service}, ${reached}`), [
      `6:19 C02 expected one of \`file\` and \`kms\` | ${hint}`,
    ]);
    assert.deepEqual(problemsOf("file: f, version: 2"), [
      "6:39 C02 a file has none of this | Leave it out.",
    ]);
    assert.match(problemsOf("file: f, name: a b")[0] ?? "", /a key is called by letters/);
  });

  test("names what of the way is missing", () => {
    assert.deepEqual(problemsOf(service), [
      "6:19 C02 expected a `tokenFile` | Name the file with the token, which an agent may renew.",
      "6:19 C02 expected the `address` of the service | Write https://vault.example:8200, for example.",
    ]);
  });

  test("in a service that cannot be used names those that can", () => {
    for (const scheme of ["awskms", "gcpkms", "azurekms"]) {
      const [problem, ...more] = problemsOf(`kms: "${scheme}:///alias/root", ${reached}`);
      assert.equal(
        problem,
        `6:26 C02 keys behind ${scheme}:// cannot be used; those of HashiCorp Vault and OpenBao can, as hashivault://KEY | Write hashivault:// and the name of a Transit key.`,
      );
      assert.deepEqual(more, []);
    }
    for (const text of ["audit-root", "hashivault://", "hashivault://a/b", "hashivault://.."]) {
      assert.match(
        problemsOf(`kms: "${text}", ${reached}`)[0] ?? "",
        /expected a reference to a key, such as hashivault:\/\/audit-root/,
      );
    }
  });

  test("is reached over TLS, by an address that holds no secret and leads nowhere else", () => {
    const told = (address: string) =>
      problemsOf(`${service}, address: "${address}", tokenFile: t`)[0] ?? "";
    for (const good of ["https://vault.example", "http://127.0.0.1:8200", "http://[::1]:8200/"]) {
      assert.equal(told(good), "");
    }
    for (const bad of [
      "http://vault.example:8200",
      "https://user:secret@vault.example",
      "https://vault.example/v1",
      "https://vault.example/?a",
      "unix:/run/vault.sock",
      "vault",
    ]) {
      assert.match(told(bad), /C02 expected an https address without user, path and query/);
    }
    const lone = problemsOf(`${service}, ${reached}, tls: { certFile: c.pem }`);
    assert.match(lone[0] ?? "", /`certFile` and `keyFile` go together/);
    const mounted = problemsOf(`${service}, ${reached}, mount: "../sys"`);
    assert.match(mounted[0] ?? "", /mount/);
  });
});

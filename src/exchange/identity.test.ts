import assert from "node:assert/strict";
import { createSecretKey } from "node:crypto";
import { describe, test } from "node:test";
import { setExchangeStage, stageSnapshot } from "../../test/support/exchange-stage.ts";
import { FakeProxy } from "../../test/support/fake-proxy.ts";
import { Fault } from "../base/index.ts";
import type { IdentityDirectory, MetadataFields } from "../domain/index.ts";
import { pseudonymOf } from "../identity/index.ts";
import type { ExchangeDeps } from "./index.ts";

const key = { number: 202611, secret: createSecretKey(Buffer.alloc(32, 7)) };
const issuer = "https://id.acme.example";
const workload = "spiffe://acme.example/bot";
const ann = { sub: "ann@acme.example", iss: issuer, tenant: "acme", app: "bot" };

const directory: IdentityDirectory = {
  declarations: [
    {
      source: "jwt",
      metadataKey: "chancery",
      claims: {
        principal: "sub",
        tenant: "tenant",
        app: "app",
        groups: "groups",
        roles: "roles",
      },
    },
    { source: "mtls" },
  ],
  hasTenant: (tenant) => tenant === "acme",
  hasApp: (tenant, app) => tenant === "acme" && app === "bot",
  tenantsOf: () => ["acme"],
  allows: () => true,
  appsOf: () => ["bot"],
};

/** A listener for several callers, under the policies of the stage. */
function setStage(changes: Partial<ExchangeDeps> = {}) {
  return setExchangeStage({
    identity: undefined,
    snapshot: () => ({ ...stageSnapshot(), identity: directory }),
    pseudonymKey: () => key,
    ...changes,
  });
}

type Stage = ReturnType<typeof setStage>;

const body = JSON.stringify({ model: "large", messages: [{ role: "user", content: "hi" }] });

interface Caller {
  readonly claims?: MetadataFields;
  readonly workload?: string;
  readonly path?: string;
  readonly isObservability?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

function ask(stage: Stage, caller: Caller): FakeProxy {
  const { claims, path = "/v1/chat/completions", isObservability = false } = caller;
  const proxy = new FakeProxy(stage.open, { isObservability });
  const attributes = new Map<string, string | boolean>();
  if (caller.workload !== undefined) {
    attributes.set("connection.mtls", true);
    attributes.set("connection.uri_san_peer_certificate", caller.workload);
  }
  const headers = { ":method": "POST", ":path": path, ...caller.headers };
  return proxy.event({
    kind: "request_headers",
    headers: Object.entries(headers).map(([name, value]) => ({ name, value })),
    endOfStream: false,
    attributes,
    ...(claims === undefined ? {} : { metadata: () => ({ chancery: claims }) }),
  });
}

describe("a caller with a verified token", () => {
  test("is judged as itself and recorded under a pseudonym", () => {
    const stage = setStage();
    const claims = { ...ann, groups: ["support"], roles: ["lead"], secret: "in no record" };
    ask(stage, { claims, workload }).requestBody(body);
    const [decision] = stage.records;
    assert.equal(decision?.outcome, "permit");
    assert.equal(decision?.["tenant"], "acme");
    assert.equal(decision?.["app"], "bot");
    assert.deepEqual(decision?.["principal"], {
      kind: "composite",
      ref: pseudonymOf(key, { tenant: "acme", issuer, subject: ann.sub }),
      auth: "jwt",
      issuer,
      groups: ["support"],
      roles: ["lead"],
      actor: { kind: "workload", ref: workload },
    });
    const facts = decision?.["facts"] as Readonly<Record<string, unknown>>;
    assert.equal(facts["principal.authn.mtls"], true);
    assert.equal(facts["principal.authn.mfa"], false);
    assert.doesNotMatch(JSON.stringify(stage.records), /ann@|in no record/);
  });

  test("has groups and roles on record, but no address or secret among them", () => {
    const stage = setStage();
    const address = "jane.roe@example.org";
    ask(stage, { claims: { ...ann, groups: ["support", address], roles: [address] } }).requestBody(
      body,
    );
    const principal = stage.records[0]?.["principal"] as Readonly<Record<string, unknown>>;
    const hidden = pseudonymOf(key, { tenant: "acme", issuer, subject: address });
    assert.deepEqual(
      principal["groups"],
      [address, "support"].map((name) => (name === address ? hidden : name)),
    );
    assert.deepEqual(principal["roles"], [hidden]);
  });

  test("is not passed on when the pseudonym's key cannot be had", () => {
    const stage = setStage({
      pseudonymKey: () => {
        throw new Fault("audit_unavailable", "expected a key");
      },
    });
    const proxy = ask(stage, { claims: ann }).requestBody(body);
    assert.equal(proxy.immediate?.status, 503);
    assert.equal(proxy.request.body.length, 0);
  });
});

test("a workload is recorded by its own id", () => {
  const stage = setStage();
  ask(stage, { workload }).requestBody(body);
  assert.deepEqual(stage.records[0]?.["principal"], {
    kind: "workload",
    ref: workload,
    auth: "mtls",
  });
});

describe("a caller who is not proven", () => {
  test("is refused before its body is waited for, in its own format, on record", () => {
    for (const [path, type] of [
      ["/v1/chat/completions", "authentication_error"],
      ["/v1/messages", "authentication_error"],
    ] as const) {
      const stage = setStage();
      const proxy = ask(stage, { path, claims: { ...ann, app: "other" } });
      assert.equal(proxy.immediate?.status, 401);
      const refusal = JSON.parse(proxy.immediate.body.toString());
      assert.equal(refusal.error.type, type);
      assert.equal(refusal.type, path.endsWith("messages") ? "error" : undefined);
      const [record] = stage.records;
      assert.equal(record?.reason, "identity_unresolved");
      assert.equal(record?.outcome, "deny");
      assert.equal(record?.final, true);
      assert.equal(record?.["principal"], undefined);
      assert.equal(record?.["tenant"], undefined);
      assert.equal(stage.records.length, 1);
    }
  });

  test("is told nothing but that", () => {
    const stage = setStage();
    const proxy = ask(stage, { claims: { ...ann, tenant: "globex" } });
    assert.doesNotMatch(proxy.immediate?.body.toString() ?? "", /globex|acme|ann/);
  });

  test("gets no list of models", () => {
    const stage = setStage();
    const proxy = new FakeProxy(stage.open);
    proxy.requestHeaders({ ":method": "GET", ":path": "/v1/models" }, true);
    assert.notEqual(proxy.immediate, undefined);
  });

  test("is recorded as denied where the proxy only observes", () => {
    const stage = setStage();
    ask(stage, { isObservability: true }).requestBody(body);
    assert.equal(stage.records[0]?.reason, "identity_unresolved");
  });
});

describe("a provider's credential", () => {
  const credentialOf: ExchangeDeps["credentialOf"] = (provider) =>
    provider === "cloud" ? { name: "x-api-key", value: "the provider's own" } : undefined;
  const headers = { authorization: "Bearer caller-key", "api-key": "caller-key" };

  test("takes the place of whatever the caller sent, and stands in no record", () => {
    const stage = setStage({ credentialOf });
    const proxy = ask(stage, { claims: ann, headers }).requestBody(body);
    assert.equal(proxy.request.header("x-api-key"), "the provider's own");
    const { remove } = proxy.request.headerEdits;
    for (const name of ["authorization", "api-key", "x-goog-api-key"]) {
      assert.ok(remove.includes(name), name);
    }
    assert.ok(!remove.includes("x-api-key"));
    assert.doesNotMatch(JSON.stringify(stage.records), /provider's own|caller-key/);
  });

  test("is not sent to another provider, whose caller's own passes", () => {
    const stage = setStage({ credentialOf });
    const proxy = ask(stage, { claims: ann, headers });
    proxy.requestBody(body.replace("large", "fast"));
    assert.equal(proxy.request.header("x-chancery-provider"), "local");
    assert.equal(proxy.request.header("x-api-key"), undefined);
    assert.ok(!proxy.request.headerEdits.remove.includes("authorization"));
  });
});

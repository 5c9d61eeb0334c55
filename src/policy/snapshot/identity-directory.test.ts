import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { IdentityDirectory } from "../../domain/index.ts";
import { loadSnapshot, type PolicyFile } from "../index.ts";

type Spec = Readonly<Record<string, unknown>>;

function file(namespace: string, kind: string, name: string, spec: Spec): PolicyFile {
  const text = { apiVersion: "chancery/v1alpha1", kind, metadata: { name, namespace }, spec };
  return { path: `${namespace}/${kind}-${name}.json`, namespace, text: JSON.stringify(text) };
}

function load(...files: readonly PolicyFile[]): IdentityDirectory {
  const { snapshot, problems } = loadSnapshot(files, { engineVersion: "1.0.0" });
  assert.deepEqual(problems, []);
  assert.ok(snapshot);
  return snapshot.identity;
}

const declared = (identity: readonly Spec[]) =>
  load(file("platform", "Platform", "platform", { identity })).declarations;

describe("the identity sources", () => {
  it("have the defaults of the policy model, in the order written", () => {
    const claims = {
      principal: "sub",
      tenant: "tenant",
      app: "app",
      groups: "groups",
      roles: "roles",
    };
    const trustedHop = "spiffe://mesh.example/edge";
    const sources = [
      { source: "jwt" },
      { source: "mtls" },
      { source: "xfcc", trustedHop },
      { source: "extAuthz" },
      { source: "header" },
      { source: "static" },
    ];
    assert.deepEqual(declared(sources), [
      { source: "jwt", metadataKey: "chancery", claims },
      { source: "mtls" },
      { source: "xfcc", trustedHop },
      { source: "extAuthz", namespace: "envoy.filters.http.ext_authz", claims },
      {
        source: "header",
        headers: {
          principal: "x-user",
          tenant: "x-tenant",
          app: "x-app",
          groups: "x-groups",
        },
      },
    ]);
  });

  it("keep what is written, headers in lower case", () => {
    const [jwt, header] = declared([
      { source: "jwt", metadataKey: "idp", claims: { principal: "email" } },
      { source: "header", headers: { principal: "X-Who" } },
    ]);
    assert.ok(jwt?.source === "jwt" && header?.source === "header");
    assert.equal(jwt.metadataKey, "idp");
    assert.deepEqual([jwt.claims.principal, jwt.claims.tenant], ["email", "tenant"]);
    assert.deepEqual([header.headers.principal, header.headers.app], ["x-who", "x-app"]);
  });

  it("are none where none is declared", () => {
    assert.deepEqual(load().declarations, []);
    assert.deepEqual(declared([]), []);
  });
});

describe("tenants", () => {
  const tenant = (name: string, identities: Spec) =>
    file("platform", "Tenant", name, { identities });
  const directory = load(
    tenant("acme", {
      issuers: ["https://id.acme.example"],
      workloads: ["spiffe://acme.example/*", "spiffe://shared.example/acme"],
    }),
    tenant("globex", { issuers: ["https://globex.example/*"] }),
    tenant("open", {}),
  );
  const issuer = "https://id.acme.example";
  const workload = "spiffe://acme.example/ns/a/sa/b";

  it("are found by issuer and by workload", () => {
    assert.deepEqual(directory.tenantsOf({ issuer }), ["acme"]);
    assert.deepEqual(directory.tenantsOf({ workload }), ["acme"]);
    assert.deepEqual(directory.tenantsOf({ workload: "spiffe://shared.example/acme" }), ["acme"]);
    assert.deepEqual(directory.tenantsOf({ issuer: "https://globex.example/realm" }), ["globex"]);
    assert.deepEqual(directory.tenantsOf({ issuer, workload }), ["acme"]);
  });

  it("are not found by what merely looks alike, or by nothing", () => {
    assert.deepEqual(directory.tenantsOf({ issuer: `${issuer}/` }), []);
    assert.deepEqual(directory.tenantsOf({ workload: "spiffe://acme.example.evil/a" }), []);
    assert.deepEqual(directory.tenantsOf({}), []);
  });

  it("are both named where an issuer and a workload disagree", () => {
    const facts = { issuer: "https://globex.example/realm", workload };
    assert.deepEqual(directory.tenantsOf(facts), ["acme", "globex"]);
  });

  it("that were named are contradicted by facts they do not list", () => {
    assert.equal(directory.allows("acme", { issuer, workload }), true);
    assert.equal(directory.allows("acme", {}), true);
    assert.equal(directory.allows("acme", { issuer: "https://elsewhere.example" }), false);
    assert.equal(directory.allows("acme", { issuer, workload: "spiffe://other/x" }), false);
    assert.equal(directory.allows("nobody", { issuer }), false);
    assert.equal(directory.allows("constructor", {}), false);
  });

  it("that list none take any caller but one that another tenant claims", () => {
    assert.equal(directory.allows("open", { issuer: "https://elsewhere.example" }), true);
    assert.equal(directory.allows("open", { issuer }), false);
    assert.equal(directory.allows("globex", { workload }), false);
  });

  it("are declared by their document, apps by theirs", () => {
    const known = load(tenant("acme", {}), file("acme", "App", "chat", {}));
    assert.equal(known.hasTenant("acme"), true);
    assert.equal(known.hasTenant("toString"), false);
    assert.equal(known.hasApp("acme", "chat"), true);
    assert.equal(known.hasApp("acme", "desk"), false);
    assert.equal(known.hasApp("nobody", "chat"), false);
  });
});

describe("apps", () => {
  const app = (name: string, selectors: Spec) => file("acme", "App", name, { selectors });
  const directory = load(
    file("platform", "Tenant", "acme", {}),
    app("chat", { workloads: ["spiffe://acme.example/chat/*"], clients: ["web"] }),
    app("desk", { routes: ["desk*"], clients: ["terminal"] }),
    app("plain", {}),
  );
  const workload = "spiffe://acme.example/chat/1";

  it("are found by workload, else by client, else by route", () => {
    assert.deepEqual(directory.appsOf("acme", { workload }), ["chat"]);
    assert.deepEqual(directory.appsOf("acme", { client: "terminal" }), ["desk"]);
    assert.deepEqual(directory.appsOf("acme", { route: "desk-eu" }), ["desk"]);
    assert.deepEqual(directory.appsOf("acme", { workload, client: "terminal" }), ["chat"]);
    assert.deepEqual(
      directory.appsOf("acme", { workload: "spiffe://x/y", client: "web", route: "desk" }),
      ["chat"],
    );
  });

  it("are none where nothing fits", () => {
    assert.deepEqual(directory.appsOf("acme", {}), []);
    assert.deepEqual(directory.appsOf("acme", { client: "other", route: "chat" }), []);
    assert.deepEqual(directory.appsOf("nobody", { client: "web" }), []);
  });
});

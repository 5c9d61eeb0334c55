import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type {
  Identity,
  IdentityClaims,
  IdentityDeclaration,
  IdentityDirectory,
} from "../domain/index.ts";
import { type CallerEvidence, parseStaticIdentity, resolveIdentity } from "./index.ts";

const claims: IdentityClaims = {
  principal: "sub",
  tenant: "tenant",
  app: "app",
  groups: "groups",
  roles: "roles",
};
const jwt: IdentityDeclaration = { source: "jwt", metadataKey: "chancery", claims };
const mtls: IdentityDeclaration = { source: "mtls" };
const hop = "spiffe://edge.example/gateway";
const xfcc: IdentityDeclaration = { source: "xfcc", trustedHop: hop };
const header: IdentityDeclaration = {
  source: "header",
  headers: { principal: "x-user", tenant: "x-tenant", app: "x-app", groups: "x-groups" },
};
const extAuthz: IdentityDeclaration = { source: "extAuthz", namespace: "authz", claims };

const bot = "spiffe://acme.example/bot";
const acmeIssuer = "https://id.acme.example";

/** Two tenants with an issuer each; acme's bot is known by its workload, client and route. */
function directory(...declarations: readonly IdentityDeclaration[]): IdentityDirectory {
  const issuers: Readonly<Record<string, string>> = {
    acme: acmeIssuer,
    globex: "https://id.globex.example",
  };
  return {
    declarations,
    hasTenant: (tenant) => Object.hasOwn(issuers, tenant),
    hasApp: (tenant, app) => Object.hasOwn(issuers, tenant) && ["bot", "desk"].includes(app),
    tenantsOf: ({ issuer, workload }) =>
      Object.keys(issuers).filter(
        (tenant) => issuers[tenant] === issuer || workload?.includes(`://${tenant}.`),
      ),
    allows: (tenant, { issuer }) => issuer === undefined || issuers[tenant] === issuer,
    appsOf: (_, { client, route, workload }) => {
      if (workload === bot || client === "bot-client" || route === "bot-route") return ["bot"];
      return client === "shared" ? ["bot", "desk"] : [];
    },
  };
}

const plain: CallerEvidence = { headers: [], attributes: new Map() };

function token(payload: Readonly<Record<string, unknown>>): CallerEvidence {
  const namespaces = { "envoy.filters.http.jwt_authn": { chancery: payload } };
  return {
    ...plain,
    metadata: (name) => Object.entries(namespaces).find(([n]) => n === name)?.[1],
  };
}

function peer(uri: string, more: Readonly<Record<string, boolean>> = {}): CallerEvidence {
  const attributes = new Map<string, string | boolean>([
    ["connection.mtls", true],
    ["connection.uri_san_peer_certificate", uri],
    ...Object.entries(more),
  ]);
  return { ...plain, attributes };
}

const fields = (lines: readonly (readonly [string, string])[]) =>
  lines.map(([name, value]) => ({ name, value }));

const all = new Set(["x-user", "x-tenant", "x-app", "x-groups"]);

function resolve(
  evidence: CallerEvidence,
  declarations: readonly IdentityDeclaration[],
  listener: { readonly fixed?: Identity; readonly stripsHeaders?: ReadonlySet<string> } = {},
): Identity | undefined {
  const { fixed, stripsHeaders = new Set() } = listener;
  return resolveIdentity(evidence, { fixed, stripsHeaders }, directory(...declarations));
}

const ann = { sub: "ann", iss: acmeIssuer, tenant: "acme", app: "bot" };

describe("a verified token", () => {
  test("names principal, tenant, app, groups and roles by its claims", () => {
    const payload = { ...ann, groups: ["b", "a", "b"], roles: "lead", amr: ["pwd", "mfa"] };
    assert.deepEqual(resolve(token(payload), [jwt]), {
      tenant: "acme",
      app: "bot",
      source: "jwt",
      principal: {
        id: "ann",
        kind: "user",
        issuer: acmeIssuer,
        groups: ["a", "b"],
        roles: ["lead"],
        claims: payload,
        authn: { mtls: false, mfa: true },
      },
    });
  });

  test("whose subject is a SPIFFE id is a workload", () => {
    const found = resolve(token({ ...ann, sub: bot }), [jwt]);
    assert.equal(found?.principal.kind, "workload");
  });

  test("that names no tenant belongs to the one whose issuer it is", () => {
    const { tenant, ...rest } = ann;
    assert.equal(resolve(token(rest), [jwt])?.tenant, "acme");
  });

  test("that names a tenant of another issuer is not believed", () => {
    assert.equal(resolve(token({ ...ann, tenant: "globex" }), [jwt]), undefined);
  });

  for (const [what, payload] of [
    ["a tenant nobody declared", { ...ann, tenant: "initech", iss: undefined }],
    ["an app nobody declared", { ...ann, app: "other" }],
    ["no subject", { ...ann, sub: undefined }],
    ["an empty subject", { ...ann, sub: "" }],
    ["a tenant that is a list", { ...ann, tenant: ["acme"] }],
    ["a group that is no text", { ...ann, groups: ["a", 7] }],
    ["two clients", { ...ann, azp: "a", client_id: "b" }],
    ["no tenant and an issuer nobody claims", { sub: "ann", iss: "https://x.example", app: "bot" }],
  ] as const) {
    test(`with ${what} proves nobody`, () => {
      assert.equal(resolve(token(payload), [jwt]), undefined);
    });
  }

  test("of a tenant nobody declared is not believed, even where an app of that name is known", () => {
    const lax = { ...directory(jwt), hasApp: () => true, allows: () => true };
    const listener = { fixed: undefined, stripsHeaders: new Set<string>() };
    assert.equal(resolveIdentity(token({ ...ann, tenant: "initech" }), listener, lax), undefined);
  });

  test("that names no app belongs to the one that selects its client, or the route", () => {
    const { app, ...rest } = ann;
    assert.equal(resolve(token({ ...rest, azp: "bot-client" }), [jwt])?.app, "bot");
    assert.equal(resolve(token({ ...rest, client_id: "bot-client" }), [jwt])?.app, "bot");
    const routed = { ...token(rest), attributes: new Map([["xds.route_name", "bot-route"]]) };
    assert.equal(resolve(routed, [jwt])?.app, "bot");
    assert.equal(resolve(token(rest), [jwt]), undefined, "no app selects it");
    assert.equal(resolve(token({ ...rest, azp: "shared" }), [jwt]), undefined, "two apps do");
  });

  test("in a header proves nothing: only what the proxy verified counts", () => {
    const headers = fields([["authorization", "Bearer eyJhbGciOiJub25lIn0.e30."]]);
    assert.equal(resolve({ ...plain, headers }, [jwt]), undefined);
  });

  test("whose claims cannot be read is not taken for none", () => {
    const evidence: CallerEvidence = { ...peer(bot), metadata: () => "unreadable" };
    assert.equal(resolve(evidence, [jwt, mtls]), undefined);
    const odd: CallerEvidence = { ...peer(bot), metadata: () => ({ chancery: "text" }) };
    assert.equal(resolve(odd, [jwt, mtls]), undefined);
    assert.equal(resolve(peer(bot), [jwt, mtls])?.tenant, "acme");
  });
});

describe("a client certificate", () => {
  test("is the workload of its SPIFFE id", () => {
    assert.deepEqual(resolve(peer(bot), [mtls]), {
      tenant: "acme",
      app: "bot",
      source: "mtls",
      principal: { id: bot, kind: "workload", authn: { mtls: true, mfa: false } },
    });
  });

  test("beside a token is the actor of the token's subject", () => {
    const both = { ...token(ann), attributes: peer(bot).attributes };
    const found = resolve(both, [mtls, jwt]);
    assert.equal(found?.source, "jwt");
    assert.equal(found?.principal.id, "ann");
    assert.equal(found?.principal.kind, "composite");
    assert.deepEqual(found?.principal.actor, { id: bot });
    assert.deepEqual(found?.principal.authn, { mtls: true, mfa: false });
  });

  test("of one tenant beside a token of another proves nobody", () => {
    const { tenant, ...unnamed } = ann;
    const both = { ...token(unnamed), attributes: peer("spiffe://globex.example/x").attributes };
    assert.equal(resolve(both, [mtls, jwt]), undefined);
  });

  for (const [what, evidence] of [
    [
      "without mutual TLS",
      { ...plain, attributes: new Map([["connection.uri_san_peer_certificate", bot]]) },
    ],
    ["that Envoy did not find valid", peer(bot, { "connection.peer_certificate_valid": false })],
    ["whose URI is no SPIFFE id", peer("https://acme.example/bot")],
    ["whose SPIFFE id is malformed", peer("spiffe://acme.example/../bot")],
  ] as const) {
    test(`${what} proves nobody`, () => {
      assert.equal(resolve(evidence, [mtls]), undefined);
    });
  }

  test("whose SPIFFE id is malformed is not overlooked beside a token", () => {
    const both = { ...token(ann), attributes: peer("SPIFFE://ACME/bot").attributes };
    assert.equal(resolve(both, [mtls, jwt]), undefined);
  });
});

describe("a forwarded client certificate", () => {
  const forwarded = (value: string, from = hop): CallerEvidence => ({
    ...peer(from),
    headers: fields([["x-forwarded-client-cert", value]]),
  });

  test("counts from the trusted hop, whose own certificate is not the caller's", () => {
    const found = resolve(forwarded(`By=${hop};Hash=ab;URI=${bot}`), [mtls, xfcc]);
    assert.equal(found?.principal.id, bot);
    assert.equal(found?.source, "xfcc");
  });

  test("is the last element, which the hop wrote, whatever stands before it", () => {
    const victim = "spiffe://globex.example/x";
    for (const before of [`URI=${victim}`, `Subject="a,URI=${victim};b";URI=${victim}`]) {
      const found = resolve(forwarded(`${before},URI=${bot}`), [xfcc]);
      assert.equal(found?.principal.id, bot);
    }
  });

  test("inside the quotes of a subject is no element of its own", () => {
    const subject = `"CN=\\"x\\",URI=spiffe://globex.example/x"`;
    assert.equal(resolve(forwarded(`Subject=${subject};URI=${bot}`), [xfcc])?.tenant, "acme");
  });

  for (const [what, evidence] of [
    ["from another peer", forwarded(`URI=${bot}`, "spiffe://acme.example/other")],
    ["from a client without a certificate", { ...forwarded(`URI=${bot}`), attributes: new Map() }],
    ["written by another proxy", forwarded(`By=spiffe://evil.example/x;URI=${bot}`)],
    ["with two SPIFFE ids", forwarded(`URI=${bot};URI=spiffe://acme.example/desk`)],
    ["without a URI", forwarded("Hash=ab")],
    ["of the hop itself", forwarded(`URI=${bot},URI=${hop}`)],
    ["whose quotes do not close", forwarded(`URI=${bot},Subject="x`)],
    ["that is empty", forwarded("")],
  ] as const) {
    test(`${what} proves nobody`, () => {
      assert.equal(resolve(evidence, [xfcc]), undefined);
    });
  }

  test("in two headers is not chosen from", () => {
    const headers = fields([
      ["x-forwarded-client-cert", `URI=${bot}`],
      ["x-forwarded-client-cert", `URI=${bot}`],
    ]);
    assert.equal(resolve({ ...peer(hop), headers }, [xfcc]), undefined);
  });

  test("that a client forged leaves its own certificate in force", () => {
    const found = resolve(forwarded("URI=spiffe://globex.example/x", bot), [mtls, xfcc]);
    assert.equal(found?.principal.id, bot);
    assert.equal(found?.source, "mtls");
  });
});

describe("identity headers", () => {
  const said = (...lines: readonly (readonly [string, string])[]): CallerEvidence => ({
    ...plain,
    headers: fields(lines),
  });
  const complete = [
    ["x-user", "ann"],
    ["x-tenant", "acme"],
    ["x-app", "bot"],
    ["x-groups", "b, a"],
  ] as const;

  test("count on a listener whose proxy strips all of them", () => {
    const found = resolve(said(...complete), [header], { stripsHeaders: all });
    assert.deepEqual(found, {
      tenant: "acme",
      app: "bot",
      source: "header",
      principal: {
        id: "ann",
        kind: "user",
        groups: ["a", "b"],
        authn: { mtls: false, mfa: false },
      },
    });
  });

  for (const missing of all) {
    test(`count for nothing where ${missing} is not stripped`, () => {
      const stripsHeaders = new Set([...all].filter((name) => name !== missing));
      assert.equal(resolve(said(...complete), [header], { stripsHeaders }), undefined);
    });
  }

  for (const name of ["x-user", "x-tenant", "x-app"]) {
    test(`are refused when ${name} comes twice, even with one value, or joined`, () => {
      const [, value = ""] = complete.find(([known]) => known === name) ?? [];
      const twice = said(...complete, [name, value]);
      assert.equal(resolve(twice, [header], { stripsHeaders: all }), undefined);
      const others = complete.filter(([known]) => known !== name);
      const joined = said(...others, [name, `${value},${value}`]);
      assert.equal(resolve(joined, [header], { stripsHeaders: all }), undefined);
    });
  }

  test("that differ from a token prove nobody, each part for itself", () => {
    for (const [name, value] of [
      ["x-user", "bob"],
      ["x-tenant", "globex"],
      ["x-app", "desk"],
      ["x-groups", "admins"],
    ] as const) {
      const evidence = { ...token({ ...ann, groups: [] }), ...said([name, value]) };
      const both = {
        ...evidence,
        metadata: token({ ...ann, groups: [] }).metadata,
      } as CallerEvidence;
      assert.equal(resolve(both, [jwt, header], { stripsHeaders: all }), undefined, name);
    }
  });

  test("that agree with a token change nothing", () => {
    const evidence = { ...token(ann), ...said(["x-user", "ann"], ["x-app", "bot"]) };
    const found = resolve(evidence, [jwt, header], { stripsHeaders: all });
    assert.deepEqual(found, resolve(token(ann), [jwt]));
  });
});

test("external authorization speaks for itself, in its own namespace", () => {
  const evidence: CallerEvidence = {
    ...plain,
    metadata: (name) => (name === "authz" ? ann : undefined),
  };
  const found = resolve(evidence, [extAuthz]);
  assert.equal(found?.source, "extAuthz");
  assert.equal(found?.principal.id, "ann");
});

describe("a listener that serves one app", () => {
  const fixed = parseStaticIdentity("acme/bot");
  assert.ok(fixed !== undefined);

  test("is who asks where no other source is present", () => {
    assert.equal(resolve(plain, [jwt, mtls], { fixed }), fixed);
    assert.equal(resolve(plain, [], { fixed }), fixed);
  });

  test("keeps tenant and app, while the principal is the caller's", () => {
    const found = resolve(token(ann), [jwt], { fixed });
    assert.equal(found?.principal.id, "ann");
    assert.equal(found?.source, "jwt");
  });

  test("does not serve the token of another tenant or app", () => {
    const other = { ...ann, tenant: "globex", iss: "https://id.globex.example" };
    assert.equal(resolve(token(other), [jwt], { fixed }), undefined);
    assert.equal(resolve(token({ ...ann, app: "desk" }), [jwt], { fixed }), undefined);
  });
});

test("where no source is declared nobody is proven", () => {
  assert.equal(resolve(token(ann), []), undefined);
});

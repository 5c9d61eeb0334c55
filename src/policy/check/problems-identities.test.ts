import { document, tenantFile, testProblems } from "../../../test/support/problem-cases.ts";

const identity = (entries: string) =>
  document("Platform", "platform", "platform", `{ identity: [${entries}] }`);
const tenants = (first: string, second: string) =>
  [
    document("Tenant", "beta", "platform", `{ identities: { ${first} } }`),
    document("Tenant", "gamma", "platform", `{ identities: { ${second} } }`),
  ].join("---\n");

testProblems("who a caller is", [
  {
    claim: "a forwarded certificate needs somebody to trust",
    problem: "E01 the source `xfcc` lacks `trustedHop`",
    hint: "Add `trustedHop:` with the SPIFFE id of the proxy that sets the header.",
    wrong: identity("{ source: «xfcc }"),
    clean: identity('{ source: xfcc, trustedHop: "spiffe://mesh.example/edge" }'),
  },
  {
    claim: "a trusted hop is one workload",
    problem: "E01 `trustedHop` must be a SPIFFE id, found `spiffe://mesh.example/*`",
    hint: "Write it like `spiffe://mesh.example/ns/edge/sa/gateway`.",
    wrong: identity('{ source: xfcc, trustedHop: «"spiffe://mesh.example/*" }'),
    clean: identity('{ source: xfcc, trustedHop: "spiffe://mesh.example" }'),
  },
  {
    claim: "an unknown identity source is named with those there are",
    problem:
      "E01 `source` must be one of static, mtls, xfcc, jwt, extAuthz, header, found `cookie`",
    hint: "Write one of them.",
    wrong: identity("{ source: «cookie }"),
    clean: identity("{ source: jwt }"),
  },
  {
    claim: "a source takes its own settings only",
    problem: "E01 the source `mtls` takes no `claims`",
    hint: "Remove it; this source has no settings.",
    wrong: identity("{ source: mtls, «claims: {} }"),
    clean: identity("{ source: jwt, claims: {} }"),
  },
  {
    claim: "a header stands for one part of an identity",
    problem: "E07 the header `x-user` stands for two parts of an identity",
    hint: "Give each part a header of its own.",
    wrong: identity("{ source: header, headers: «{ app: X-User } }"),
    clean: identity("{ source: header, headers: { app: X-Application } }"),
  },
  {
    claim: "the name of a header is one",
    problem: "E01 `tenant` must be a header name, found `x tenant`",
    hint: "Write it like `x-user`.",
    wrong: identity("{ source: header, headers: { tenant: «x tenant } }"),
    clean: identity("{ source: header, headers: { tenant: x-tenant } }"),
  },
  {
    claim: "a source is declared once",
    problem: "E07 the source `jwt` is declared twice with the same settings",
    hint: "Remove one of the two.",
    wrong: identity("{ source: jwt }, { source: «jwt, metadataKey: chancery }"),
    clean: identity("{ source: jwt }, { source: jwt, metadataKey: partners }"),
  },
  {
    claim: "two tenants do not claim one issuer",
    problem: "E07 `https://id.example` of `issuers` is also claimed by the tenant `beta`",
    hint: "Narrow one of the two; a caller that fits both is nobody's.",
    wrong: tenants('issuers: ["https://id.*"]', 'issuers: [«"https://id.example"]'),
    clean: tenants('issuers: ["https://id.beta/*"]', 'issuers: ["https://id.example"]'),
  },
  {
    claim: "two tenants do not claim one workload",
    problem: "E07 `spiffe://a/ns/*` of `workloads` is also claimed by the tenant `beta`",
    hint: "Narrow one of the two; a caller that fits both is nobody's.",
    wrong: tenants('workloads: ["spiffe://a/*"]', 'workloads: [«"spiffe://a/ns/*"]'),
    clean: tenants('workloads: ["spiffe://a/b/*"]', 'workloads: ["spiffe://a/c/*"]'),
  },
  {
    claim: "a workload is a SPIFFE id",
    problem: "E01 an item of `workloads` must be a SPIFFE id or one that ends in `*`, found `bot`",
    hint: "Write it like `spiffe://acme.example/ns/*`.",
    wrong: tenants("workloads: [«bot]", "issuers: [a]"),
    clean: tenants('workloads: ["spiffe://a/bot"]', "issuers: [a]"),
  },
  {
    claim: "two apps do not claim one client",
    problem: "E07 `web` of `clients` is also claimed by the app `a`",
    hint: "Narrow one of the two; a caller that fits both is nobody's.",
    file: tenantFile,
    wrong: [
      document("App", "a", "acme", "{ selectors: { clients: [web] } }"),
      document("App", "b", "acme", "{ selectors: { clients: [«web] } }"),
    ].join("---\n"),
    clean: [
      document("App", "a", "acme", "{ selectors: { clients: [web] } }"),
      document("App", "b", "acme", "{ selectors: { routes: [web] } }"),
    ].join("---\n"),
  },
  {
    claim: "an app does not claim workloads of another tenant",
    problem: "E06 `spiffe://beta/*` claims workloads of another tenant",
    hint: "Select only workloads that the Tenant document lists under `identities`.",
    file: tenantFile,
    wrong: document("App", "a", "acme", '{ selectors: { workloads: [«"spiffe://beta/*"] } }'),
    clean: document("App", "a", "acme", '{ selectors: { workloads: ["spiffe://acme/*"] } }'),
    also: {
      "platform/beta.yaml": document(
        "Tenant",
        "beta",
        "platform",
        '{ identities: { workloads: ["spiffe://beta/ns/x"] } }',
      ),
    },
  },
]);

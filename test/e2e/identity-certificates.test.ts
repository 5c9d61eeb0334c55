import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import type { PolicyFile } from "../../src/policy/index.ts";
import { withClientCertificates } from "../support/bootstrap-edits.ts";
import { type Authority, type Certificate, createAuthority } from "../support/certificates.ts";
import { envoyDifferences } from "../support/envoy-differences.ts";
import { makeDirectory } from "../support/envoy-stage.ts";
import type { WrittenRecord } from "../support/exchange-stage.ts";
import { type GovernedEnvoy, startGovernedEnvoy } from "../support/governed-envoy.ts";
import { createTokenIssuer } from "../support/token-issuer.ts";

const bot = "spiffe://acme.example/bot";
const other = "spiffe://acme.example/other";
const hop = "spiffe://edge.example/gateway";
const issuerName = "https://id.acme.example";

/** One tenant, whose workloads come over mTLS or through a trusted hop, with or without a token. */
const policies: readonly PolicyFile[] = [
  {
    path: "platform/platform.yaml",
    namespace: "platform",
    text: `apiVersion: chancery/v1alpha1
kind: Platform
metadata: { name: platform, namespace: platform }
spec: { fallback: deny, identity: [{ source: jwt }, { source: mtls }, { source: xfcc, trustedHop: "${hop}" }] }
---
apiVersion: chancery/v1alpha1
kind: Tenant
metadata: { name: acme, namespace: platform }
spec: { identities: { issuers: ["${issuerName}"], workloads: ["spiffe://acme.example/*"] } }
---
apiVersion: chancery/v1alpha1
kind: ModelCatalog
metadata: { name: models, namespace: platform }
spec: { models: [{ id: cloud/large, tags: [approved] }] }
---
apiVersion: chancery/v1alpha1
kind: Policy
metadata: { name: baseline, namespace: platform }
spec:
  version: 1.0.0
  attach: { layer: global }
  rules:
    - { id: approved, effect: allow, actions: [llm.generate], models: { tags: [approved] }, dataClasses: { permitted: [public, internal] } }
`,
  },
  {
    path: "acme/app.yaml",
    namespace: "acme",
    text: `apiVersion: chancery/v1alpha1
kind: App
metadata: { name: bot, namespace: acme }
spec: { selectors: { workloads: ["${bot}"] } }
---
apiVersion: chancery/v1alpha1
kind: App
metadata: { name: rest, namespace: acme }
spec: { selectors: { workloads: ["${other}"] } }
`,
  },
];

interface CertificateStage {
  readonly governed: GovernedEnvoy;
  readonly authority: Authority;
  /** A fresh connection with this certificate, and the record of what came of it. */
  ask(client: Certificate | undefined, headers?: Record<string, string>): Promise<Outcome>;
}

interface Outcome {
  readonly status: number | undefined;
  readonly record: WrittenRecord | undefined;
}

type Edge = Partial<Parameters<typeof withClientCertificates>[0]> & { readonly jwks?: string };

async function startStage(t: TestContext, edge: Edge = {}): Promise<CertificateStage> {
  const directory = await makeDirectory(t);
  const authority = await createAuthority(directory);
  const server = await authority.issue(["IP:127.0.0.1"]);
  const { jwks, ...rest } = edge;
  const jwksPath = join(directory, "jwks.json");
  if (jwks !== undefined) await writeFile(jwksPath, jwks);
  const governed = await startGovernedEnvoy(t, {
    policies,
    listener: "identity: null",
    ...(jwks === undefined ? {} : { bootstrap: { tokens: { issuer: issuerName, jwksPath } } }),
    edit: withClientCertificates({ server, authorityPath: authority.certificatePath, ...rest }),
  });
  governed.cloud.answerWith({ text: "Hello." });
  const { hostname, port } = new URL(governed.baseUrl);
  return {
    governed,
    authority,
    async ask(client, headers = {}) {
      const sent = request({
        ...{ host: hostname, port, method: "POST", path: "/v1/chat/completions", agent: false },
        ...{ ca: authority.cert, cert: client?.cert, key: client?.key },
        headers: { "content-type": "application/json", ...headers },
      });
      sent.end(JSON.stringify({ model: "large", messages: [{ role: "user", content: "hi" }] }));
      const [answer] = (await once(sent, "response")) as [IncomingMessage];
      answer.resume();
      await once(answer, "end");
      const record = (await governed.records()).findLast(({ kind }) => kind === "decision");
      return { status: answer.statusCode, record };
    },
  };
}

describe("a client certificate", () => {
  test("proves the workload of its SPIFFE id, recorded by that id", async (t) => {
    const stage = await startStage(t);
    for (const [id, app] of [
      [bot, "bot"],
      [other, "rest"],
    ] as const) {
      const { status, record } = await stage.ask(await stage.authority.issue([`URI:${id}`]));
      assert.equal(status, 200);
      assert.equal(record?.["app"], app);
      assert.deepEqual(record?.["principal"], { kind: "workload", ref: id, auth: "mtls" });
    }
  });

  test("of nobody's workload, without a SPIFFE id, or none at all proves nobody", async (t) => {
    const stage = await startStage(t);
    for (const client of [
      await stage.authority.issue(["URI:spiffe://globex.example/x"]),
      await stage.authority.issue(["DNS:bot.acme.example"]),
      await stage.authority.issue(["URI:https://acme.example/bot"]),
      undefined,
    ]) {
      const { status, record } = await stage.ask(client);
      assert.equal(status, 401);
      assert.equal(record?.reason, "identity_unresolved");
    }
    assert.equal(stage.governed.cloud.requests.length, 0);
  });

  test("of an authority nobody trusts proves nobody where the proxy takes any and tells", async (t) => {
    const stage = await startStage(t, { acceptsUntrusted: true });
    const stranger = await createAuthority(await makeDirectory(t));
    const forged = await stranger.issue([`URI:${bot}`]);
    const { hidesPeerValidity } = await envoyDifferences();
    assert.equal((await stage.ask(forged)).status, hidesPeerValidity ? 200 : 401);
    assert.equal((await stage.ask(await stage.authority.issue([`URI:${bot}`]))).status, 200);
  });

  test("beside a token is the actor of the token's subject", async (t) => {
    const issuer = createTokenIssuer(issuerName);
    const stage = await startStage(t, { jwks: issuer.jwks });
    const token = issuer.issue({ sub: "ann@acme.example" });
    const client = await stage.authority.issue([`URI:${bot}`]);
    const { status, record } = await stage.ask(client, { authorization: `Bearer ${token}` });
    assert.equal(status, 200);
    const principal = record?.["principal"] as Readonly<Record<string, unknown>>;
    assert.equal(principal["kind"], "composite");
    assert.deepEqual(principal["actor"], { kind: "workload", ref: bot });
    assert.match(String(principal["ref"]), /^p\d{6}:[\w-]{22}$/);
    assert.equal(record?.["app"], "bot");
  });

  test("of another tenant than the token's spoils both", async (t) => {
    const issuer = createTokenIssuer(issuerName);
    const stage = await startStage(t, { jwks: issuer.jwks });
    const token = issuer.issue({ sub: "ann@acme.example", app: "bot", tenant: "acme" });
    const client = await stage.authority.issue(["URI:spiffe://globex.example/x"]);
    const { status } = await stage.ask(client, { authorization: `Bearer ${token}` });
    assert.equal(status, 401);
  });
});

describe("x-forwarded-client-cert", () => {
  for (const forward of ["FORWARD_ONLY", "ALWAYS_FORWARD_ONLY"] as const) {
    test(`from the trusted hop names its client, under ${forward}`, async (t) => {
      const stage = await startStage(t, { forward });
      const gateway = await stage.authority.issue([`URI:${hop}`]);
      const { status, record } = await stage.ask(gateway, {
        "x-forwarded-client-cert": `URI=spiffe://globex.example/forged,By=${hop};Hash=ab;URI=${bot}`,
      });
      assert.equal(status, 200);
      assert.deepEqual(record?.["principal"], { kind: "workload", ref: bot, auth: "xfcc" });
    });

    test(`from a client gains nothing, under ${forward}`, async (t) => {
      const stage = await startStage(t, { forward });
      const headers = { "x-forwarded-client-cert": `By=${hop};URI=${bot}` };
      const certified = await stage.ask(await stage.authority.issue([`URI:${other}`]), headers);
      assert.equal(certified.status, 200);
      assert.equal(certified.record?.["app"], "rest");
      const stranger = await stage.authority.issue(["URI:spiffe://globex.example/x"]);
      assert.equal((await stage.ask(stranger, headers)).status, 401);
      assert.equal((await stage.ask(undefined, headers)).status, 401);
    });
  }

  test("without which the trusted hop is nobody: its own certificate is not its clients'", async (t) => {
    const stage = await startStage(t, { forward: "FORWARD_ONLY" });
    assert.equal((await stage.ask(await stage.authority.issue([`URI:${hop}`]))).status, 401);
  });

  test("to which our own proxy appended the hop proves nobody", async (t) => {
    const stage = await startStage(t, { forward: "APPEND_FORWARD" });
    const { status } = await stage.ask(await stage.authority.issue([`URI:${hop}`]), {
      "x-forwarded-client-cert": `By=${hop};URI=${bot}`,
    });
    assert.equal(status, 401);
  });
});

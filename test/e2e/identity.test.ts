import assert from "node:assert/strict";
import { once } from "node:events";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { type IncomingMessage, request } from "node:http";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import type { PolicyFile } from "../../src/policy/index.ts";
import { makeDirectory } from "../support/envoy-stage.ts";
import { type GovernedEnvoy, startGovernedEnvoy } from "../support/governed-envoy.ts";
import { createTokenIssuer, type TokenIssuer } from "../support/token-issuer.ts";

const issuerName = "https://id.example";
const providerKey = "provider-key-of-the-gateway";

/** Two tenants: for globex, contact data is refused; for acme it is masked. */
const policies: readonly PolicyFile[] = [
  {
    path: "platform/platform.yaml",
    namespace: "platform",
    text: `apiVersion: chancery/v1alpha1
kind: Platform
metadata: { name: platform, namespace: platform }
spec: { fallback: deny, identity: [{ source: jwt }] }
---
apiVersion: chancery/v1alpha1
kind: Tenant
metadata: { name: acme, namespace: platform }
spec: {}
---
apiVersion: chancery/v1alpha1
kind: Tenant
metadata: { name: globex, namespace: platform }
spec: {}
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
    - { id: mask, effect: redact, redact: { method: mask, classes: [pii], directions: [request, response, log] } }
    - { id: approved, effect: allow, actions: [llm.generate], models: { tags: [approved] }, dataClasses: { permitted: [public, internal] } }
`,
  },
  {
    path: "acme/app.yaml",
    namespace: "acme",
    text: `apiVersion: chancery/v1alpha1
kind: App
metadata: { name: bot, namespace: acme }
spec: { selectors: { clients: [bot-client] } }
`,
  },
  {
    path: "globex/app.yaml",
    namespace: "globex",
    text: `apiVersion: chancery/v1alpha1
kind: App
metadata: { name: desk, namespace: globex }
spec: {}
---
apiVersion: chancery/v1alpha1
kind: Policy
metadata: { name: strict, namespace: globex }
spec:
  version: 1.0.0
  attach: { layer: tenant }
  rules:
    - { id: no-contact-data, effect: deny, dataClasses: { anyOf: [pii] } }
`,
  },
];

interface TokenStage extends GovernedEnvoy {
  readonly issuer: TokenIssuer;
  readonly keyFile: string;
}

/** `hasKey`: the gateway has a key of its own for the provider. */
async function startTokenStage(t: TestContext, hasKey = true): Promise<TokenStage> {
  const directory = await makeDirectory(t);
  const issuer = createTokenIssuer(issuerName);
  const jwksPath = join(directory, "jwks.json");
  const keyFile = join(directory, "provider.key");
  await writeFile(jwksPath, issuer.jwks);
  await writeFile(keyFile, `${providerKey}\n`);
  const stage = await startGovernedEnvoy(t, {
    policies,
    listener: "identity: null",
    config: hasKey ? [`providers: { cloud: { credential: { file: ${keyFile} } } }`] : [],
    bootstrap: { tokens: { issuer: issuerName, jwksPath } },
  });
  stage.cloud.answerWith({ text: "Hello." });
  return { ...stage, issuer, keyFile };
}

const ann = { sub: "ann@acme.example", tenant: "acme", app: "bot" };
const gil = { sub: "gil@globex.example", tenant: "globex", app: "desk" };
const email = "jane.roe@example.org";
const ask = (content: string) => [{ role: "user" as const, content }];
const chat = (content: string) => ({ model: "large", messages: ask(content) });

function openai(stage: TokenStage, apiKey: string): OpenAI {
  return new OpenAI({ baseURL: stage.baseUrl, apiKey, maxRetries: 0 });
}

function anthropic(stage: TokenStage, apiKey: string): Anthropic {
  const baseURL = stage.baseUrl.replace(/\/v1$/, "");
  return new Anthropic({ baseURL, apiKey, maxRetries: 0 });
}

describe("a token as API key", () => {
  test("gives two tenants opposite outcomes on the same request, with both official clients", async (t) => {
    const stage = await startTokenStage(t);
    const [acme, globex] = [stage.issuer.issue(ann), stage.issuer.issue(gil)];

    await openai(stage, acme).chat.completions.create(chat(`Who is ${email}?`));
    await assert.rejects(
      openai(stage, globex).chat.completions.create(chat(`Who is ${email}?`)),
      OpenAI.PermissionDeniedError,
    );
    const message = { model: "large", max_tokens: 9, messages: ask(`Who is ${email}?`) };
    await anthropic(stage, acme).messages.create(message);
    await assert.rejects(
      anthropic(stage, globex).messages.create(message),
      Anthropic.PermissionDeniedError,
    );

    assert.equal(stage.cloud.requests.length, 2);
    for (const { body, headers, rawHeaders } of stage.cloud.requests) {
      assert.match(body.toString(), /Who is \[EMAIL\]\?/);
      assert.equal(headers.authorization, `Bearer ${providerKey}`);
      assert.equal(headers["x-api-key"], undefined);
      assert.ok(!rawHeaders.some((text) => text.includes(acme)), "no token reaches a model server");
    }
    const decisions = (await stage.records()).filter(({ kind }) => kind === "decision");
    assert.deepEqual(
      decisions.map((record) => [record["tenant"], record["app"], record.outcome]),
      [
        ["acme", "bot", "permit"],
        ["globex", "desk", "deny"],
        ["acme", "bot", "permit"],
        ["globex", "desk", "deny"],
      ],
    );
    const [first, second, third] = decisions.map(
      (record) => record["principal"] as Readonly<Record<string, string>>,
    );
    assert.match(first?.["ref"] ?? "", /^p\d{6}:[\w-]{22}$/);
    assert.equal(first?.["ref"], third?.["ref"], "one person has one pseudonym");
    assert.notEqual(first?.["ref"], second?.["ref"]);
    assert.deepEqual(
      { ...first, ref: "" },
      { auth: "jwt", issuer: issuerName, kind: "user", ref: "" },
    );
  });

  test("stands nowhere afterwards, and neither does its subject or the provider's key", async (t) => {
    const stage = await startTokenStage(t);
    const token = stage.issuer.issue({ ...ann, groups: ["support"] });
    await openai(stage, token).chat.completions.create(chat("hi"));
    await assert.rejects(
      openai(stage, token).chat.completions.create({ ...chat("hi"), model: "none" }),
    );
    await stage.quiet();
    await stage.accessLog(2);
    const told = await Promise.all(
      ["metrics", "status"].map(async (path) => {
        const answer = await fetch(`http://${stage.server.adminAddress}/${path}`);
        return `${path} ${await answer.text()}`;
      }),
    );
    for (const text of [...(await everythingWritten(stage.directory)), ...told]) {
      for (const secret of [token, token.split(".")[1] ?? "", ann.sub, providerKey]) {
        assert.ok(!text.includes(secret), `${secret.slice(0, 8)} in ${text.slice(0, 200)}`);
      }
    }
  });

  test("that is forged, expired, another issuer's or missing is answered 401 by the proxy", async (t) => {
    const stage = await startTokenStage(t);
    const stranger = createTokenIssuer(issuerName);
    const [head, , signature] = stage.issuer.issue(ann).split(".");
    const payload = Buffer.from(JSON.stringify({ ...gil, iss: issuerName })).toString("base64url");
    const none = Buffer.from(JSON.stringify({ alg: "none" })).toString("base64url");
    const keys = [
      stranger.issue(ann),
      `${head}.${payload}.${signature}`,
      `${none}.${payload}.`,
      stage.issuer.issue({ ...ann, exp: 1_000_000_000 }),
      stage.issuer.issue({ ...ann, iss: "https://evil.example" }),
      "sk-not-a-token",
    ];
    for (const key of keys) {
      await assert.rejects(
        openai(stage, key).chat.completions.create(chat("hi")),
        OpenAI.AuthenticationError,
      );
    }
    assert.equal((await stage.post("/chat/completions", chat("hi"))).status, 401);
    const headers = { "x-api-key": keys[0] ?? "" };
    assert.equal((await stage.post("/messages", chat("hi"), headers)).status, 401);
    assert.equal(stage.cloud.requests.length, 0);
  });

  test("reaches no model server, not even one for which the gateway has no key", async (t) => {
    const stage = await startTokenStage(t, false);
    const token = stage.issuer.issue(ann);
    await openai(stage, token).chat.completions.create(chat("hi"));
    const message = { model: "large", max_tokens: 9, messages: ask("hi") };
    await anthropic(stage, token).messages.create(message);
    assert.equal(stage.cloud.requests.length, 2);
    for (const { headers } of stage.cloud.requests) {
      assert.equal(headers.authorization, undefined);
      assert.equal(headers["x-api-key"], undefined);
    }
  });

  test("is refused beside a second one, in another header or the same", async (t) => {
    const stage = await startTokenStage(t);
    const [acme, globex] = [stage.issuer.issue(ann), stage.issuer.issue(gil)];
    const calls = [
      ["authorization", `Bearer ${acme}`, "x-api-key", globex],
      ["authorization", `Bearer ${acme}`, "x-api-key", acme],
      ["authorization", `Bearer ${acme}`, "authorization", `Bearer ${globex}`],
      ["authorization", `Bearer ${acme}, Bearer ${globex}`],
      ["x-api-key", `${acme},${globex}`],
    ];
    const statuses = [];
    for (const headers of calls) statuses.push(await postRaw(stage, chat("hi"), headers));
    assert.deepEqual(
      statuses,
      calls.map(() => 401),
    );
    assert.equal(stage.cloud.requests.length, 0);
  });

  test("is at most the first of two x-api-key lines, and no other leaves", async (t) => {
    const stage = await startTokenStage(t);
    const [acme, globex] = [stage.issuer.issue(ann), stage.issuer.issue(gil)];
    // Before 1.39 Envoy's matchers see both lines as one, and it is refused as such.
    const status = await postRaw(stage, chat("hi"), ["x-api-key", acme, "x-api-key", globex]);
    const [record] = await stage.records();
    assert.deepEqual([200, "acme"], status === 401 ? [200, "acme"] : [status, record?.["tenant"]]);
    assert.ok(stage.cloud.requests.every(({ headers }) => headers["x-api-key"] === undefined));
  });

  test("for a tenant or an app that nobody declared is refused in the client's own format", async (t) => {
    const stage = await startTokenStage(t);
    for (const claims of [{ ...ann, app: "other" }, { ...ann, tenant: "initech" }, { sub: "x" }]) {
      const key = stage.issuer.issue(claims);
      await assert.rejects(openai(stage, key).chat.completions.create(chat("hi")), (error) => {
        assert.ok(error instanceof OpenAI.AuthenticationError);
        assert.equal(error.code, "identity_unresolved");
        return true;
      });
      const message = { model: "large", max_tokens: 9, messages: ask("hi") };
      await assert.rejects(
        anthropic(stage, key).messages.create(message),
        Anthropic.AuthenticationError,
      );
    }
    assert.equal(stage.cloud.requests.length, 0);
    const records = await stage.records();
    assert.deepEqual(
      new Set(records.map(({ reason }) => reason)),
      new Set(["identity_unresolved"]),
    );
    assert.ok(records.every(({ final, outcome }) => final === true && outcome === "deny"));
  });

  test("without an app belongs to the one that selects its client", async (t) => {
    const stage = await startTokenStage(t);
    const { app, ...rest } = ann;
    const key = stage.issuer.issue({ ...rest, azp: "bot-client" });
    await openai(stage, key).chat.completions.create(chat("hi"));
    assert.equal((await stage.records())[0]?.["app"], "bot");
  });

  test("counts by its claims: headers that claim an identity gain nothing", async (t) => {
    const stage = await startTokenStage(t);
    const headers = {
      authorization: `Bearer ${stage.issuer.issue(gil)}`,
      "x-user": "ann",
      "x-tenant": "acme",
      "x-app": "bot",
      "x-chancery-tenant": "acme",
      "x-forwarded-client-cert": "URI=spiffe://acme.example/bot",
    };
    const answer = await stage.post("/chat/completions", chat(email), headers);
    assert.equal(answer.status, 403);
    assert.equal((await stage.records())[0]?.["tenant"], "globex");
  });

  test("leads to the provider's new key once its file has changed", async (t) => {
    const stage = await startTokenStage(t);
    const client = openai(stage, stage.issuer.issue(ann));
    await writeFile(stage.keyFile, "renewed-key");
    await untilAsync(async () => {
      await client.chat.completions.create(chat("hi"));
      return stage.cloud.requests.at(-1)?.headers.authorization === "Bearer renewed-key";
    });
  });
});

/** The status of a request whose headers go out as they stand, repeated names included. */
async function postRaw(
  stage: GovernedEnvoy,
  body: unknown,
  headers: readonly string[],
): Promise<number | undefined> {
  const { hostname, port } = new URL(stage.baseUrl);
  const bytes = Buffer.from(JSON.stringify(body));
  const length = ["content-length", String(bytes.length), "content-type", "application/json"];
  const sent = request({
    ...{ host: hostname, port, method: "POST", path: "/v1/chat/completions", agent: false },
    headers: ["host", "llm", ...length, ...headers],
  });
  sent.end(bytes);
  const [answer] = (await once(sent, "response")) as [IncomingMessage];
  answer.resume();
  return answer.statusCode;
}

async function untilAsync(holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!(await holds())) assert.ok(performance.now() < deadline, "it never came true");
}

/** Every file below a folder but sockets, each with its name in front. */
async function everythingWritten(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(
        async ({ name, parentPath }) =>
          `${name} ${await readFile(join(parentPath, name), "latin1")}`,
      ),
  );
}

import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import { archiveOf, type BundleDraft, document, ringOf } from "../support/bundles.ts";
import { eventually, startGovernedEnvoy } from "../support/governed-envoy.ts";

/** A web server that gives what a test has put under each path. */
async function serveArchives(t: TestContext) {
  const archives = new Map<string, Uint8Array>();
  const server = createServer((request, response) => {
    const archive = archives.get(request.url ?? "");
    response.writeHead(archive === undefined ? 404 : 200);
    response.end(archive);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const dayMs = 86_400_000;
  return {
    url: (name: string) => `http://127.0.0.1:${port}/${name}`,
    publish(draft: Omit<BundleDraft, "createdAtMs" | "expiresAtMs">) {
      const now = Date.now();
      const times = { createdAtMs: now - 60_000, expiresAtMs: now + dayMs };
      archives.set(`/${draft.namespace}`, archiveOf({ ...draft, ...times }));
    },
  };
}

const platformFiles = {
  "platform.yaml": document("Platform", "platform", "platform", {
    identity: [{ source: "header" }],
  }),
  "acme.yaml": document("Tenant", "platform", "acme", { keyRing: ringOf("acme") }),
  "globex.yaml": document("Tenant", "platform", "globex", { keyRing: ringOf("globex") }),
  "models.yaml": document("ModelCatalog", "platform", "models", {
    models: [{ id: "cloud/large", tags: ["approved"] }],
  }),
};

function tenantFiles(namespace: string, effect: "allow" | "deny", more = {}) {
  return {
    "app.yaml": document("App", namespace, "bot", {}),
    "policy.yaml": document("Policy", namespace, "main", {
      version: "1.0.0",
      attach: { layer: "tenant" },
      rules: [{ id: "chat", effect, actions: ["llm.generate"], ...more }],
    }),
  };
}

test("a tenant's bad bundle changes nothing, neither for it nor for anybody else", async (t) => {
  const archives = await serveArchives(t);
  const signers = (name: string) => ({ namespace: name, signers: [name], sequence: 1 });
  archives.publish({ namespace: "platform", files: platformFiles, signers: ["root"], sequence: 1 });
  archives.publish({ ...signers("acme"), files: tenantFiles("acme", "allow") });
  archives.publish({ ...signers("globex"), files: tenantFiles("globex", "deny") });
  const [root] = ringOf("root").keys;
  const sources = ["platform", "acme", "globex"].map(
    (name) => `{ archive: "${archives.url(name)}" }`,
  );
  const stage = await startGovernedEnvoy(t, {
    listener: "identity: null, stripsHeaders: [x-user, x-tenant, x-app, x-groups]",
    policySources: `{ sources: [${sources.join(", ")}], pollSeconds: 1, trust: { keys: [${JSON.stringify(root)}] } }`,
  });
  stage.cloud.answerWith({ text: "Hello." });
  const statusFor = async (tenant: string) => {
    const body = { model: "large", messages: [{ role: "user", content: "hi" }] };
    const headers = { "x-user": "ann", "x-tenant": tenant, "x-app": "bot" };
    const answer = await stage.post("/chat/completions", body, headers);
    await answer.arrayBuffer();
    return answer.status;
  };
  assert.deepEqual([await statusFor("acme"), await statusFor("globex")], [200, 403]);
  const [record] = await stage.records();
  assert.equal(record?.["unsigned"], undefined);

  // Signed as it should be, and says what cannot be.
  const wrong = tenantFiles("globex", "allow", { models: { ids: ["cloud/none"] } });
  archives.publish({ ...signers("globex"), files: wrong, sequence: 2 });
  const refused = await eventually(async () => {
    const status = (await (
      await fetch(`http://${stage.server.adminAddress}/status`)
    ).json()) as Status;
    const found = status.policies.problems.find(({ code }) => code === "E02");
    return found && { ...found, active: status.policies.bundles.active };
  });
  const sequences = refused.active.map(({ namespace, sequence }) => [namespace, sequence]);
  assert.deepEqual(Object.fromEntries(sequences), { platform: 1, acme: 1, globex: 1 });
  assert.equal(refused.namespace, "globex");
  assert.deepEqual([await statusFor("acme"), await statusFor("globex")], [200, 403]);

  // The next one of its owner counts, without anybody else's doing.
  archives.publish({ ...signers("globex"), files: tenantFiles("globex", "allow"), sequence: 3 });
  await eventually(async () => (await statusFor("globex")) === 200 || undefined);
  assert.equal(await statusFor("acme"), 200);

  // Somebody who has only a tenant's key cannot speak for the platform or for another tenant.
  const before = stage.server.policies.snapshot?.digest;
  archives.publish({
    namespace: "acme",
    signers: ["globex"],
    files: tenantFiles("acme", "deny"),
    sequence: 9,
  });
  await eventually(
    async () =>
      stage.server.policies.problems.some(({ code }) => code === "B04" || code === "B02") ||
      undefined,
  );
  assert.equal(stage.server.policies.snapshot?.digest, before);
  assert.equal(await statusFor("acme"), 200);
});

test("an operator who asks need not wait for the next poll", async (t) => {
  const archives = await serveArchives(t);
  const acme = { namespace: "acme", signers: ["acme"] };
  archives.publish({ namespace: "platform", files: platformFiles, signers: ["root"], sequence: 1 });
  archives.publish({ ...acme, files: tenantFiles("acme", "allow"), sequence: 1 });
  const [root] = ringOf("root").keys;
  const sources = ["platform", "acme"].map((name) => `{ archive: "${archives.url(name)}" }`);
  const stage = await startGovernedEnvoy(t, {
    listener: "identity: acme/bot",
    policySources: `{ sources: [${sources.join(", ")}], pollSeconds: 3600, trust: { keys: [${JSON.stringify(root)}] } }`,
  });
  const before = stage.server.policies.snapshot?.digest;
  archives.publish({ ...acme, files: tenantFiles("acme", "deny"), sequence: 2 });
  await stage.server.reload();
  assert.notEqual(stage.server.policies.snapshot?.digest, before);
  assert.deepEqual(stage.server.policies.problems, []);
});

interface Status {
  readonly policies: {
    readonly bundles: {
      readonly active: readonly { readonly namespace: string; readonly sequence: number }[];
    };
    readonly problems: readonly { readonly code: string; readonly namespace?: string }[];
  };
}

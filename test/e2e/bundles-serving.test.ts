import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { archiveOf, type BundleDraft, document, ringOf } from "../support/bundles.ts";
import { eventually, startGovernedEnvoy } from "../support/governed-envoy.ts";
import { runCli } from "../support/run-cli.ts";

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

/** A server for acme with a platform of its own, which asks for bundles when it is told to. */
function serveWhenAsked(t: TestContext, archives: Awaited<ReturnType<typeof serveArchives>>) {
  archives.publish({ namespace: "platform", files: platformFiles, signers: ["root"], sequence: 1 });
  const sources = ["platform", "acme"].map((name) => `{ archive: "${archives.url(name)}" }`);
  const trust = `{ keys: [${JSON.stringify(ringOf("root").keys[0])}] }`;
  return startGovernedEnvoy(t, {
    listener: "identity: acme/bot",
    policySources: `{ sources: [${sources.join(", ")}], pollSeconds: 3600, trust: ${trust} }`,
  });
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
  archives.publish({ ...acme, files: tenantFiles("acme", "allow"), sequence: 1 });
  const stage = await serveWhenAsked(t, archives);
  const before = stage.server.policies.snapshot?.digest;
  archives.publish({ ...acme, files: tenantFiles("acme", "deny"), sequence: 2 });
  await stage.server.reload();
  assert.notEqual(stage.server.policies.snapshot?.digest, before);
  assert.deepEqual(stage.server.policies.problems, []);
});

test("what a record was decided by is kept as it was signed, and verifies from the store alone", async (t) => {
  const archives = await serveArchives(t);
  const acme = { namespace: "acme", signers: ["acme"] };
  const files = { ...tenantFiles("acme", "allow"), "notes.yaml": "# Asked for in case 7.\n" };
  archives.publish({ ...acme, files, sequence: 1 });
  const stage = await serveWhenAsked(t, archives);
  // The same documents under another manifest: what serves is the same, what vouches for it is more.
  const before = stage.server.policies.snapshot?.digest;
  archives.publish({ ...acme, files, sequence: 2 });
  await stage.server.reload();
  assert.equal(stage.server.policies.snapshot?.digest, before);
  stage.cloud.answerWith({ text: "Hello." });
  const body = { model: "large", messages: [{ role: "user", content: "hi" }] };
  const answer = await stage.post("/chat/completions", body);
  assert.equal(answer.status, 200);
  await answer.arrayBuffer();
  const [record] = await stage.records();
  assert.ok(record);
  const { layers } = record["versions"] as {
    layers: readonly { readonly id: string; readonly digest: string }[];
  };
  // An auditor has a copy of the store, the digest of a record and a public key, and nothing else.
  const copy = join(stage.directory, "copy");
  await cp(join(stage.directory, "state/snapshots"), copy, { recursive: true });
  for (const name of ["root", "acme"]) {
    await writeFile(join(copy, `${name}.yaml`), JSON.stringify(ringOf(name)));
  }
  const entryOf = (namespace: string) =>
    join("sha256", layers.find(({ id }) => id === namespace)?.digest.slice(7) ?? "");
  const verify = (namespace: string, ring: string, ...more: readonly string[]) =>
    runCli(
      ["bundle", "verify", entryOf(namespace), "--namespace", namespace, "--ring", ring, ...more],
      copy,
    );
  const good = await verify("acme", "acme.yaml");
  assert.equal(good.exit, 0, good.stderr);
  assert.deepEqual([...good.stdout.matchAll(/sequence (\d), .* signed by acme$/gm)].length, 2);
  assert.equal((await verify("platform", "root.yaml")).exit, 0);
  assert.match((await verify("platform", "acme.yaml")).stderr, /B01/);
  assert.match((await verify("acme", "acme.yaml", "--at", "2100-01-01")).stderr, /B03/);
  const foreign = ["--namespace", "globex", "--ring", "acme.yaml"];
  const none = await runCli(["bundle", "verify", entryOf("acme"), ...foreign], copy);
  assert.deepEqual([none.exit, /B01/.test(none.stderr)], [1, true]);

  const entry = join(copy, entryOf("acme"));
  const [bundle = ""] = await readdir(join(entry, "bundles"));
  const parts = [
    "list.json",
    "files/policy.yaml",
    `bundles/${bundle}/bundle.json`,
    `bundles/${bundle}/files/notes.yaml`,
  ];
  for (const part of parts) {
    const whole = await readFile(join(entry, part));
    const altered = Buffer.from(whole);
    altered[12] = (altered[12] ?? 0) ^ 1;
    await writeFile(join(entry, part), altered);
    const bad = await verify("acme", "acme.yaml");
    assert.deepEqual([bad.exit, /B02/.test(bad.stderr)], [1, true], part);
    await writeFile(join(entry, part), whole);
  }
  // Whoever makes all digests fit again has no signature.
  const envelope = JSON.parse(
    await readFile(join(entry, "bundles", bundle, "bundle.json"), "utf8"),
  );
  const manifest = Buffer.from(envelope.payload, "base64").toString();
  const forged = manifest.replace('"version":"1.0.0"', '"version":"9.9.9"');
  assert.notEqual(forged, manifest);
  const payload = Buffer.from(forged).toString("base64");
  const text = JSON.stringify({ ...envelope, payload });
  const place = join(entry, "bundles", createHash("sha256").update(text).digest("hex"));
  await cp(join(entry, "bundles", bundle), place, { recursive: true });
  await writeFile(join(place, "bundle.json"), text);
  const bad = await verify("acme", "acme.yaml");
  assert.deepEqual([bad.exit, /B01/.test(bad.stderr)], [1, true]);
});

interface Status {
  readonly policies: {
    readonly bundles: {
      readonly active: readonly { readonly namespace: string; readonly sequence: number }[];
    };
    readonly problems: readonly { readonly code: string; readonly namespace?: string }[];
  };
}

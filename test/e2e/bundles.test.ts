import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { type KeyRing, openBundle, packBundle, runBundleTests } from "../../src/bundle/index.ts";
import { createBundleLedgerStore, datedRefusals } from "../../src/server/index.ts";
import { OciArtifact, parseOciReference } from "../../src/sources/index.ts";
import { BundleWorld } from "../support/bundle-world.ts";
import { allowPolicy, document } from "../support/bundles.ts";
import { runCli } from "../support/run-cli.ts";
import { registryCredential, runRegistry } from "../support/run-registry.ts";

/** A folder of policies whose keys were made by `keygen`, and what it takes to work in it. */
async function makeWorkshop(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), "chancery-bundles-"));
  t.after(() => rm(folder, { recursive: true }));
  const run = (...argv: readonly string[]) => runCli(["bundle", ...argv], folder);
  const mustRun = async (...argv: readonly string[]) => {
    const result = await run(...argv);
    assert.equal(result.exit, 0, result.stderr);
    return result.stdout;
  };
  const write = async (path: string, text: string) => {
    await mkdir(join(folder, path, ".."), { recursive: true });
    await writeFile(join(folder, path), text);
  };
  const lines = {
    root: await mustRun("keygen", "root.pem"),
    acme: await mustRun("keygen", "acme.pem"),
  };
  const ringFrom = (line: string): KeyRing => {
    const [, id = "", ed25519 = ""] = /id: (\S+), ed25519: (\S+) /.exec(line) ?? [];
    return { keys: [{ id, ed25519 }] };
  };
  const rings = { root: ringFrom(lines.root), acme: ringFrom(lines.acme) };
  await write("tree/platform/platform.yaml", document("Platform", "platform", "platform", {}));
  await write(
    "tree/platform/acme.yaml",
    document("Tenant", "platform", "acme", { keyRing: rings.acme }),
  );
  await write("tree/acme/app.yaml", document("App", "acme", "chat", {}));
  await write("tree/acme/policy.yaml", allowPolicy("acme"));
  await write("ring.yaml", `keys:\n  - ${lines.acme}`);
  const publish = async (name: "platform" | "acme", sequence: number, to?: string) => {
    const out = `${name}.bundle`;
    const facts = ["--version", "1.0.0", "--sequence", String(sequence), "--out", out];
    await mustRun("build", "tree", "--namespace", name, ...facts);
    await mustRun("sign", out, "--key", name === "platform" ? "root.pem" : "acme.pem");
    if (to !== undefined) await mustRun("push", out, "--to", to);
    return out;
  };
  return { folder, run, mustRun, write, publish, rings };
}

function artifactAt(reference: string, credential?: string): OciArtifact {
  const parsed = parseOciReference(reference);
  assert.ok(parsed);
  return new OciArtifact(parsed, { credential, deadlineMs: 10_000 });
}

describe("bundles through a real registry", () => {
  test("a tenant's owner publishes alone, from the key to what is in force", async (t) => {
    const registry = await runRegistry(t);
    const { folder, mustRun, publish, rings, write } = await makeWorkshop(t);
    const places = [
      `${registry}/policies/platform:stable`,
      `${registry}/policies/acme:stable`,
    ] as const;
    await publish("platform", 1, places[0]);
    await publish("acme", 1, places[1]);
    const artifacts = places.map((place) => artifactAt(place));
    const world = new BundleWorld();
    const archives: Uint8Array[] = [];
    const load = async () => {
      for (const [index, artifact] of artifacts.entries()) {
        const archive = await artifact.poll();
        if (archive !== undefined) archives[index] = archive;
      }
      const offers = archives.map((archive, index) => ({ place: places[index] ?? "", archive }));
      return world.load(offers, { root: rings.root, nowMs: Date.now(), runTests: runBundleTests });
    };
    assert.deepEqual((await load()).sequences, { platform: 1, acme: 1 });
    assert.equal(await artifacts[1]?.poll(), undefined);

    const test = { time: "2026-03-02T10:00:00Z", cases: [] as object[] };
    const given = { app: "chat", principal: { id: "ann" }, action: "llm.read" };
    test.cases = [{ name: "it is denied", given, expect: { outcome: "deny", reason: "rule" } }];
    await write("tree/acme/tests.yaml", document("PolicyTest", "acme", "chat", test));
    const tests = join(folder, "tree/acme/tests.yaml");
    const text = await readFile(tests, "utf8");
    const failing = await runCli(
      ["bundle", "build", "tree", "--namespace", "acme", "--version", "1.0.1", "--out", "x"],
      folder,
    );
    assert.equal(failing.exit, 1, failing.stderr);
    assert.match(failing.stderr, /policy test acme\/chat fails: it is denied/);
    await rm(tests);
    await write("tree/acme/other.yaml", allowPolicy("acme", "other"));
    await publish("acme", 2, places[1]);
    const { loaded, refused, sequences } = await load();
    assert.deepEqual([refused, sequences], [[], { platform: 1, acme: 2 }]);
    assert.equal(loaded.namespaces.get("acme")?.files.length, 3);

    // What the build refused, a server refuses as well: its author may have built it elsewhere.
    const elsewhere = join(folder, "elsewhere");
    await mkdir(join(elsewhere, "acme"), { recursive: true });
    await writeFile(join(elsewhere, "acme/app.yaml"), document("App", "acme", "chat", {}));
    await writeFile(join(elsewhere, "acme/tests.yaml"), text);
    const facts = ["--namespace", "acme", "--version", "1.0.2", "--sequence", "3"];
    await mustRun("build", "elsewhere", ...facts, "--out", "bad.bundle");
    await mustRun("sign", "bad.bundle", "--key", "acme.pem");
    await mustRun("push", "bad.bundle", "--to", places[1]);
    const after = await load();
    assert.deepEqual(after.refused, ["B05 acme/tests.yaml"]);
    assert.deepEqual(after.states, { platform: "current", acme: "lastGood" });

    const refusals = datedRefusals(after.loaded.refusals, [], Date.now());
    await createBundleLedgerStore(join(folder, "state")).save({
      ledger: after.loaded.ledger,
      refusals,
    });
    const shown = await mustRun("status", "state", "--namespace", "acme");
    assert.match(
      shown,
      /^acme {2}active {2}1\.0\.0, sequence 2, since .*\n {4}from .*, signed by acme\n/,
    );
    assert.match(shown, /acme {2}refused B05 {2}the policy test acme\/chat fails/);
    const json: unknown = JSON.parse(await mustRun("status", "state", "--format", "json"));
    assert.deepEqual(Object.keys(json as object), ["active", "refused"]);
  });

  test("what is pulled is what was pushed, byte for byte, and verifies", async (t) => {
    const registry = await runRegistry(t);
    const { folder, mustRun, publish, run } = await makeWorkshop(t);
    const to = `${registry}/acme:1`;
    const file = await publish("acme", 1, to);
    await mustRun("pull", to, "--out", "pulled.bundle");
    assert.ok(
      (await readFile(join(folder, file))).equals(await readFile(join(folder, "pulled.bundle"))),
    );
    const ring = ["--namespace", "acme", "--ring", "ring.yaml"] as const;
    assert.match(
      await mustRun("verify", "pulled.bundle", ...ring),
      /verified {2}acme 1\.0\.0, sequence 1/,
    );
    const digest = await artifactAt(to).push(await readFile(join(folder, file)));
    const byDigest = artifactAt(`${registry}/acme@${digest}`);
    assert.ok(await byDigest.poll());

    const open = openBundle(await readFile(join(folder, file)));
    const files = open.files.map(({ bytes, path }) => ({
      path,
      bytes: bytes.map((byte) => byte ^ 1),
    }));
    await writeFile(join(folder, "bad.bundle"), packBundle({ ...open, files }));
    const bad = await run("verify", "bad.bundle", ...ring);
    assert.deepEqual(
      [bad.exit, /B02 .* is not the file that was signed/.test(bad.stderr)],
      [1, true],
    );
    const foreign = await run(
      "verify",
      "pulled.bundle",
      "--namespace",
      "globex",
      "--ring",
      "ring.yaml",
    );
    assert.deepEqual([foreign.exit, /B04/.test(foreign.stderr)], [1, true]);
  });

  test("a registry that asks who it is gets the credential of a file, and no other", async (t) => {
    const registry = await runRegistry(t, true);
    const { folder, publish, run, write } = await makeWorkshop(t);
    const file = await publish("acme", 1);
    await write("credential", `${registryCredential}\n`);
    await write("wrong", "alice:looking-glass\n");
    const push = (...more: readonly string[]) =>
      run("push", file, "--to", `${registry}/acme:1`, ...more);
    assert.match((await push()).stderr, /the registry answers 401/);
    assert.match((await push("--credential", "credential")).stderr, /can be read by others/);
    for (const name of ["credential", "wrong"]) await chmod(join(folder, name), 0o600);
    assert.match((await push("--credential", "wrong")).stderr, /the registry answers 401/);
    const done = await push("--credential", "credential");
    assert.equal(done.exit, 0, done.stderr);
    assert.ok(await artifactAt(`${registry}/acme:1`, registryCredential).poll());
    const missing = await run(
      "pull",
      `${registry}/nothing:1`,
      "--out",
      "x",
      "--credential",
      "credential",
    );
    assert.deepEqual([missing.exit, /answers 404/.test(missing.stderr)], [3, true]);
  });
});

describe("bundles on the command line", () => {
  test("say where their documents come from, and until when they may serve", async (t) => {
    const { folder, mustRun } = await makeWorkshop(t);
    const who = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-C", join(folder, "tree")];
    for (const argv of [
      ["init", "-q"],
      ["add", "."],
      ["commit", "-qm", "one"],
    ]) {
      execFileSync("git", [...who, ...argv], { stdio: "ignore" });
    }
    const facts = ["--namespace", "acme", "--version", "2.1.0", "--sequence", "9", "--days", "7"];
    await mustRun("build", "tree", ...facts, "--out", "one.bundle");
    const { manifest } = openBundle(await readFile(join(folder, "one.bundle")));
    assert.equal(manifest.git?.dirty, false);
    assert.match(manifest.git?.commit ?? "", /^[0-9a-f]{40}$/);
    assert.match(manifest.lint ?? "", /^sha256:/);
    assert.deepEqual([manifest.sequence, manifest.version], [9, "2.1.0"]);
    assert.equal(Date.parse(manifest.expiresAt) - Date.parse(manifest.createdAt), 7 * 86_400_000);
    await writeFile(
      join(folder, "tree/acme/app.yaml"),
      document("App", "acme", "chat", { env: "x" }),
    );
    const said = await mustRun("build", "tree", ...facts, "--out", "two.bundle");
    assert.match(said, /from a working tree with changes/);
  });

  test("are not built from documents that do not compile", async (t) => {
    const { folder, run, write } = await makeWorkshop(t);
    await write("tree/acme/bad.yaml", "kind: Polcy");
    const facts = ["--namespace", "acme", "--version", "1.0.0", "--out", "x.bundle"];
    const { exit, stderr } = await run("build", "tree", ...facts);
    assert.equal(exit, 2);
    assert.match(stderr, /acme\/bad\.yaml:1:7 {2}error E01/);
    await assert.rejects(stat(join(folder, "x.bundle")));
  });

  test("keys are for their owner only, and are never written over", async (t) => {
    const { folder, publish, run } = await makeWorkshop(t);
    assert.equal((await stat(join(folder, "acme.pem"))).mode & 0o777, 0o600);
    assert.match((await run("keygen", "acme.pem")).stderr, /exists/);
    const file = await publish("acme", 1);
    await chmod(join(folder, "acme.pem"), 0o640);
    const { exit, stderr } = await run("sign", file, "--key", "acme.pem");
    assert.deepEqual([exit, /can be read by others/.test(stderr)], [3, true]);
  });

  test("what an action does not take is refused, not ignored", async (t) => {
    const { run } = await makeWorkshop(t);
    assert.match((await run("sing", "x")).stderr, /Did you mean `sign`/);
    assert.match((await run("sign", "x", "--ring", "y")).stderr, /takes no --ring/);
    assert.match((await run("sign", "x")).stderr, /needs --key FILE/);
    assert.match((await run("push", "ring.yaml", "--to", "no reference")).stderr, /B02/);
    assert.match((await run("status", "nowhere")).stderr, /holds nothing about bundles/);
  });
});

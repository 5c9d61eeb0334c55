import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { runCli } from "../support/run-cli.ts";

async function emptyFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "chancery-init-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test("what init writes has no problem, passes its tests and is in the canonical layout", async (t) => {
  const cwd = await emptyFolder(t);
  assert.equal((await runCli(["init", "new/policies"], cwd)).exit, 0);
  for (const argv of [
    ["check", "new/policies", "--strict"],
    ["test", "new/policies"],
    ["fmt", "new/policies", "--check"],
  ]) {
    const { exit, stdout, stderr } = await runCli(argv, cwd);
    assert.equal(exit, 0, `${stdout}${stderr}`);
  }
});

test("an empty folder is one to write into, a file is none", async (t) => {
  const cwd = await emptyFolder(t);
  await mkdir(join(cwd, "policies"));
  assert.equal((await runCli(["init", "policies"], cwd)).exit, 0);
  const { exit, stderr } = await runCli(["init", "policies/acme/chat.yaml"], cwd);
  assert.equal(exit, 3);
  assert.match(stderr, /Cannot write policies\/acme\/chat\.yaml: ENOTDIR/);
});

test("fmt writes what check asks for, and no draft stays behind", async (t) => {
  const cwd = await emptyFolder(t);
  await runCli(["init", "policies"], cwd);
  const file = join(cwd, "policies", "acme", "chat.yaml");
  const text = await readFile(file, "utf8");
  const untidy = text.replaceAll(": [", ":   [").replace("# An app", "#  An app");
  await writeFile(file, untidy);
  assert.equal((await runCli(["fmt", "policies", "--check"], cwd)).exit, 1);
  assert.equal(await readFile(file, "utf8"), untidy);
  assert.equal((await runCli(["fmt", "policies"], cwd)).exit, 0);
  assert.equal(await readFile(file, "utf8"), text.replace("# An app", "#  An app"));
  assert.deepEqual((await readdir(join(cwd, "policies", "acme"))).toSorted(), [
    "chat.yaml",
    "tests.yaml",
  ]);
});

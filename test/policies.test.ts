import assert from "node:assert/strict";
import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { runCli } from "./support/run-cli.ts";

const trees = join(import.meta.dirname, "..", "policies");
/** When the trees' own tests are; exceptions in them end by themselves. */
const then = "2026-03-02T10:00:00Z";
/** What stands in for `chancery up`, by the name of the tree. */
const settings = join(import.meta.dirname, "policies");

/** A tree with what is added to it before it serves; as it is where nothing is. */
async function treeOf(t: TestContext, name: string): Promise<string> {
  if (!(await readdir(settings)).includes(name)) return join(trees, name);
  const folder = await mkdtemp(join(tmpdir(), "chancery-policies-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await cp(join(trees, name), folder, { recursive: true });
  await cp(join(settings, name), folder, { recursive: true });
  return folder;
}

for (const name of (await readdir(trees)).toSorted()) {
  describe(`policies/${name}`, () => {
    test("has no problem, not even a warning", async () => {
      const { exit, stdout } = await runCli(["check", name, "--strict", "--at", then], trees);
      assert.equal(exit, 0, stdout);
    });

    test("decides as its tests say, and has some", async (t) => {
      const tree = await treeOf(t, name);
      const { exit, stdout, stderr } = await runCli(["test", tree, "--format", "json"], trees);
      assert.equal(exit, 0, `${stdout}${stderr}`);
      assert.ok(JSON.parse(stdout).summary.total > 0);
    });

    test("has a case in which each of its rules holds", async (t) => {
      const tree = await treeOf(t, name);
      const { stdout } = await runCli(["test", tree, "--format", "json"], trees);
      const rules: Record<string, { T: number }> = JSON.parse(stdout).coverage.rules;
      const unreached = Object.keys(rules).filter((rule) => rules[rule]?.T === 0);
      assert.deepEqual(unreached, []);
    });

    test("is in the canonical layout", async () => {
      const { exit, stdout } = await runCli(["fmt", name, "--check"], trees);
      assert.equal(exit, 0, stdout);
    });
  });
}

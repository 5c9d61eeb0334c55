import assert from "node:assert/strict";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { writePolicies } from "./support/chancery-process.ts";
import { makeDirectory } from "./support/envoy-stage.ts";
import { runCli } from "./support/run-cli.ts";

const tutorial = join(import.meta.dirname, "../docs/policy/tutorial.md");
const shownFile = /^```yaml file=(\S+)\n([\s\S]*?)^```$/gm;

test("each step of the tutorial loads and passes its own tests and those before it", async (t) => {
  const shown = [...(await readFile(tutorial, "utf8")).matchAll(shownFile)];
  assert.equal(shown.length, 5);
  const directory = await makeDirectory(t);
  await rm(directory, { recursive: true });
  const run = (...argv: readonly string[]) => runCli(argv, join(directory, ".."));
  assert.equal((await run("init", directory)).exit, 0);
  for (const [, path = "", text = ""] of shown) {
    await writePolicies(directory, [{ path, text }]);
    const checked = await run("check", directory);
    assert.equal(checked.exit, 0, `${path}\n${checked.stdout}`);
    const tested = await run("test", directory);
    assert.equal(tested.exit, 0, `${path}\n${tested.stdout}`);
  }
});

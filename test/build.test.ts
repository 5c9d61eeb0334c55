import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { pathToFileURL } from "node:url";
import { createCorpus, createWilderCorpus } from "../bench/corpus/index.ts";
import { build } from "../build/compile.ts";
import { joinModules } from "../build/join-modules.ts";
import * as sources from "../src/detect/index.ts";

test("what is published finds what the sources find", async (t) => {
  const folder = await makeFolder(t);
  await build(folder);
  const detect = join(folder, "detect");
  assert.deepEqual(await readdir(detect), ["index.js"]);
  const built = (await load(detect)) as typeof sources;
  assert.deepEqual(Object.keys(built).sort(), Object.keys(sources).sort());
  const detectors = [sources.createRuleDetector(), built.createRuleDetector()];
  const threats = [sources.createThreatDetector(), built.createThreatDetector()];
  let found = 0;
  for (const { text } of [...createCorpus("built", 300), ...createWilderCorpus("built", 300)]) {
    const [expected = [], actual] = detectors.map((detector) => detector.scan(text));
    assert.deepEqual(actual, expected);
    found += expected.length;
    const [scored, builtScored] = threats.map((detector) => detector.score(text, "attachment"));
    assert.deepEqual(builtScored, scored);
  }
  assert.ok(found > 1000, `only ${found} values`);
});

test("a joined folder is one module of constants and plain names that imports what is outside", async (t) => {
  const folder = await writeModules(t, {
    "outside.js": "export const base = 40;\n",
    "inside/index.js": 'export { sum } from "./deep/sum.js";\n',
    "inside/deep/sum.js":
      'import { base } from "../../outside.js";\nimport { two } from "../two.js";\n' +
      "export function sum() { return base + two(); }\n",
    "inside/two.js":
      "export function two() { return new Counter().next(); }\nconst start = 1;\n" +
      "class Counter { #count = start; next() { return this.#plus(1); }\n" +
      "  #plus(step) { return (this.#count += step); } }\n",
  });
  await joinModules(join(folder, "inside"));
  assert.deepEqual(await readdir(join(folder, "inside")), ["index.js"]);
  const text = await readFile(join(folder, "inside", "index.js"), "utf8");
  assert.match(text, /^const two = function two\(\)/m);
  assert.match(text, /from '\.\.\/outside\.js'/);
  assert.doesNotMatch(text, /^(export )?function/m);
  assert.doesNotMatch(text, /#/);
  const joined = (await load(join(folder, "inside"))) as { sum(): number };
  assert.equal(joined.sum(), 42);
});

test("modules in a circle are not joined", async (t) => {
  const folder = await writeModules(t, {
    "inside/index.js": 'import { b } from "./b.js";\nexport const a = () => b;\n',
    "inside/b.js": 'import { a } from "./index.js";\nexport const b = () => a;\n',
  });
  await assert.rejects(joinModules(join(folder, "inside")), /cannot be joined: .*[Cc]ircular/);
});

function load(folder: string): Promise<unknown> {
  return import(pathToFileURL(join(folder, "index.js")).href);
}

test("modules that have names like those that are made are not joined", async (t) => {
  const folder = await writeModules(t, { "inside/index.js": "export const $$mine = 1;\n" });
  await assert.rejects(joinModules(join(folder, "inside")), /cannot be joined: \$\$ in use/);
});

/** Within the repository, where packages are found. */
async function makeFolder(t: TestContext): Promise<string> {
  const tools = join(import.meta.dirname, "..", ".tools");
  await mkdir(tools, { recursive: true });
  const folder = await mkdtemp(join(tools, "build-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function writeModules(
  t: TestContext,
  modules: Readonly<Record<string, string>>,
): Promise<string> {
  const folder = await makeFolder(t);
  for (const [path, text] of Object.entries(modules)) {
    await mkdir(join(folder, path, ".."), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

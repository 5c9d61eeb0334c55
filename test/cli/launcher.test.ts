import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { repository } from "../support/source-graph.ts";

interface Ending {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts a launcher, lets `whenReady` act once it has printed something, and waits for its end. */
async function launch(path: string, argv: readonly string[], whenReady?: (pid: number) => void) {
  const child = spawn(process.execPath, [path, ...argv], { stdio: ["ignore", "pipe", "pipe"] });
  const ending = { code: null, signal: null, stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    if (ending.stdout === "" && child.pid !== undefined) whenReady?.(child.pid);
    ending.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    ending.stderr += text;
  });
  const [code, signal] = (await once(child, "close")) as [number | null, string | null];
  return { ...ending, code, signal } satisfies Ending;
}

describe("bin/chancery.js", () => {
  let directory: string;
  let launcher: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "chancery-launcher-"));
    launcher = join(directory, "bin/chancery.js");
    const text = await readFile(join(repository, "bin/chancery.js"), "utf8");
    // The same launcher in a time when the Node that runs it is an old one.
    const future = text.replace(/nodeMajorMin = \d+/, "nodeMajorMin = 999");
    assert.notEqual(future, text);
    await mkdir(dirname(launcher));
    await writeFile(join(directory, "package.json"), '{ "type": "module" }');
    await writeFile(launcher, future);
  });

  after(() => rm(directory, { recursive: true }));

  /** Puts a stand-in where a clone has its own Node. */
  async function installNode(script: string): Promise<void> {
    const path = join(directory, "node_modules/node/bin/node");
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, `#!/bin/sh\n${script}\n`);
    await chmod(path, 0o755);
  }

  test("a Node that is too old is told what is needed and where it comes from", async () => {
    await rm(join(directory, "node_modules"), { recursive: true, force: true });
    const { code, stdout, stderr } = await launch(launcher, ["--version"]);
    assert.equal(code, 1);
    assert.equal(stdout, "");
    assert.match(stderr, /Node 999 or later is needed, this is \d+\./);
    assert.match(stderr, /npm install/);
  });

  test("a clone's own Node takes over, with the arguments and the exit code", async () => {
    await installNode('echo "$@"; exit 3');
    const { code, stdout } = await launch(launcher, ["check", "a b"]);
    assert.equal(code, 3);
    assert.equal(stdout, `${launcher} check a b\n`);
  });

  test("a signal to end reaches the Node that took over, and ends this one the same way", async () => {
    await installNode("echo ready; exec sleep 60");
    const { code, signal } = await launch(launcher, [], (pid) => process.kill(pid, "SIGTERM"));
    assert.deepEqual({ code, signal }, { code: null, signal: "SIGTERM" });
  });

  test("from a clone it runs the sources, without a build", async () => {
    const { version } = JSON.parse(await readFile(join(repository, "package.json"), "utf8"));
    const { code, stdout, stderr } = await launch(join(repository, "bin/chancery.js"), [
      "--version",
    ]);
    assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: `${version}\n`, stderr: "" });
  });
});

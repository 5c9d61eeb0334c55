import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, test } from "node:test";
import { runCli } from "../support/run-cli.ts";

async function scriptOf(shell: string): Promise<string> {
  const { exit, stdout } = await runCli(["completion", shell], "/");
  assert.equal(exit, 0);
  return stdout;
}

/** What bash offers behind some words, the last one being typed. */
async function offered(...words: readonly string[]): Promise<readonly string[]> {
  const script = [
    await scriptOf("bash"),
    `COMP_WORDS=(${["chancery", ...words].map((word) => `"${word}"`).join(" ")})`,
    `COMP_CWORD=${words.length}`,
    "_chancery",
    'printf "%s\\n" "$' + '{COMPREPLY[@]}"',
  ].join("\n");
  const { status, stdout, stderr } = spawnSync("bash", ["--norc", "-c", script], {
    cwd: import.meta.dirname,
    encoding: "utf8",
    timeout: 20_000,
  });
  assert.equal(status, 0, stderr);
  return stdout.split("\n").filter((line) => line !== "");
}

describe("completion", () => {
  test("bash offers commands, their options, the values of these, and files", async () => {
    assert.deepEqual(await offered("ex"), ["explain"]);
    assert.deepEqual(await offered("fmt", "--"), ["--check", "--help"]);
    assert.deepEqual(await offered("test", "--format", ""), ["text", "tap", "junit", "json"]);
    assert.deepEqual(await offered("check", "completion."), ["completion.test.ts"]);
  });

  test("every shell is told of every command", async () => {
    const { stdout } = await runCli(["--help"], "/");
    const commands = [...stdout.matchAll(/^ {2}([a-z]+) {2}/gm)].map(([, name]) => name ?? "");
    assert.ok(commands.includes("completion"));
    for (const shell of ["bash", "zsh", "fish"]) {
      const script = await scriptOf(shell);
      for (const name of commands) assert.match(script, new RegExp(`\\b${name}\\b`), shell);
    }
  });
});

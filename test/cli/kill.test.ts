import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { parse } from "yaml";
import { makeDirectory } from "../support/envoy-stage.ts";
import { runCli } from "../support/run-cli.ts";

async function throwSwitch(t: TestContext, verb: "kill" | "unkill", ...argv: readonly string[]) {
  const home = await makeDirectory(t);
  mkdirSync(join(home, "switches"));
  const order = [verb, "provider", "vendorx", "--reason", "why", "--directory", "switches"];
  const { exit, stderr } = await runCli([...order, ...argv], home);
  const read = () =>
    parse(readFileSync(join(home, "switches/platform/provider-vendorx.yaml"), "utf8"));
  return { exit, read, stderr };
}

test("a kill switch says who threw it and where that was asked for, for the record", async (t) => {
  for (const verb of ["kill", "unkill"] as const) {
    const { exit, read } = await throwSwitch(t, verb, "--actor", "ann", "--ticket", "INC-7");
    assert.equal(exit, 0);
    assert.deepEqual(read().metadata, {
      ...{ name: "provider-vendorx", namespace: "platform" },
      annotations: { actor: "ann", ticket: "INC-7" },
    });
  }
  const { read } = await throwSwitch(t, "kill");
  assert.deepEqual(read().metadata.annotations, { actor: userInfo().username });
});

test("a kill switch takes no more of them than a record does", async (t) => {
  const { exit, stderr } = await throwSwitch(t, "kill", "--ticket", "x".repeat(2_000));
  assert.equal(exit, 3);
  assert.match(stderr, /--ticket takes at most 1024 bytes/);
});

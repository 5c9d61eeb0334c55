import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { Problem } from "../base/index.ts";
import type { DecisionInput } from "../domain/index.ts";
import { VersionStore } from "../stores/index.ts";
import { KillSwitchKeeper, type StandingSwitch } from "./kill-switch-keeper.ts";

const input: DecisionInput = {
  time: "2026-03-02T10:00:00Z",
  tenant: "acme",
  app: "web",
  action: "llm.generate",
  point: "request",
  data: { status: "ok", findings: [] },
};

function document(sequence: number, active: boolean, more = ""): string {
  return `apiVersion: chancery/v1alpha1
kind: KillSwitch
metadata: { name: stop, namespace: platform }
spec: { sequence: ${sequence}, active: ${active}, target: { tenants: [acme] }, reason: Test${more} }
`;
}

describe("KillSwitchKeeper", () => {
  let home: string;
  let directory: string;
  let thrown: StandingSwitch[];
  let told: (readonly Problem[])[];
  let keeper: KillSwitchKeeper | undefined;

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "chancery-switches-"));
    directory = join(home, "switches");
    await mkdir(join(directory, "platform"), { recursive: true });
    thrown = [];
    told = [];
  });

  afterEach(async () => {
    keeper?.close();
    await rm(home, { recursive: true, force: true });
  });

  async function open(): Promise<KillSwitchKeeper> {
    keeper?.close();
    keeper = await KillSwitchKeeper.open({
      directory,
      stateDir: join(home, "state"),
      versions: new VersionStore(join(home, "versions")),
      onSwitch: (standing) => thrown.push(standing),
      onProblems: (problems) => told.push(problems),
      onFailure: (error) => assert.fail(String(error)),
    });
    return keeper;
  }

  function write(text: string, name = "stop.yaml"): Promise<void> {
    return writeFile(join(directory, "platform", name), text);
  }

  it("says of a switch who threw it and where that was asked for, as its document does", async () => {
    await open();
    const annotations = "annotations: { actor: ann, ticket: INC-7, other: x }";
    await write(document(2, true).replace("platform }", `platform, ${annotations} }`));
    await keeper?.reload();
    assert.deepEqual(
      thrown.map(({ actor, ticket }) => [actor, ticket]),
      [["ann", "INC-7"]],
    );
    await write(document(3, false));
    await keeper?.reload();
    assert.deepEqual([thrown[1]?.actor, thrown[1]?.ticket], [undefined, undefined]);
  });

  it("an empty folder stops nothing and is no problem", async () => {
    const opened = await open();
    assert.equal(opened.current.stops(input), undefined);
    assert.deepEqual(opened.problems, []);
  });

  it("a file that appears stops, and one with a higher sequence lets go on", async () => {
    const opened = await open();
    await write(document(1, true));
    await opened.reload();
    assert.equal(opened.current.stops(input), "platform/stop");
    await write(document(2, false));
    await opened.reload();
    assert.equal(opened.current.stops(input), undefined);
    assert.deepEqual(
      thrown.map(({ active, sequence }) => [sequence, active]),
      [
        [1, true],
        [2, false],
      ],
    );
  });

  it("those who watch are told of each change until they stop watching", async () => {
    const opened = await open();
    let calls = 0;
    const stop = opened.watch(() => {
      calls += 1;
    });
    await write(document(1, true));
    await opened.reload();
    assert.equal(calls, 1);
    await opened.reload();
    assert.equal(calls, 1);
    stop();
    await write(document(2, false));
    await opened.reload();
    assert.equal(calls, 1);
  });

  it("an older document put back brings nothing back, and is told", async () => {
    await write(document(5, true));
    const opened = await open();
    await write(document(4, false));
    await opened.reload();
    assert.equal(opened.current.stops(input), "platform/stop");
    assert.match(
      told.at(-1)?.[0]?.message ?? "",
      /sequence 4 does not count: 5 .* was seen before/,
    );
  });

  it("the same sequence with other words does not count either", async () => {
    await write(document(5, true));
    const opened = await open();
    await write(document(5, false));
    await opened.reload();
    assert.equal(opened.current.stops(input), "platform/stop");
    assert.equal(opened.problems[0]?.code, "E07");
  });

  it("taking the file away starts nothing again, not even after a restart", async () => {
    await write(document(1, true));
    await open();
    await rm(join(directory, "platform"), { recursive: true });
    const again = await open();
    assert.equal(again.current.stops(input), "platform/stop");
    assert.deepEqual(
      again.standing.map(({ name, sequence }) => [name, sequence]),
      [["platform/stop", 1]],
    );
  });

  it("a folder that cannot be read leaves what stands and is told", async () => {
    await write(document(1, true));
    const opened = await open();
    await rm(directory, { recursive: true });
    await opened.reload();
    assert.equal(opened.current.stops(input), "platform/stop");
    assert.equal(told.at(-1)?.[0]?.code, "C04");
  });

  it("a mistake in one file does not keep another from stopping", async () => {
    await write(document(1, true));
    await write("apiVersion: chancery/v1alpha1\nkind: Policy\n", "policy.yaml");
    await write(document(2, true, ", unknown: 1").replace("stop,", "broken,"), "broken.yaml");
    const opened = await open();
    assert.equal(opened.current.stops(input), "platform/stop");
    assert.equal(opened.standing.length, 1);
    assert.ok(opened.problems.length >= 2, JSON.stringify(opened.problems));
  });

  it("a folder is watched", async () => {
    const opened = await open();
    const came = new Promise<void>((resolve) => {
      const wait = setInterval(() => {
        if (thrown.length === 0) return;
        clearInterval(wait);
        resolve();
      }, 10);
    });
    await write(document(1, true));
    await came;
    assert.equal(opened.current.stops(input), "platform/stop");
    // What was seen is kept on disk before the folder of the test goes.
    await opened.reload();
  });
});

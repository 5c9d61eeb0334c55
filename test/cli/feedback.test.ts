import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { runCli } from "../support/run-cli.ts";

const decision = "01a1fd1e-9060-7266-9625-1b601630ea14";
const other = "01a1fd1e-9060-7266-9625-1b601630ea15";
const found = {
  class: "pii.phone",
  confidencePct: 60,
  count: 1,
  detector: "phone@2",
  in: "prompt",
};
const records = [
  { kind: "decision", exchange: decision, tenant: "acme", findings: [found] },
  {
    kind: "closing",
    exchange: decision,
    findings: [{ ...found, class: "pii.email", in: "response" }],
  },
  { kind: "decision", exchange: other, tenant: "acme" },
];

describe("feedback", () => {
  let cwd = "";
  const mark = (...argv: readonly string[]) =>
    runCli(["feedback", ...argv, "--records", "log", "--out", "marks.jsonl"], cwd);
  const marks = async () =>
    (await readFile(join(cwd, "marks.jsonl"), "utf8").catch(() => ""))
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line));

  before(async () => {
    cwd = await mkdtemp(join(tmpdir(), "chancery-feedback-"));
    const folder = join(cwd, "log/0/abc/segments");
    await mkdir(folder, { recursive: true });
    const lines = records.map((record) => `${JSON.stringify(record)}\n`).join("");
    // The last line is being written.
    await writeFile(join(folder, "000000000000.jsonl"), `${lines}{"kind":"dec`);
  });
  after(() => rm(cwd, { recursive: true }));

  it("is noted with where something was found and by whom, and nothing else", async () => {
    const { exit, stderr } = await mark("false-positive", decision, "--class", "pii.phone");
    assert.deepEqual([exit, stderr], [0, ""]);
    const [{ at, ...rest }] = await marks();
    assert.ok(Math.abs(Date.parse(at) - Date.now()) < 60_000);
    assert.deepEqual(rest, {
      ...{ decision, kind: "false_positive", tenant: "acme" },
      ...{ class: "pii.phone", detector: "phone@2", confidencePct: 60 },
    });
    assert.equal((await stat(join(cwd, "marks.jsonl"))).mode & 0o777, 0o600);
  });

  it("speaks of answers as well, by their place", async () => {
    const { exit } = await mark(
      ...["true-positive", decision, "--class", "pii.email", "--in", "response"],
    );
    assert.equal(exit, 0);
    assert.equal((await marks()).at(-1).detector, "phone@2");
  });

  it("is refused where it does not fit what is on record, and told what is", async () => {
    const before = (await marks()).length;
    const wrong = await mark("false-positive", decision, "--class", "pii.email", "--in", "prompt");
    assert.equal(wrong.exit, 3);
    assert.match(wrong.stderr, /Nothing of class pii\.email in prompt is on record/);
    assert.match(wrong.stderr, /On record: pii\.email in response, pii\.phone in prompt\./);
    const negative = await mark("true-negative", decision);
    assert.equal(negative.exit, 3);
    const missing = await mark("false-negative", decision);
    assert.match(missing.stderr, /This needs --class CLASS/);
    const unknown = await mark("false-negative", decision.replace("a14", "a99"), "--class", "pii");
    assert.equal(unknown.exit, 1);
    assert.equal((await marks()).length, before);
  });

  it("takes no text where a class belongs", async () => {
    const { exit, stderr } = await mark(
      ...["false-negative", decision, "--class", "the number 555 in line 3"],
    );
    assert.equal(exit, 3);
    assert.ok(!stderr.includes("555"));
  });

  it("is counted by class, of several marks about one thing the last", async () => {
    assert.equal((await mark("true-negative", other)).exit, 0);
    assert.equal((await mark("false-negative", other, "--class", "pii.phone")).exit, 0);
    assert.equal((await mark("true-positive", decision, "--class", "pii.phone")).exit, 0);
    const text = await runCli(["feedback", "report", "--out", "marks.jsonl"], cwd);
    assert.deepEqual(text.stdout.split("\n"), [
      "CLASS          RIGHT      WRONG     MISSED  PRECISION",
      "(any)              1          0          0          -",
      "pii.email          1          0          0    100.0 %",
      "pii.phone          1          0          1    100.0 %",
      "",
    ]);
    const json = await runCli(
      ["feedback", "report", "--out", "marks.jsonl", "--format", "json"],
      cwd,
    );
    assert.equal(JSON.parse(json.stdout).classes[2].falseNegatives, 1);
  });
});

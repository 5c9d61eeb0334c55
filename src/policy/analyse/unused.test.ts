import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { grantUntil, nowMs, permit, rules } from "../../../test/support/finding-cases.ts";
import { document, platformFile, toFiles, world } from "../../../test/support/problem-cases.ts";
import { analyse, loadSnapshot, type PolicyUsage, parsePolicies } from "../index.ts";

const dayMs = 86_400_000;
const daysAgo = (days: number) => nowMs - days * dayMs;

/** Sources that end now and go back 40 days. */
const records = (uses: Readonly<Record<string, number>> = {}, days = 40): PolicyUsage => ({
  source: "records",
  fromMs: daysAgo(days),
  untilMs: nowMs,
  lastUses: new Map(Object.entries(uses)),
});
const metrics = (counts: Readonly<Record<string, number>>, days = 40): PolicyUsage => ({
  source: "metrics",
  fromMs: daysAgo(days),
  untilMs: nowMs,
  lastUses: new Map(Object.keys(counts).flatMap((rule) => (counts[rule] ? [[rule, nowMs]] : []))),
  listed: new Set(Object.keys(counts)),
});

function unusedIn(
  text: string,
  usage: readonly PolicyUsage[],
  unusedDays?: number,
): readonly string[] {
  const files = toFiles({ ...world, [platformFile]: text });
  const { snapshot, problems } = loadSnapshot(files, { engineVersion: "1.0.0" });
  assert.deepEqual(problems, []);
  assert.ok(snapshot);
  const options = { snapshot, nowMs, usage, unusedDays };
  return analyse(parsePolicies(files).documents, options)
    .filter(({ code }) => code === "W17")
    .map(({ line, column, message }) => `${line}:${column} ${message}`);
}

const a = "platform/p/a";

describe("a rule without a match", () => {
  const one = rules(`id: a, ${permit}`);
  const found = `7:13 \`${a}\` matched nothing in the 40 days that the usage covers`;

  it("is told by records and by metrics that reach back far enough", () => {
    assert.deepEqual(unusedIn(one, [records()]), [found]);
    assert.deepEqual(unusedIn(one, [metrics({ [a]: 0 })]), [found]);
    assert.deepEqual(unusedIn(one, [records(), metrics({ [a]: 0 })]), [found]);
  });

  it("is not one that any source saw match", () => {
    assert.deepEqual(unusedIn(one, [records({ [a]: daysAgo(2) })]), []);
    assert.deepEqual(unusedIn(one, [metrics({ [a]: 3 })]), []);
    assert.deepEqual(unusedIn(one, [metrics({ [a]: 0 }), metrics({ [a]: 3 })]), []);
    assert.deepEqual(unusedIn(one, [records(), metrics({ [a]: 3 })]), []);
  });

  it("is told with its last match where that is long ago", () => {
    assert.deepEqual(unusedIn(one, [records({ [a]: daysAgo(31) })]), [
      `7:13 \`${a}\` matched nothing since 2026-01-30, 31 days before the usage ends`,
    ]);
    assert.deepEqual(unusedIn(one, [records({ [a]: daysAgo(29.9) })]), []);
  });

  it("is not told where any source covers fewer days than are asked for", () => {
    assert.deepEqual(unusedIn(one, [records({}, 29.9)]), []);
    assert.deepEqual(unusedIn(one, [records(), metrics({ [a]: 0 }, 2)]), []);
    assert.deepEqual(unusedIn(one, [records()], 41), []);
    assert.equal(unusedIn(one, [records({}, 7)], 7).length, 1);
    assert.deepEqual(unusedIn(one, []), []);
  });

  it("is not told by metrics that do not list it", () => {
    assert.deepEqual(unusedIn(one, [metrics({ "platform/p/other": 0 })]), []);
  });

  it("is not told by metrics where a match would not count: in shadow, or lifted", () => {
    const shadow = rules(`id: a, ${permit}, mode: shadow`);
    assert.deepEqual(unusedIn(shadow, [metrics({ [a]: 0 })]), []);
    assert.equal(unusedIn(shadow, [records()]).length, 1);
    const lifted = `${rules("id: a, effect: deny, dataClasses: { anyOf: [pii] }")}---\n${lifting}`;
    assert.deepEqual(unusedIn(lifted, [metrics({ [a]: 0 })]), []);
    assert.equal(unusedIn(lifted, [records({ "platform/g": nowMs })]).length, 1);
  });

  it("is not one about tools, which are judged within other exchanges too", () => {
    const actions = rules("id: a, effect: deny, actions: [tool.call]");
    const tools = rules("id: a, effect: deny, tools: { names: [crm/lookup] }");
    assert.deepEqual(
      [actions, tools].flatMap((text) => unusedIn(text, [records()])),
      [],
    );
  });

  it("is not one of a policy that was not in force all the time", () => {
    const since = (time: string) => one.replace("  rules:", `  activeFrom: "${time}"\n  rules:`);
    assert.deepEqual(unusedIn(since("2026-02-20T00:00:00Z"), [records()]), []);
    assert.equal(unusedIn(since("2026-01-02T00:00:00Z"), [records()]).length, 1);
    const over = one.replace("  rules:", '  activeUntil: "2026-03-01T00:00:00Z"\n  rules:');
    assert.deepEqual(unusedIn(over, [records()]), []);
  });

  it("is told once where two versions of its policy have it, and by records alone", () => {
    const version = (number: number) =>
      one.replace("  rules:", `  version: ${number}.0.0\n  rules:`);
    const ramp = "{ policy: p, stable: 1.0.0, candidate: 2.0.0, seed: s, step: { percent: 0 } }";
    const rollout = document("Rollout", "ramp", "platform", ramp);
    const ramped = [version(1), version(2), rollout].join("---\n");
    assert.equal(unusedIn(ramped, [records()]).length, 1);
    assert.deepEqual(unusedIn(ramped, [metrics({ [a]: 0 })]), []);
  });
});

const lifting = document(
  "Grant",
  "g",
  "platform",
  '{ ticket: T-1, reason: why, activeFrom: "2026-02-10T00:00:00Z", expiresAt: "2026-03-10T00:00:00Z", approvedBy: [a@acme.example], scope: { tenants: [acme], apps: [chat], subjects: { groups: [x] } }, lifts: [platform/p/a] }',
);

describe("a Grant without use", () => {
  const guarded = `${rules("id: a, effect: deny, dataClasses: { anyOf: [pii] }")}---\n${lifting}`;
  const used = { [a]: nowMs };
  const found = "12:19 nobody made use of it in the 40 days that the usage covers";

  it("is told by records where it was in force for half of its time", () => {
    assert.deepEqual(unusedIn(guarded, [records(used)]), [found]);
    const later = guarded.replace("2026-02-10", "2026-02-26");
    assert.deepEqual(unusedIn(later, [records(used)]), []);
  });

  it("is not one that lifted a rule, or whose permit matched", () => {
    assert.deepEqual(unusedIn(guarded, [records({ ...used, "platform/g": daysAgo(3) })]), []);
    const permitting = grantUntil('"2026-03-03T00:00:00Z"');
    assert.equal(unusedIn(permitting, [records()]).length, 1);
    assert.deepEqual(unusedIn(permitting, [records({ "platform/g/r": daysAgo(1) })]), []);
  });

  it("is told as a whole, not by its permits one by one", () => {
    const permitting = grantUntil('"2026-03-03T00:00:00Z"');
    assert.equal(unusedIn(permitting, [records()], 1).length, 1);
  });

  it("is told by metrics only where it has nothing but permits", () => {
    const permitting = grantUntil('"2026-03-03T00:00:00Z"');
    assert.equal(unusedIn(permitting, [metrics({ "platform/g/r": 0 })]).length, 1);
    assert.deepEqual(unusedIn(permitting, [metrics({})]), []);
    assert.deepEqual(unusedIn(guarded, [metrics(used)]), []);
  });

  it("that is over is told as such", () => {
    const over = unusedIn(grantUntil('"2026-03-02T00:00:00Z"'), [records()]);
    assert.deepEqual(over.length, 1);
    assert.match(over[0] ?? "", /it is over/);
  });
});

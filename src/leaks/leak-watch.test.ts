import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Draw } from "../../test/support/draw.ts";
import { FakeClock } from "../../test/support/fake-clock.ts";
import { plantedValues } from "../../test/support/planted-values.ts";
import { createRuleDetector } from "../detect/index.ts";
import { type Leak, LeakWatch, type LeakWatchParts } from "./index.ts";

const planted = plantedValues(3);
const email = plantedOf("EMAIL");
const token = plantedOf("GITHUB_TOKEN");

function plantedOf(type: string): string {
  return planted.find((one) => one.type === type)?.value ?? assert.fail(type);
}

function setWatch(more: Partial<LeakWatchParts> = {}) {
  const clock = new FakeClock();
  const draw = new Draw(1);
  const leaks: Leak[] = [];
  const watch = new LeakWatch({
    detector: createRuleDetector(),
    perSecond: 5,
    timers: clock,
    random: () => draw.below(1_000_000) / 1_000_000,
    isBusy: () => false,
    onLeak: (leak) => leaks.push(leak),
    ...more,
  });
  return { clock, leaks, watch };
}

const line = (json: object) => Buffer.from(JSON.stringify(json));

describe("a value that got past the allow-lists", () => {
  test("is told by class and place, in each thing that is written, and never by itself", () => {
    const { clock, leaks, watch } = setWatch();
    watch.record(line({ kind: "decision", model: { requested: `x ${email}` }, seq: 7 }), 7);
    watch.logLine(`${JSON.stringify({ level: "info", msg: "ready", reason: token })}\n`);
    watch.logLine(`cannot read ${token}\n`);
    watch.spans([
      {
        name: "chancery.exchange",
        attributes: { "chancery.verdict": "allow", "gen_ai.request.model": email },
        events: [{ name: "rule.match", attributes: { rule: token } }],
      },
    ]);
    watch.metrics(
      `# HELP a b\na{layer="acme",le="0.5"} 1\na{layer="${email}",le="+Inf"} 2 # {trace_id="0123456789abcdef0123456789abcdef"} 1\n`,
    );
    assert.equal(leaks.length, 0, "nobody waits for it");
    clock.advance(2_000);
    assert.deepEqual(leaks.toSorted(byPlace), [
      { surface: "log", dataClass: "secret.github_token", field: "line", seq: undefined },
      { surface: "log", dataClass: "secret.github_token", field: "reason", seq: undefined },
      { surface: "metric", dataClass: "pii.email", field: "layer", seq: undefined },
      { surface: "record", dataClass: "pii.email", field: "model.requested", seq: 7 },
      {
        ...{ surface: "span", dataClass: "secret.github_token" },
        ...{ field: "events[].attributes.rule", seq: undefined },
      },
      {
        ...{ surface: "span", dataClass: "pii.email" },
        ...{ field: "attributes.gen_ai.request.model", seq: undefined },
      },
    ]);
    assert.equal(clock.pending, 0, "nothing is left to do");
  });

  test("is found in names of members, which are not told then", () => {
    const { clock, leaks, watch } = setWatch();
    watch.record(line({ quotas: { [email]: "ok" }, facts: { "x-Jane Doe": { y: email } } }), 1);
    clock.advance(2_000);
    assert.deepEqual(leaks.map(({ field }) => field).sort(), ["facts.*.y", "quotas.*"]);
  });

  test("is none where a record holds it by design, and only there", () => {
    const { clock, leaks, watch } = setWatch();
    const principal = { kind: "user", groups: [email], ref: "p202611:pHUq9y0jA4K1yAC5yq8XGw" };
    watch.record(line({ kind: "prune", actor: email }), 1);
    watch.record(line({ principal: { ...principal, actor: { kind: "user" } } }), 2);
    watch.record(line({ principal: { ref: "spiffe://acme.example/ann@acme.example" } }), 3);
    clock.advance(2_000);
    assert.deepEqual(leaks, []);
    watch.record(line({ principal: { ...principal, ref: email, actor: { ref: email } } }), 4);
    clock.advance(2_000);
    assert.deepEqual(leaks.map(({ field }) => field).sort(), [
      "principal.actor.ref",
      "principal.ref",
    ]);
  });

  test("is read as it was written, whatever becomes of the memory it was written from", () => {
    const { clock, leaks, watch } = setWatch();
    const lent = line({ reason: email });
    watch.record(lent, 1);
    lent.fill(0x20);
    clock.advance(2_000);
    assert.equal(leaks.length, 1);
  });

  test("is told once of a place, however often it stands there", () => {
    const { clock, leaks, watch } = setWatch();
    watch.record(line({ tools: [{ name: email }, { name: email }] }), 1);
    clock.advance(2_000);
    assert.equal(leaks.length, 1);
  });
});

describe("how much is looked at", () => {
  /** Lines of one second that were looked at, of so many. */
  function seenOf(count: number, more: Partial<LeakWatchParts>): readonly number[] {
    const { clock, leaks, watch } = setWatch(more);
    for (let seq = 0; seq < count; seq += 1) watch.record(line({ reason: email }), seq);
    clock.advance(3_000);
    return leaks.map(({ seq = -1 }) => seq);
  }

  test("is so many a second, ten times as many while there is little to do, and all if less", () => {
    assert.equal(seenOf(1_000, { isBusy: () => true }).length, 5);
    assert.equal(seenOf(1_000, {}).length, 50);
    assert.equal(seenOf(40, {}).length, 40);
    assert.deepEqual(seenOf(1_000, { perSecond: 0 }), []);
  });

  test("is chosen evenly from all that came", () => {
    const seen = Array.from({ length: 40 }, (_, seed) => {
      const draw = new Draw(seed + 1);
      const random = () => draw.below(1_000_000) / 1_000_000;
      return seenOf(200, { isBusy: () => true, random });
    }).flat();
    assert.equal(seen.length, 200);
    const inFirstHalf = seen.filter((seq) => seq < 100).length;
    assert.ok(inFirstHalf > 70 && inFirstHalf < 130, String(inFirstHalf));
  });

  test("is done in small steps, each some time after the others", () => {
    const clock = new FakeClock();
    const steps = new Map<number, number>();
    const onLeak = () => steps.set(clock.nowMicros(), (steps.get(clock.nowMicros()) ?? 0) + 1);
    const { watch } = setWatch({ timers: clock, perSecond: 20, onLeak });
    for (let seq = 0; seq < 1_000; seq += 1) watch.record(line({ reason: email }), seq);
    clock.advance(2_000);
    assert.equal(steps.size, 40);
    assert.deepEqual([...new Set(steps.values())], [5]);
  });

  test("goes on with what comes while it is looked at, also from whoever is told", () => {
    const clock = new FakeClock();
    const told: Leak[] = [];
    const watch: LeakWatch = setWatch({
      timers: clock,
      onLeak: (leak) => {
        told.push(leak);
        if (told.length < 4) watch.logLine(JSON.stringify({ reason: email }));
      },
    }).watch;
    watch.record(line({ reason: email }), 1);
    clock.advance(1_500);
    watch.record(line({ reason: email }), 2);
    clock.advance(9_000);
    assert.deepEqual(told.map(({ surface }) => surface).sort(), [
      ...["log", "log", "log", "record", "record"],
    ]);
    assert.equal(clock.pending, 0);
  });

  test("is nothing once it is closed", () => {
    const { clock, leaks, watch } = setWatch();
    watch.record(line({ reason: email }), 1);
    watch.close();
    watch.record(line({ reason: email }), 2);
    clock.advance(5_000);
    assert.deepEqual([leaks, clock.pending], [[], 0]);
  });
});

function byPlace(one: Leak, other: Leak): number {
  const [a, b] = [one, other].map(({ field, surface }) => `${surface} ${field.length} ${field}`);
  return (a ?? "") < (b ?? "") ? -1 : 1;
}

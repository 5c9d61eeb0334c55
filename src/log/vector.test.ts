import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { FakeClock } from "../../test/support/fake-clock.ts";
import { folderOf, readLines, setLogStage, until } from "../../test/support/log-stage.ts";
import { logVector } from "../../test/support/log-vector.ts";
import type { Clock } from "../base/index.ts";
import { type DecisionRecord, encodeDecision } from "../record/index.ts";
import { createNoteSigner } from "../signing/index.ts";

/** The records of the vector, as they are parsed back. */
const [key = "", open = "", decision = ""] = logVector.records;

/** The wall clock says what the vector's records say; timers do not move. */
class VectorClock extends FakeClock implements Clock {
  readonly #times: number[];

  constructor(times: readonly string[]) {
    super();
    this.#times = times.map(
      (time) => Date.parse(`${time.slice(0, 23)}Z`) * 1000 + Number(time.slice(23, 26)),
    );
  }

  override nowMicros(): number {
    return (this.#times.length > 1 ? this.#times.shift() : this.#times[0]) ?? 0;
  }
}

/** What makes a log the published one: its names, its keys and its ids. */
function vectorLog(clock: VectorClock, ids: string[]) {
  return {
    origin: "gov.acme.example/eu1/pod-7",
    clock,
    timers: clock,
    createId: () => ids.shift() ?? "",
    drawId: () => "5f0c2a91",
    rootKey: createNoteSigner(logVector.rootName, Buffer.from(logVector.rootSeed, "hex")),
    createKey: (origin: string) =>
      createNoteSigner(origin, Buffer.from(logVector.checkpointSeed, "hex")),
  };
}

test("the writer makes every byte of the published vector", async (t) => {
  const stage = setLogStage(t);
  const [first, second, third] = [key, open, decision].map((line) => JSON.parse(line));
  const ids = [first.id, second.id, third.id];
  // The folder is made first, at a time no byte of the segment has.
  const clock = new VectorClock([first.at, first.at, second.at, third.at]);
  const log = await stage.open({
    ...vectorLog(clock, ids),
  });
  const { seq: _, log: __, id: ___, kind: ____, v: _____, at, ...fields } = third;
  const record = {
    ...fields,
    facts: { ...fields.facts, "request.params.temperature": 0.2 },
  } as DecisionRecord;
  log.append((position) => encodeDecision(record, position), { kind: "decision" }, at);
  log.commitNow();
  const folder = folderOf(stage.stateDir, log);
  assert.equal(`${readLines(folder).join("\n")}\n`, logVector.segment);
  await log.close();
});

test("a checkpoint is the published one once it is on the disk", async (t) => {
  const stage = setLogStage(t);
  const anchors: string[] = [];
  const records = logVector.records.map((line) => JSON.parse(line));
  const ids = records.map(({ id }) => id);
  const clock = new VectorClock([records[0].at, ...records.map(({ at }) => at)]);
  const log = await stage.open({
    ...vectorLog(clock, ids),
    anchors: [
      {
        name: "a",
        publish: async ({ note }) => {
          anchors.push(note);
          return note;
        },
      },
    ],
  });
  const path = join(folderOf(stage.stateDir, log), "checkpoint");
  // The first one, of what the log says of itself.
  const anchored = join(folderOf(stage.stateDir, log), "anchors/a/000000000002.checkpoint");
  await until(() => existsSync(path) && existsSync(anchored));
  log.append(() => decision, { kind: "decision" });
  log.commit();
  const checkpoints: string[] = [];
  log.onDurable(({ checkpoint: { note } }) => {
    checkpoints.push(note, readFileSync(path, "utf8"));
  });
  const isDurable = await new Promise((resolve) => {
    log.whenDurable(2, resolve);
    clock.advance(5);
  });
  assert.equal(isDurable, true);
  assert.equal(checkpoints[0], logVector.checkpoint);
  assert.notEqual(checkpoints[1], logVector.checkpoint, "replaced only afterwards");
  clock.advance(1_000);
  await until(() => readFileSync(path, "utf8") === logVector.checkpoint);
  clock.advance(60_000);
  await until(() => anchors.length === 2);
  assert.equal(anchors[1], logVector.anchored);
  await log.close();
});

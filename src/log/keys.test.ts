import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
  appendDecision,
  audit,
  folderOf,
  keyOf,
  readLines,
  readLogRecords,
  setLogStage,
} from "../../test/support/log-stage.ts";
import { generateNoteSigner, parseNote } from "../signing/index.ts";
import { CheckpointSigner } from "./checkpoint-signer.ts";

const hourMs = 3_600_000;

test("a key lasts a day; the next is introduced before it signs, and the old one signs along", async (t) => {
  const stage = setLogStage(t);
  const rootKey = generateNoteSigner("gov.acme.example/root");
  const log = await stage.open({ rootKey });
  for (let hour = 0; hour < 26; hour += 1) {
    appendDecision(log);
    const seq = log.nextSeq - 1;
    log.commit();
    log.commitNow();
    assert.equal(await new Promise((done) => log.whenDurable(seq, done)), true);
    stage.clock.advance(hourMs);
    // The root signs in a later turn.
    await new Promise(setImmediate);
  }
  await log.close();
  const folder = folderOf(stage.stateDir, log);
  const keys = readLogRecords(folder).filter(({ kind }) => kind === "key");
  assert.equal(keys.length, 2);
  const signatures = readLines(folder).flatMap((line) => {
    const { checkpoint } = JSON.parse(line) as { checkpoint?: string };
    return checkpoint === undefined ? [] : [parseNote(checkpoint)?.signatures.length];
  });
  assert.equal(signatures[0], 1);
  assert.ok(signatures.includes(2), "for an hour");
  assert.equal(signatures.at(-1), 1);
  assert.ok(log.status.keyAgeSeconds < 3 * 3600);
  const info = JSON.parse(readFileSync(join(folder, "log.json"), "utf8"));
  assert.equal(info.keys.length, 2);
  const report = audit(stage.stateDir, [rootKey.verifierKey]);
  assert.deepEqual(report.logs[0]?.problems, []);
  assert.equal(existsSync(join(stage.stateDir, "keys")), false, "they live in memory only");
});

test("without a root a log has a key of its own, in a file for its owner alone", async (t) => {
  const stage = setLogStage(t);
  const log = await stage.open();
  await log.close();
  const folder = join(stage.stateDir, "keys/log");
  const [name = ""] = readdirSync(folder);
  assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600);
  assert.match(keyOf(stage.stateDir, log), new RegExp(`^${log.origin}\\+[0-9a-f]{8}\\+`));
  assert.deepEqual(
    readLogRecords(folderOf(stage.stateDir, log)).map(({ kind }) => kind),
    ["open", "close"],
  );
});

test("two trees that are not consistent are never both signed", () => {
  const signer = new CheckpointSigner({
    origin: "h/0/00000000",
    signer: generateNoteSigner("h/0/00000000"),
    last: { size: 5, root: Buffer.alloc(32, 5) },
    monotonicMicros: () => 0,
  });
  assert.throws(() => signer.sign(4, Buffer.alloc(32, 4)), /consistent/);
  assert.throws(() => signer.sign(5, Buffer.alloc(32, 4)), /consistent/);
  signer.sign(5, Buffer.alloc(32, 5));
  signer.sign(6, Buffer.alloc(32, 6));
  assert.throws(() => signer.sign(5, Buffer.alloc(32, 5)), /consistent/);
});

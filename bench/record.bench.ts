/**
 * What does evidence cost? Makes a decision record, appends and writes it, as an exchange does before
 * its answer leaves, against a logger that writes the same line to the same disk, and against signing
 * each record by itself; then says what a record costs with everything (tree, signed checkpoints,
 * syncs, tiles) at a steady rate, and how fast a log is verified.
 *
 * `npm run bench record [records] [records per second] [seconds of a paced round]`, or
 * `npm run bench record verify` for the last of these alone.
 *
 * Everything at a steady rate is measured twice. Played: the same turns, commits and duties one after
 * the other, on a clock that waits for nobody, so that what is counted is what the log does. Paced: in
 * real time, in a process that does nothing else and sleeps between the turns, so that each turn finds
 * the caches of the processor empty; what the sleeping itself takes is taken off. Both in rounds.
 */
import { generateKeyPairSync, randomFillSync, sign } from "node:crypto";
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { argv } from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import pino from "pino";
import { type Clock, createUuidV7, invariant, type Timers } from "../src/base/index.ts";
import { findLogs, verifyLogs } from "../src/evidence/index.ts";
import {
  createDiskFiles,
  openRecordLog,
  type RecordLog,
  type RecordRole,
} from "../src/log/index.ts";
import { type DecisionRecord, encodeDecision } from "../src/record/index.ts";
import { generateNoteSigner, parseVerifierKey } from "../src/signing/index.ts";
import { FakeClock } from "../test/support/fake-clock.ts";
import { logVector } from "../test/support/log-vector.ts";
import { describeMachine, median, quantile } from "./statistics.ts";

const isVerifyOnly = argv[3] === "verify";
const [records = 50_000, perSecond = 2_000, seconds = 3] = isVerifyOnly
  ? []
  : argv.slice(3).map(Number);
const warmUp = 20_000;
const tickMs = 5;
const playedRounds = 7;
const pacedRounds = 7;
const playedSeconds = 10;
/** Records of so much time are not durable where a commit is under way; the next one waits for it. */
const unsignedMs = 110;

const clock = {
  nowMicros: () => (performance.timeOrigin + performance.now()) * 1000,
  monotonicMicros: () => performance.now() * 1000,
};
const timers = {
  after: (milliseconds: number, run: () => void) => {
    const timer = setTimeout(run, milliseconds);
    return { cancel: () => clearTimeout(timer), restart: () => timer.refresh() };
  },
};
const createId = createUuidV7(() => clock.nowMicros(), randomFillSync);
const rootKey = generateNoteSigner("bench.example/root");
const record = decisionOfTheVector();
const folder = mkdtempSync(join(tmpdir(), "bench-record-"));
try {
  console.log(`machine: ${describeMachine()}, load ${loadavg()[0]?.toFixed(1)}`);
  const stateDir = join(folder, "played");
  if (isVerifyOnly) await play(stateDir);
  else await measureWriting(stateDir);
  measureVerifying(stateDir);
} finally {
  rmSync(folder, { recursive: true });
}

async function measureWriting(stateDir: string): Promise<void> {
  const log = await open(join(folder, "paced"), clock, timers);
  const line = encodeDecision(record, { log: log.origin, seq: 1, id: createId(), at: now() });
  console.log(`one record: ${Buffer.byteLength(line)} bytes`);
  const written = await measure(() => writeOne(log));
  console.log("microseconds per record: p50, p99, p99.9, mean");
  console.log(`  made, appended and written:            ${show(written)}`);
  const logger = measureLogger(line);
  console.log(`  the same line by pino, written at once: ${show(logger)}`);
  const signed = measureSigning(line);
  console.log(`  the same line, signed and written:      ${show(signed)}`);
  console.log(`  ratio to pino:    ${(median(written) / median(logger)).toFixed(2)}`);
  console.log(`  ratio to signing: ${(median(written) / median(signed)).toFixed(2)}`);
  const paced = await steady(log);
  await log.close();
  const played = await play(stateDir);
  console.log(`CPU at ${perSecond} records a second, everything included, us per record:`);
  console.log(`  played: ${played.map((one) => one.toFixed(1)).join(" ")}`);
  console.log(`  paced:  ${paced.map((one) => one.toFixed(1)).join(" ")}`);
  console.log(`  medians: ${median(played).toFixed(1)} played, ${median(paced).toFixed(1)} paced`);
}

/** With a round before those that count, to warm up. */
function measureVerifying(stateDir: string): void {
  verify(stateDir, 1);
  const verified = verify(stateDir, playedRounds);
  console.log("records verified per second of the processor:");
  console.log(`  ${verified.map((one) => Math.round(one)).join(" ")}`);
  console.log(`  median: ${Math.round(median(verified))}`);
}

function now(): string {
  return new Date().toISOString().replace("Z", "000Z");
}

function open(stateDir: string, clock: Clock, timers: Timers): Promise<RecordLog> {
  return openRecordLog({
    ...{ stateDir, origin: "bench.example", clock, timers, createId, rootKey },
  });
}

function writeOne(log: RecordLog): void {
  const exchange = createId();
  const role: RecordRole = { kind: "decision", exchange, retainDays: 400, mayBeLate: false };
  log.append((position) => encodeDecision({ ...record, exchange }, position), role);
  log.commit();
}

async function measure(run: () => void): Promise<readonly number[]> {
  const took: number[] = [];
  for (let count = 0; count < warmUp + records; count += 1) {
    const start = performance.now();
    run();
    if (count >= warmUp) took.push((performance.now() - start) * 1000);
    // What is due beside it gets its turn, and is not what is asked about here.
    if (count % 64 === 0) await new Promise(setImmediate);
  }
  return took;
}

function measureLogger(line: string): readonly number[] {
  const destination = pino.destination({ dest: join(folder, "pino.log"), sync: true });
  const logger = pino({ base: null }, destination);
  const parsed: object = JSON.parse(line);
  const took: number[] = [];
  for (let count = 0; count < warmUp + records; count += 1) {
    const start = performance.now();
    logger.info(parsed);
    if (count >= warmUp) took.push((performance.now() - start) * 1000);
  }
  return took;
}

function measureSigning(line: string): readonly number[] {
  const { privateKey } = generateKeyPairSync("ed25519");
  const file = openSync(join(folder, "signed.log"), "a");
  const took: number[] = [];
  for (let count = 0; count < (warmUp + records) / 5; count += 1) {
    const start = performance.now();
    const bytes = Buffer.from(line);
    writeSync(file, `${line} ${sign(null, bytes, privateKey).toString("base64")}\n`);
    if (count >= warmUp / 5) took.push((performance.now() - start) * 1000);
  }
  closeSync(file);
  return took;
}

/**
 * CPU per record of the whole process, by round, less what it takes when idle: both change from one
 * second to the next where others use the machine, so each round has an idle second of its own.
 */
async function steady(log: RecordLog): Promise<readonly number[]> {
  // What the measurements before have left to do is not what is asked about.
  await delay(2_000);
  const rounds: number[] = [];
  for (let round = 0; round < pacedRounds; round += 1) {
    const idle = await usedIn(1, () => undefined);
    let done = 0;
    const used = await usedIn(seconds, (elapsed) => {
      for (; done < elapsed * perSecond; done += 1) writeOne(log);
    });
    rounds.push((used - idle * seconds) / done);
  }
  return rounds;
}

/** Microseconds of CPU in so many seconds, with something done at each tick. */
async function usedIn(seconds: number, run: (elapsed: number) => void): Promise<number> {
  const before = process.cpuUsage();
  const start = performance.now();
  for (let elapsed = 0; elapsed < seconds; elapsed = (performance.now() - start) / 1000) {
    run(elapsed);
    await delay(tickMs);
  }
  return total(process.cpuUsage(before));
}

/** CPU per record of the whole process, by round. The rate is that of the log's own clock. */
async function play(stateDir: string): Promise<readonly number[]> {
  const clock = new FakeClock();
  const log = await open(stateDir, clock, clock);
  const rounds: number[] = [];
  for (let round = 0; round < playedRounds; round += 1) {
    const before = process.cpuUsage();
    let done = 0;
    for (let at = 0; at < playedSeconds * 1000; at += tickMs) {
      for (; done < (at / 1000) * perSecond; done += 1) writeOne(log);
      clock.advance(tickMs);
      await new Promise(setImmediate);
      // As many commits as in real time: none starts before the one before is through.
      if (log.status.unsignedRecords > (perSecond * unsignedMs) / 1000) await nextMark(log);
    }
    rounds.push(total(process.cpuUsage(before)) / done);
  }
  await log.close();
  return rounds;
}

function nextMark(log: RecordLog): Promise<void> {
  return new Promise((resolve) => {
    const end = log.onDurable(() => {
      end();
      resolve();
    });
  });
}

/** Records per second of the processor, by round. */
function verify(stateDir: string, count: number): readonly number[] {
  const root = parseVerifierKey(rootKey.verifierKey);
  const rounds: number[] = [];
  for (let round = 0; round < count && root !== undefined; round += 1) {
    const before = process.cpuUsage();
    const logs = findLogs(createDiskFiles(join(stateDir, "log")));
    const report = verifyLogs({ logs, trusted: [root] });
    invariant(report.status === "good", "the log that was written verifies");
    const size = report.logs.reduce((sum, one) => sum + one.size, 0);
    rounds.push((size * 1e6) / total(process.cpuUsage(before)));
  }
  return rounds;
}

function total({ system, user }: NodeJS.CpuUsage): number {
  return system + user;
}

function show(took: readonly number[]): string {
  const mean = took.reduce((sum, one) => sum + one, 0) / took.length;
  const figures = [median(took), quantile(took, 0.99), quantile(took, 0.999), mean];
  return figures.map((figure) => figure.toFixed(1).padStart(7)).join(" ");
}

function decisionOfTheVector(): DecisionRecord {
  const {
    at: _,
    id: __,
    kind: ___,
    log: ____,
    seq: _____,
    v: ______,
    ...fields
  } = JSON.parse(logVector.records[2] ?? "");
  return {
    ...fields,
    // Names as most are: the vector's are there to be hard to write.
    principal: { ...fields.principal, groups: ["support", "eu-west"] },
    facts: { ...fields.facts, "request.params.temperature": 0.2 },
  };
}

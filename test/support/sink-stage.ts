/** A log that is written to, and sinks that read it, in the time of the machine. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { createUuidV7, type Timers } from "../../src/base/index.ts";
import {
  openRecordLog,
  type RecordLog,
  type RecordLogOptions,
  takeSlotLock,
} from "../../src/log/index.ts";
import {
  openSinks,
  type SinkConfig,
  type SinkObserver,
  type Sinks,
  type SinksOptions,
} from "../../src/sinks/index.ts";
import type { Cleanup } from "./chancery-process.ts";
import { appendDecision, folderOf, readLines } from "./log-stage.ts";

/** Waits of sinks are that much shorter: a back-off begins with 25 ms, a deadline is 1.5 s. */
const hurry = 20;

const clock = {
  nowMicros: () => Math.floor((performance.timeOrigin + performance.now()) * 1000),
  monotonicMicros: () => performance.now() * 1000,
};

/** The timers of the machine, so many times as fast. */
export function timersOf(divisor: number): Timers {
  return {
    after(milliseconds, run) {
      let timeout = setTimeout(run, milliseconds / divisor);
      return {
        cancel: () => clearTimeout(timeout),
        restart: () => {
          clearTimeout(timeout);
          timeout = setTimeout(run, milliseconds / divisor);
        },
      };
    },
  };
}

const hurriedTimers = timersOf(hurry);

/** What an observer was told, in order. */
export interface Told {
  readonly sent: Map<string, number>;
  readonly troubles: string[];
  readonly stopped: string[];
  readonly observer: SinkObserver;
}

/** A state directory with an open log. */
export interface SinkStage {
  readonly stateDir: string;
  readonly log: RecordLog;
  readonly told: Told;
  /** Appends records and has them durable. */
  append(count: number): Promise<void>;
  /** All lines of the log, checkpoint lines too. */
  lines(): readonly string[];
  /** Opens sinks, which the test's end closes. */
  open(sinks: readonly SinkConfig[], options?: Partial<SinksOptions>): Promise<Sinks>;
  /** Records that the cursor of a sink has passed; 0 where it has none. */
  cursorSeq(sink: string): number;
  /** The cursor file of a sink. */
  cursor(sink: string): CursorContent;
}

interface CursorContent {
  readonly logs: Readonly<
    Record<string, { readonly seq: number; readonly segment: number; readonly byte: number }>
  >;
  readonly refused: readonly { readonly seq: number; readonly reason: string }[];
}

export async function setSinkStage(
  t: Cleanup,
  options: Partial<RecordLogOptions> = {},
): Promise<SinkStage> {
  const stateDir = mkdtempSync(join(tmpdir(), "sink-stage-"));
  const log = await openRecordLog({
    ...{ stateDir, origin: "gov.acme.example", clock, timers: timersOf(1) },
    createId: createUuidV7(
      () => clock.nowMicros(),
      (bytes) => bytes.fill(7),
    ),
    ...options,
  });
  const told = listen();
  const open: Sinks[] = [];
  const cursor = (sink: string) =>
    JSON.parse(readFileSync(join(stateDir, "sinks", `${sink}.json`), "utf8")) as CursorContent;
  t.after(async () => {
    await log.close();
    await Promise.all(open.map((sinks) => sinks.close(AbortSignal.timeout(500))));
    rmSync(stateDir, { recursive: true, force: true });
  });
  return {
    ...{ stateDir, log, told },
    async append(count) {
      for (let index = 0; index < count; index += 1) {
        appendDecision(log);
        if (index % 500 === 499) log.commit();
      }
      log.commit();
      await new Promise((resolve) => log.whenDurable(log.nextSeq - 1, resolve));
    },
    lines: () => readLines(folderOf(stateDir, log)),
    async open(sinks, more = {}) {
      mkdirSync(join(stateDir, "sinks"), { recursive: true });
      const opened = await openSinks({
        ...{ sinks, stateDir, own: log, clock, timers: hurriedTimers, observer: told.observer },
        takeLock: () => takeSlotLock(join(stateDir, "sinks", "lock"), 0),
        sender: { host: "gov-1", processId: 42, version: "1.2.3" },
        random: () => 0.5,
        ...more,
      });
      open.push(opened);
      return opened;
    },
    cursorSeq: (sink) =>
      existsSync(join(stateDir, "sinks", `${sink}.json`))
        ? (cursor(sink).logs[log.origin]?.seq ?? 0)
        : 0,
    cursor,
  };
}

function listen(): Told {
  const [sent, troubles, stopped] = [new Map<string, number>(), [], []] as [
    Map<string, number>,
    string[],
    string[],
  ];
  return {
    ...{ sent, troubles, stopped },
    observer: {
      sent: (sink, lines) => sent.set(sink, (sent.get(sink) ?? 0) + lines),
      failed: (_sink, trouble) => troubles.push(trouble),
      stopped: (sink) => stopped.push(sink),
    },
  };
}

/** Resolves once a claim holds; rejects after a minute, naming what was waited for. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

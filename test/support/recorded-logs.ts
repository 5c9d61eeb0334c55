import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { RecordLog } from "../../src/log/index.ts";
import { canonicalJson } from "../../src/signing/index.ts";
import type { Cleanup } from "./chancery-process.ts";
import { type LogRecord, type LogStage, readLogRecords, setLogStage } from "./log-stage.ts";
import { type CliResult, runCli } from "./run-cli.ts";

/** A state directory with logs, in which commands are run. */
export interface LogScene extends LogStage {
  /** Runs `chancery log` there. */
  run(...argv: readonly string[]): Promise<CliResult>;
}

export function setLogScene(t: Cleanup): LogScene {
  const stage = setLogStage(t);
  return { ...stage, run: (...argv) => runCli(["log", ...argv], stage.stateDir) };
}

/** What people did in a state directory, as the admin log has it. */
export function adminRecords({ stateDir }: Pick<LogScene, "stateDir">): readonly LogRecord[] {
  const slot = join(stateDir, "log", "admin");
  const id = readFileSync(join(slot, "current"), "utf8");
  return readLogRecords(join(slot, id)).filter(({ kind }) => /^(access|erase|hold)$/.test(kind));
}

let drawn = 0;

/** The id of an exchange, another with each call. */
export function drawExchange(): string {
  drawn += 1;
  return `01a1fd1e-9060-7266-9625-${String(drawn).padStart(12, "0")}`;
}

/** Appends a final decision with these members beside what every record has, and gives its exchange. */
export function appendFinal(
  log: Pick<RecordLog, "append">,
  members: Readonly<Record<string, unknown>> = {},
): string {
  const exchange = drawExchange();
  const json = { tenant: "acme", app: "bot", outcome: "permit", verdict: "allow", ...members };
  log.append(
    ({ at, id, log: origin, seq }) =>
      canonicalJson({
        ...json,
        at,
        exchange,
        final: true,
        id,
        kind: "decision",
        log: origin,
        seq,
        v: 1,
      }),
    { kind: "decision", exchange },
  );
  return exchange;
}

/** Writes what was appended and ends its segment: the hour is over for the next record. */
export async function endSegment(log: RecordLog, stage: LogStage): Promise<void> {
  log.commit();
  stage.clock.advance(3_600_000);
  await new Promise(setImmediate);
}

/** The segments of a log folder that are there, by name. */
export function segmentsIn(folder: string): readonly string[] {
  return readdirSync(join(folder, "segments")).filter((name) => name.endsWith(".jsonl"));
}

/** The logs of a stopped server held against the access log of the proxy, as an auditor does it. */
import { readFileSync } from "node:fs";
import { readdir, readFile, truncate } from "node:fs/promises";
import { join } from "node:path";
import { findLogs, type JoinReport, readLogInfo, verifyLogs } from "../../src/evidence/index.ts";
import { createDiskFiles } from "../../src/log/disk-files.ts";
import { parseVerifierKey } from "../../src/signing/index.ts";
import type { EnvoyStage } from "./envoy-stage.ts";
import type { WrittenRecord } from "./exchange-stage.ts";
import { type AccessLogLine, eventually } from "./governed-envoy.ts";
import { keyOf } from "./log-stage.ts";

/** What both logs come to. */
export interface JoinedLogs {
  readonly status: string;
  /** Of the logs alone, whatever the access log says. */
  readonly problems: readonly string[];
  readonly join: JoinReport;
}

/** The verifier keys of the logs below a state directory, which have no root. */
export function logKeysOf(stateDir: string): readonly string[] {
  return findLogs(createDiskFiles(join(stateDir, "log"))).flatMap(({ files }) => {
    const info = readLogInfo(files);
    return info === undefined ? [] : [keyOf(stateDir, info)];
  });
}

/** Verifies all logs of a server whose state is in `directory`, and joins them with an access log. */
export function joinLogs(directory: string, accessLogPath: string): JoinedLogs {
  const stateDir = join(directory, "state");
  const {
    join: joined,
    logs,
    status,
  } = verifyLogs({
    logs: findLogs(createDiskFiles(join(stateDir, "log"))),
    trusted: logKeysOf(stateDir).flatMap((key) => parseVerifierKey(key) ?? []),
    accessLog: readFileSync(accessLogPath, "utf8").split("\n"),
  });
  if (joined === undefined) throw new Error("nothing was joined");
  return {
    status,
    problems: logs.flatMap((log) => log.problems.map(({ code }) => code)),
    join: joined,
  };
}

/** Envoy writes its log now and then. */
const accessLogMs = 15_000;

/** All lines of the access log, once it has every request there was. */
export function accessLogLines({
  envoy,
  statistic,
}: EnvoyStage): Promise<readonly AccessLogLine[]> {
  return eventually(async () => {
    const total = await statistic("http.llm.downstream_rq_total");
    const text = await readFile(envoy.accessLogPath, "utf8");
    const lines = text.split("\n").slice(0, -1);
    return lines.length === total ? lines.map((line) => JSON.parse(line)) : undefined;
  }, accessLogMs);
}

/**
 * Takes what stands behind the last checkpoint line of the one log in `directory`, as a power cut
 * may, and gives those records.
 */
export async function cutTail(directory: string): Promise<readonly WrittenRecord[]> {
  const log = join(directory, "state", "log");
  const names = await readdir(log, { recursive: true });
  const path = join(
    log,
    names
      .filter((name) => name.endsWith(".jsonl"))
      .sort()
      .at(-1) ?? "",
  );
  const text = await readFile(path, "utf8");
  const kept = text.indexOf("\n", text.lastIndexOf('{"checkpoint":')) + 1;
  await truncate(path, Buffer.byteLength(text.slice(0, kept)));
  const lines = text.slice(kept).split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line) as WrittenRecord);
}

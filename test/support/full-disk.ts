/** A disk that is full for one process, made of its limit on the size of files. */
import { execFileSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/**
 * The segment of the one log below `stateDir` takes `roomBytes` more and then no byte, as on a full
 * disk: the kernel cuts the write short and refuses the next one (setrlimit(2), RLIMIT_FSIZE).
 */
export function fillDisk(processId: number, stateDir: string, roomBytes = 40): void {
  const log = join(stateDir, "log");
  const segments = readdirSync(log, { recursive: true, encoding: "utf8" });
  const last = segments.filter((name) => name.endsWith(".jsonl")).sort();
  const { size } = statSync(join(log, last.at(-1) ?? ""));
  limit(processId, String(size + roomBytes));
}

/** Gives all room back. */
export function clearDisk(processId: number): void {
  limit(processId, "unlimited");
}

/** The soft limit only: raising the hard one again is not for everybody. */
function limit(processId: number, bytes: string): void {
  execFileSync("prlimit", [`--pid=${processId}`, `--fsize=${bytes}:`]);
}

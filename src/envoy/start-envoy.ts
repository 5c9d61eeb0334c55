import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { getCACertificates } from "node:tls";
import { parseHostPort } from "./address.ts";
import { type BootstrapOptions, renderBootstrap } from "./bootstrap.ts";

/** What to run and where. */
export interface StartEnvoyOptions {
  /** The binary, as `findEnvoy` gave it. */
  readonly path: string;
  /** Gets the bootstrap, the access log and what else belongs to this run; created if absent. */
  readonly directory: string;
  /** Without `trustedCaPath`, https upstreams are checked against the system's authorities. */
  readonly bootstrap: BootstrapOptions;
  /** Worker threads; default 1. */
  readonly concurrency?: number;
  readonly readyDeadlineMs?: number;
  /** After this long SIGTERM is followed by SIGKILL. */
  readonly stopDeadlineMs?: number;
}

/** How the process ended: exactly one of the two is not null. */
interface EnvoyExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A running Envoy. */
export interface EnvoyProcess {
  /** Of the listener, such as `http://127.0.0.1:10000`. */
  readonly baseUrl: string;
  readonly adminUrl: string;
  readonly pid: number;
  readonly accessLogPath: string;
  /** The end of what it wrote to standard error. */
  stderr(): string;
  /** Resolves when the process is gone, for whatever reason; never rejects. */
  readonly exited: Promise<EnvoyExit>;
  /** Ends it and waits until it is gone. Idempotent. */
  stop(): Promise<void>;
}

/** Envoy ended or did not become ready; the message holds the end of its standard error. */
export class EnvoyNotStarted extends Error {
  override readonly name = "EnvoyNotStarted";
}

const stderrCharsMax = 64 * 1024;
const pollMs = 20;
const adminCallMs = 2_000;

/**
 * Writes the bootstrap, starts Envoy and waits until it is live and its port is known. The process
 * does not outlive this one. Throws `EnvoyNotStarted`.
 */
export async function startEnvoy(options: StartEnvoyOptions): Promise<EnvoyProcess> {
  const { directory, bootstrap, readyDeadlineMs = 20_000, stopDeadlineMs = 5_000 } = options;
  await mkdir(directory, { recursive: true });
  const files = filesIn(directory);
  const accessLogPath = bootstrap.accessLogPath ?? files.accessLog;
  const trustedCaPath = bootstrap.trustedCaPath ?? files.trustedCa;
  const isTls = bootstrap.upstreams.some(({ url }) => url.protocol === "https:");
  if (isTls && bootstrap.trustedCaPath === undefined) {
    await writeFile(trustedCaPath, trustedAuthorities());
  }
  await writeFile(files.bootstrap, renderBootstrap({ ...bootstrap, accessLogPath, trustedCaPath }));
  // A stale one would be taken for the new process's.
  await writeFile(files.adminAddress, "");
  const running = run(options.path, argumentsFor(files, options.concurrency ?? 1), stopDeadlineMs);
  try {
    const deadline = AbortSignal.any([AbortSignal.timeout(readyDeadlineMs), running.gone]);
    const adminUrl = await untilLive(files.adminAddress, deadline);
    const baseUrl = await listenerUrl(adminUrl, deadline);
    const { pid, exited, stderr, stop } = running;
    return { baseUrl, adminUrl, pid, accessLogPath, stderr, exited, stop };
  } catch (cause) {
    const state = running.gone.aborted
      ? "ended"
      : `was not ready after ${readyDeadlineMs / 1000} s`;
    await running.stop();
    throw new EnvoyNotStarted(`Envoy ${state}: ${running.stderr().trim()}`, { cause });
  }
}

interface EnvoyFiles {
  readonly bootstrap: string;
  readonly accessLog: string;
  readonly adminAddress: string;
  readonly trustedCa: string;
}

function filesIn(directory: string): EnvoyFiles {
  return {
    bootstrap: join(directory, "bootstrap.yaml"),
    accessLog: join(directory, "access.log"),
    adminAddress: join(directory, "admin-address"),
    trustedCa: join(directory, "trusted-ca.pem"),
  };
}

/** The system's authorities as PEM, or Node's own where the system has none. */
function trustedAuthorities(): string {
  const system = getCACertificates("system");
  const authorities = system.length > 0 ? system : getCACertificates("bundled");
  return [...new Set(authorities)].join("\n");
}

function argumentsFor(files: EnvoyFiles, concurrency: number): readonly string[] {
  return [
    ...["-c", files.bootstrap, "--admin-address-path", files.adminAddress],
    ...["--concurrency", String(concurrency), "--log-level", "warning"],
    // Several can run on one machine; a line of the access log is there soon after its exchange.
    ...["--disable-hot-restart", "--file-flush-interval-msec", "100"],
  ];
}

interface RunningEnvoy extends Pick<EnvoyProcess, "pid" | "exited" | "stderr" | "stop"> {
  /** Aborted when the process is gone. */
  readonly gone: AbortSignal;
}

function run(path: string, args: readonly string[], stopDeadlineMs: number): RunningEnvoy {
  const child = spawn(path, args, { stdio: ["ignore", "ignore", "pipe"] });
  const stderr = collectEnd(child);
  const gone = new AbortController();
  const killWithUs = () => child.kill("SIGKILL");
  process.once("exit", killWithUs);
  const exited = new Promise<EnvoyExit>((resolve) => {
    const settle = (exit: EnvoyExit) => {
      process.off("exit", killWithUs);
      gone.abort();
      resolve(exit);
    };
    child.once("close", (code, signal) => settle({ code, signal }));
    // Never started: no exit follows.
    child.once("error", () => settle({ code: -1, signal: null }));
  });
  const end = async () => {
    child.kill("SIGTERM");
    const late = setTimeout(() => child.kill("SIGKILL"), stopDeadlineMs);
    await exited;
    clearTimeout(late);
  };
  // Once only: a second SIGTERM would end Envoy without its own shutdown.
  let ending: Promise<void> | undefined;
  const stop = () => {
    ending ??= end();
    return ending;
  };
  return { pid: child.pid ?? -1, exited, stderr, stop, gone: gone.signal };
}

/** Keeps the last part of standard error, however much is written. */
function collectEnd(child: ChildProcess): () => string {
  let end = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    end = (end + text).slice(-stderrCharsMax);
  });
  child.once("error", (error) => {
    end += error.message;
  });
  return () => end;
}

/** Waits for `/ready` to say LIVE, and gives the admin's URL. */
async function untilLive(adminAddressFile: string, deadline: AbortSignal): Promise<string> {
  for (;;) {
    const address = await readFile(adminAddressFile, "utf8");
    if (parseHostPort(address) !== undefined && (await isLive(`http://${address}`, deadline))) {
      return `http://${address}`;
    }
    await delay(pollMs, undefined, { signal: deadline });
  }
}

async function isLive(adminUrl: string, deadline: AbortSignal): Promise<boolean> {
  try {
    return (await adminText(`${adminUrl}/ready`, deadline)).startsWith("LIVE");
  } catch (error) {
    if (deadline.aborted) throw error;
    // Not listening yet; the caller asks again until its deadline.
    return false;
  }
}

async function listenerUrl(adminUrl: string, deadline: AbortSignal): Promise<string> {
  const listeners = JSON.parse(await adminText(`${adminUrl}/listeners?format=json`, deadline));
  const { address, port_value } = listeners.listener_statuses[0].local_address.socket_address;
  return `http://${toReachable(address)}:${port_value}`;
}

/** A listener on every address is reached over loopback. */
function toReachable(address: string): string {
  if (address === "0.0.0.0") return "127.0.0.1";
  if (address === "::") return "[::1]";
  return address.includes(":") ? `[${address}]` : address;
}

async function adminText(url: string, deadline: AbortSignal): Promise<string> {
  const signal = AbortSignal.any([deadline, AbortSignal.timeout(adminCallMs)]);
  return await (await fetch(url, { signal })).text();
}

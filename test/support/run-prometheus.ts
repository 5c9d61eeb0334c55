import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import type { TestContext } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { debianTool } from "./debian-tools.ts";

const pollMs = 50;
const readyMs = 20_000;

/** A running Prometheus. */
interface RunningPrometheus {
  /** Of its API. */
  readonly url: string;
}

/** Starts Debian's Prometheus under a configuration; the test's end takes it down. */
export async function runPrometheus(
  t: TestContext,
  configFile: string,
  storage: string,
): Promise<RunningPrometheus> {
  const { environment, path } = await debianTool("prometheus");
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(
    path,
    [
      `--config.file=${configFile}`,
      `--storage.tsdb.path=${storage}`,
      `--web.listen-address=${address}`,
      "--enable-feature=exemplar-storage",
      "--log.level=warn",
    ],
    { env: { ...process.env, ...environment }, stdio: ["ignore", "ignore", "pipe"] },
  );
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const killWithUs = () => child.kill("SIGKILL");
  process.once("exit", killWithUs);
  const closed = once(child, "close");
  t.after(async () => {
    child.kill("SIGTERM");
    await closed;
    process.off("exit", killWithUs);
  });
  const url = `http://${address}`;
  await untilReady(url, child, () => said);
  return { url };
}

async function untilReady(url: string, child: ChildProcess, said: () => string): Promise<void> {
  const deadline = performance.now() + readyMs;
  while (child.exitCode === null && performance.now() < deadline) {
    const ready = await fetch(`${url}/-/ready`).catch(() => undefined);
    if (ready?.ok) return;
    await delay(pollMs);
  }
  throw new Error(`Prometheus did not become ready: ${said()}`);
}

/** It cannot be told to take any port and say which. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

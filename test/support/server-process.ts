/** Servers that tests start on free loopback ports, take away, and bring back. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import type { Cleanup } from "./chancery-process.ts";

/** A server that can be killed, held still, and started again as it was. */
export interface ServerProcess {
  readonly pid: number | undefined;
  /** Starts it and resolves once it listens. */
  start(): Promise<void>;
  /** Kills it, as a machine that is lost would. */
  stop(): Promise<void>;
  /** Answers nothing for a while, without closing a connection. */
  pause(): void;
  resume(): void;
}

/** How long a server may take to listen. */
const startMs = 60_000;

/** Starts a program that listens on a port; the test's end stops it. */
export async function startServerProcess(
  t: Cleanup,
  options: {
    readonly path: string;
    readonly args: readonly string[];
    readonly port: number;
    readonly environment?: Readonly<Record<string, string>>;
    readonly cwd?: string;
  },
): Promise<ServerProcess> {
  let child: ChildProcess | undefined;
  const output: string[] = [];
  const stop = async () => {
    const running = child;
    child = undefined;
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
    const gone = once(running, "exit");
    running.kill("SIGKILL");
    await gone;
  };
  const start = async () => {
    const { args, cwd, environment, path, port } = options;
    const started = spawn(path, args, {
      ...{ cwd, env: { ...process.env, ...environment }, stdio: ["ignore", "pipe", "pipe"] },
    });
    child = started;
    for (const stream of [started.stdout, started.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => output.push(text));
    }
    const deadline = performance.now() + startMs;
    while (!(await listens(port))) {
      if (started.exitCode !== null || performance.now() > deadline) {
        throw new Error(`${path} does not listen: ${output.join("").slice(-2_000)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  t.after(stop);
  await start();
  return {
    get pid() {
      return child?.pid;
    },
    ...{ start, stop },
    pause: () => child?.kill("SIGSTOP"),
    resume: () => child?.kill("SIGCONT"),
  };
}

/** A port of this machine on which nothing listens. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

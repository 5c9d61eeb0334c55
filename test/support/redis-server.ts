/** A real Redis on a free loopback port, for tests. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { Redis } from "ioredis";
import type { Cleanup } from "./chancery-process.ts";
import { debianTool } from "./debian-tools.ts";
import { eventually } from "./governed-envoy.ts";

/** A running server that can be taken away and brought back, empty, on the same port. */
export interface RedisServer {
  readonly url: string;
  readonly password: string;
  /** Kills it, as a machine that is lost would. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Answers nothing for a while, without closing a connection. */
  pause(): void;
  resume(): void;
  /** All keys with the milliseconds they still live; -1: for ever. */
  keys(): Promise<readonly { readonly name: string; readonly leftMs: number }[]>;
  /** Forgets scripts, as a restart does. */
  flushScripts(): Promise<void>;
  /** Calls of a command since it started. */
  callsOf(command: string): Promise<number>;
}

/** Starts a server that keeps nothing on disk; the test's end stops it. */
export async function startRedis(t: Cleanup): Promise<RedisServer> {
  const { environment, path } = await debianTool("redis-server");
  const port = await freePort();
  const password = "correct horse";
  const url = `redis://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;
  const start = async () => {
    const settings = [
      "--bind",
      "127.0.0.1",
      "--save",
      "",
      "--appendonly",
      "no",
      "--daemonize",
      "no",
    ];
    const args = ["--port", String(port), "--requirepass", password, ...settings];
    child = spawn(path, args, { env: { ...process.env, ...environment }, stdio: "ignore" });
    await eventually(() => ask((redis) => redis.ping()).catch(() => undefined));
  };
  const stop = async () => {
    const running = child;
    child = undefined;
    if (running === undefined || running.exitCode !== null) return;
    const gone = once(running, "exit");
    running.kill("SIGKILL");
    await gone;
  };
  const ask = async <T>(question: (redis: Redis) => Promise<T>): Promise<T> => {
    const redis = new Redis(url, { password, retryStrategy: () => null, lazyConnect: true });
    redis.on("error", () => undefined);
    try {
      await redis.connect();
      return await question(redis);
    } finally {
      redis.disconnect();
    }
  };
  t.after(stop);
  await start();
  return {
    url,
    password,
    stop,
    start,
    pause: () => child?.kill("SIGSTOP"),
    resume: () => child?.kill("SIGCONT"),
    keys: () =>
      ask(async (redis) => {
        const names = await redis.keys("*");
        return Promise.all(names.map(async (name) => ({ name, leftMs: await redis.pttl(name) })));
      }),
    flushScripts: async () => {
      await ask((redis) => redis.script("FLUSH"));
    },
    callsOf: async (command) => {
      const text = await ask((redis) => redis.info("commandstats"));
      const found = new RegExp(`^cmdstat_${command}:calls=(\\d+)`, "m").exec(text);
      return Number(found?.[1] ?? 0);
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

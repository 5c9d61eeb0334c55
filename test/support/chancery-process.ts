/** `chancery` as a process of its own, for tests that send it signals or take it away. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { stagePolicies } from "./exchange-stage.ts";

/** What a helper needs of a test, or of a suite: a place to hang what ends with it. */
export type Cleanup = Pick<TestContext, "after">;

/** How a process ended: one of the two is not null. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A running `chancery`. */
export interface ChanceryProcess {
  readonly pid: number;
  stdout(): string;
  stderr(): string;
  /** The first match in standard output; rejects when the process ends without one. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  send(signal: NodeJS.Signals): void;
  /** As a terminal does: to the process and to those it started. */
  sendToAll(signal: NodeJS.Signals): void;
  /** Resolves when it is gone and its output was read. */
  readonly ended: Promise<ProcessEnd>;
}

/** One that serves. */
export interface ServeProcess extends ChanceryProcess {
  /** As on the `ready` line, in the order of the configuration. */
  readonly addresses: readonly string[];
  readonly adminUrl: string;
}

const launcher = fileURLToPath(new URL("../../bin/chancery.js", import.meta.url));

/** Runs a command line; what still runs when the test ends is killed. */
export function startChancery(
  t: Cleanup,
  argv: readonly string[],
  options: {
    readonly environment?: Readonly<Record<string, string | undefined>>;
    readonly launcher?: string;
  } = {},
): ChanceryProcess {
  const child = spawn(process.execPath, [options.launcher ?? launcher, ...argv], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...(options.environment ?? process.env) },
    // A group of its own, so that a signal to the group does not reach the tests.
    detached: true,
  });
  const sendToAll = (signal: NodeJS.Signals) => {
    // Without a process there is no group either, and group 0 would be our own.
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  };
  // A group outlives whoever started it, unless it is told.
  const killAll = () => {
    try {
      sendToAll("SIGKILL");
    } catch {
      // All of it is gone already, which is what is wanted.
    }
  };
  process.once("exit", killAll);
  const output = new Output(child);
  const ended = once(child, "close").then(([code, signal]) => ({ code, signal }) as ProcessEnd);
  t.after(async () => {
    killAll();
    process.off("exit", killAll);
    await ended;
  });
  return {
    pid: child.pid ?? -1,
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    printed: (pattern) => output.printed(pattern),
    send: (signal) => child.kill(signal),
    sendToAll,
    ended,
  };
}

/** Runs `chancery serve` under the stage's policies and waits until it is ready. */
export async function startServe(
  t: Cleanup,
  configPath: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<ServeProcess> {
  const running = startChancery(t, ["serve", "--config", configPath], {
    environment: { ...process.env, ...environment },
  });
  const [, addresses = "", adminUrl = ""] = await running.printed(
    /^ready {2}(.+) {2}\(admin (http:\S+)\)$/m,
  );
  return { ...running, addresses: addresses.split("  "), adminUrl };
}

/** Writes a configuration under the stage's policies into a folder, and gives its path. */
export async function writeServeConfig(
  directory: string,
  options: {
    /** Of one listener each. */
    readonly addresses: readonly string[];
    readonly name?: string;
    /** Further lines of the file. */
    readonly lines?: readonly string[];
    /** Text by path; default: the policies of the exchange tests. */
    readonly policies?: readonly { readonly path: string; readonly text: string }[];
    /** Default: the app `acme/bot`. */
    readonly identity?: string;
    /** Default: `fatal`, so that tests stay quiet. */
    readonly logLevel?: string;
  },
): Promise<string> {
  const policies = join(directory, "policies");
  await mkdir(policies, { recursive: true });
  await writePolicies(policies, options.policies ?? stagePolicies);
  const { identity = "acme/bot" } = options;
  const listeners = options.addresses.map(
    (address) => `{ address: "${address}", identity: ${identity} }`,
  );
  const path = join(directory, `${options.name ?? "chancery"}.yaml`);
  const lines = [
    `listeners: [${listeners.join(", ")}]`,
    "admin: { address: 127.0.0.1:0 }",
    `stateDir: ${join(directory, "state")}`,
    `policies: { sources: [{ directory: ${policies} }], unsigned: true }`,
    `log: { level: ${options.logLevel ?? "fatal"} }`,
    ...(options.lines ?? []),
  ];
  await writeFile(path, lines.join("\n"));
  return path;
}

/** Writes policy files into a folder. */
export async function writePolicies(
  directory: string,
  files: readonly { readonly path: string; readonly text: string }[],
): Promise<void> {
  for (const { path, text } of files) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  }
}

/** What a process has printed so far, and who waits for more. */
class Output {
  stdout = "";
  stderr = "";
  #isOver = false;
  #waiting: (() => void)[] = [];

  constructor(child: ChildProcess) {
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.stdout += text;
      this.#wake();
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.stderr += text;
    });
    child.once("close", () => {
      this.#isOver = true;
      this.#wake();
    });
  }

  async printed(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.stdout);
      if (match !== null) return match;
      if (this.#isOver) {
        throw new Error(`ended without printing ${pattern}:\n${this.stdout}\n${this.stderr}`);
      }
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}

/** An Envoy in front of a processor that the test runs itself. */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BootstrapOptions, type EnvoyProcess, startEnvoy } from "../../src/envoy/index.ts";
import type { Cleanup } from "./chancery-process.ts";
import type { WrittenRecord } from "./exchange-stage.ts";
import { HttpCaller } from "./http-caller.ts";
import { envoyBinary } from "./tools.ts";

/** A running Envoy with a client of its own. */
export interface EnvoyStage {
  readonly envoy: EnvoyProcess;
  readonly caller: HttpCaller;
  /** One counter or gauge by its full name; rejects where there is none. */
  statistic(name: string): Promise<number>;
}

/** Starts Envoy with the shipped filter; `upstream` is the provider `cloud` of the stage's policies. */
export async function startEnvoyStage(
  t: Cleanup,
  options: {
    readonly processor: readonly string[];
    readonly upstream: URL;
    readonly bootstrap?: Partial<BootstrapOptions>;
    readonly socketsMax?: number;
  },
): Promise<EnvoyStage> {
  const directory = await makeDirectory(t);
  const envoy = await startEnvoy({
    path: await envoyBinary(),
    directory,
    bootstrap: {
      listen: { host: "127.0.0.1", port: 0 },
      admin: { host: "127.0.0.1", port: 0 },
      processor: options.processor,
      upstreams: [{ provider: "cloud", url: options.upstream }],
      ...options.bootstrap,
    },
  });
  t.after(() => envoy.stop());
  const { socketsMax } = options;
  const caller = new HttpCaller(
    `${envoy.baseUrl}/v1`,
    socketsMax === undefined ? {} : { socketsMax },
  );
  t.after(() => caller.close());
  return { envoy, caller, statistic: (name) => readStatistic(envoy.adminUrl, name) };
}

/** A folder that goes when the test ends; its path is short enough for sockets in it. */
export async function makeDirectory(t: Cleanup): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "chancery-"));
  // What ends a test runs in the order it was asked for, so a server may still be writing there.
  t.after(() => rm(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }));
  return directory;
}

/** All records of exchanges in all logs below a state directory, whichever process wrote them. */
export async function readRecords(stateDir: string): Promise<readonly WrittenRecord[]> {
  return (await readAllRecords(stateDir)).filter(({ exchange }) => exchange !== undefined);
}

/** The same with what the logs tell of themselves, without their checkpoints. */
export async function readAllRecords(stateDir: string): Promise<readonly WrittenRecord[]> {
  const files = await readdir(join(stateDir, "log"), { recursive: true });
  const texts = await Promise.all(
    files
      .filter((file) => file.endsWith(".jsonl"))
      .sort()
      .map((file) => readFile(join(stateDir, "log", file), "utf8")),
  );
  return texts.flatMap((text) =>
    text
      .split("\n")
      // What stands behind the last line feed is not written in full.
      .slice(0, -1)
      .map((line) => JSON.parse(line) as WrittenRecord)
      .filter(({ kind }) => kind !== undefined),
  );
}

async function readStatistic(adminUrl: string, name: string): Promise<number> {
  const text = await (await fetch(`${adminUrl}/stats`)).text();
  for (const line of text.split("\n")) {
    const [found, value] = line.split(": ");
    if (found === name) return Number(value);
  }
  throw new Error(`Envoy has no statistic ${name}`);
}

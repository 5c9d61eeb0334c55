import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { type BootstrapOptions, type EnvoyProcess, startEnvoy } from "../../src/envoy/index.ts";
import type { PolicyFile } from "../../src/policy/index.ts";
import { parseConfig, type RunningServer, startServer } from "../../src/server/index.ts";
import { createOperatorLog, createTelemetry } from "../../src/telemetry/index.ts";
import type { BootstrapEdit } from "./bootstrap-edits.ts";
import { startEditedEnvoy } from "./edited-envoy.ts";
import { readRecords } from "./envoy-stage.ts";
import { stagePolicies, type WrittenRecord } from "./exchange-stage.ts";
import { assertLeakless } from "./leakless-records.ts";
import { assertStateReplays } from "./replays.ts";
import { envoyBinary } from "./tools.ts";
import { type StubUpstream, startUpstream } from "./upstream.ts";

/** What a test may change about the stage. */
export interface StageOptions {
  readonly bootstrap?: Partial<BootstrapOptions>;
  /** Further lines of the configuration file, such as `deadlines: { phaseMs: 100 }`. */
  readonly config?: readonly string[];
  /** Instead of those of the exchange tests. */
  readonly policies?: readonly PolicyFile[];
  /** The whole value of the configuration's `policies`, instead of a folder with them. */
  readonly policySources?: string;
  /** What the listener says beside its address; the tests' own app unless given. */
  readonly listener?: string;
  /** Kill switches are read from `switches` in the stage's directory. */
  readonly hasKillSwitches?: true;
  readonly concurrency?: number;
  /** Changes the bootstrap beyond what `bootstrap` can say. */
  readonly edit?: BootstrapEdit;
}

/** A line of Envoy's access log. */
export interface AccessLogLine {
  readonly code: string | number;
  readonly details: string;
  readonly cluster: string;
  readonly decision?: Readonly<Record<string, string | number>>;
}

/** A real Envoy, our server in this process, and two model servers: `cloud` and `local`. */
export interface GovernedEnvoy {
  /** With `/v1`. */
  readonly baseUrl: string;
  readonly envoy: EnvoyProcess;
  readonly server: RunningServer;
  readonly cloud: StubUpstream;
  readonly local: StubUpstream;
  readonly socket: string;
  /** Holds everything that server and proxy wrote. */
  readonly directory: string;
  /** All records written so far. */
  records(): Promise<readonly WrittenRecord[]>;
  /** Those of one exchange, once there are `count` of them. */
  recordsOf(exchange: string, count: number): Promise<readonly WrittenRecord[]>;
  /** Lines of the access log, once there are `count` of them. */
  accessLog(count: number): Promise<readonly AccessLogLine[]>;
  /** One counter or gauge of Envoy, by the end of its name. */
  statistic(suffix: string): Promise<number>;
  /** Resolves when the server has no open stream and holds no byte any more. */
  quiet(): Promise<void>;
  /** JSON to a path below `/v1`, as any HTTP client would send it. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
}

const pollMs = 20;
const waitMs = 5_000;

/** Starts the stage; the test's end takes it down. */
export async function startGovernedEnvoy(
  t: TestContext,
  options: StageOptions = {},
): Promise<GovernedEnvoy> {
  const directory = await mkdtemp(join(tmpdir(), "chancery-e2e-"));
  const [cloud, local] = await Promise.all([startUpstream(), startUpstream()]);
  t.after(() => Promise.all([cloud.stop(), local.stop()]));
  const socket = join(directory, "processor.sock");
  const server = await startStageServer(directory, socket, options.config ?? [], options);
  t.after(() => server.stop(AbortSignal.abort()));
  const { edit } = options;
  const start = edit === undefined ? startEnvoy : editedStart(edit);
  const envoy = await start({
    path: await envoyBinary(),
    directory: join(directory, "envoy"),
    ...(options.concurrency === undefined ? {} : { concurrency: options.concurrency }),
    bootstrap: {
      listen: { host: "127.0.0.1", port: 0 },
      admin: { host: "127.0.0.1", port: 0 },
      processor: [`unix:${socket}`],
      upstreams: [
        { provider: "cloud", url: cloud.url },
        { provider: "local", url: local.url },
      ],
      ...options.bootstrap,
    },
  });
  t.after(() => envoy.stop());
  t.after(async () => {
    try {
      // Whatever a test made a server decide, its records give it again, and hold nothing they must not.
      await assertStateReplays(join(directory, "state"));
      await assertLeakless(join(directory, "state"));
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });
  const baseUrl = `${envoy.baseUrl}/v1`;
  const records = () => readRecords(join(directory, "state"));
  return {
    baseUrl,
    envoy,
    server,
    cloud,
    local,
    socket,
    directory,
    records,
    recordsOf: (exchange, count) =>
      eventually(async () => {
        const found = (await records()).filter((record) => record["exchange"] === exchange);
        return found.length >= count ? found : undefined;
      }),
    accessLog: (count) =>
      eventually(async () => {
        const lines = await readLines(envoy.accessLogPath);
        return lines.length >= count ? lines.map((line) => JSON.parse(line)) : undefined;
      }),
    quiet: () => untilQuiet(server.adminAddress),
    statistic: (suffix) => readStatistic(envoy.adminUrl, suffix),
    post: (path, body, headers = {}) =>
      fetch(`${baseUrl}${path}`, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body),
      }),
  };
}

function editedStart(edit: BootstrapEdit): (options: StartEnvoyOptions) => Promise<EnvoyProcess> {
  return (options) => startEditedEnvoy({ ...options, edit });
}

type StartEnvoyOptions = Parameters<typeof startEnvoy>[0];

/** What is open or held, as `/status` and `/metrics` tell it, comes down to nothing. */
export async function untilQuiet(adminAddress: string): Promise<void> {
  await eventually(async () => {
    const status = (await (await fetch(`http://${adminAddress}/status`)).json()) as {
      readonly activeStreams: number;
      readonly heldBytes: number;
    };
    const metrics = await (await fetch(`http://${adminAddress}/metrics`)).text();
    const gauges = ["chancery_streams_active", "chancery_buffered_bytes"];
    const isQuiet = status.activeStreams === 0 && status.heldBytes === 0;
    return (isQuiet && gauges.every((name) => metrics.includes(`\n${name} 0\n`))) || undefined;
  });
}

/** Starts a server of its own on a socket, under the stage's policies. */
export async function startStageServer(
  directory: string,
  socket: string,
  config: readonly string[],
  served: Pick<StageOptions, "hasKillSwitches" | "listener" | "policies" | "policySources"> = {},
): Promise<RunningServer> {
  const { listener = "identity: acme/bot", policies: files = stagePolicies } = served;
  const policies = join(directory, "policies");
  for (const file of files) {
    await mkdir(dirname(join(policies, file.path)), { recursive: true });
    await writeFile(join(policies, file.path), file.text);
  }
  const switches = served.hasKillSwitches ? `, killSwitches: ${join(directory, "switches")}` : "";
  const folder = `{ directory: ${policies} }`;
  const text = [
    `listeners: [{ address: "unix:${socket}", ${listener} }]`,
    "admin: { address: 127.0.0.1:0 }",
    `stateDir: ${join(directory, "state")}`,
    `policies: ${served.policySources ?? `{ sources: [${folder}], unsigned: true${switches} }`}`,
    "drain: { noticeSeconds: 0, exchangesSeconds: 5 }",
    ...config,
  ].join("\n");
  const parsed = parseConfig({ path: join(directory, "chancery.yaml"), text });
  if (parsed.config === undefined) throw new Error(JSON.stringify(parsed.problems));
  return startServer({
    config: parsed.config,
    version: "0.0.0",
    // Spans are left out while the loop is late, as it may be on a machine that runs tests.
    telemetry: {
      ...createTelemetry({
        version: "0.0.0",
        classifiers: Object.keys(parsed.config.classifiers),
      }),
      loopLagSeconds: () => 0,
    },
    log: createOperatorLog({ level: "fatal", destination: process.stderr }),
  });
}

/** Polls until there is a value; what never comes is a failure that says so. */
export async function eventually<T>(
  look: () => Promise<T | undefined>,
  withinMs = waitMs,
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const value = await look();
    if (value !== undefined) return value;
    if (performance.now() > deadline) throw new Error(`nothing came within ${withinMs} ms`);
    await delay(pollMs);
  }
}

async function readLines(path: string): Promise<readonly string[]> {
  const text = await readFile(path, "utf8");
  // A line that is still being written has no end yet.
  return text
    .slice(0, text.lastIndexOf("\n") + 1)
    .split("\n")
    .filter((line) => line !== "");
}

async function readStatistic(adminUrl: string, suffix: string): Promise<number> {
  const text = await (await fetch(`${adminUrl}/stats`)).text();
  const line = text.split("\n").find((candidate) => candidate.split(":")[0]?.endsWith(suffix));
  return Number(line?.split(":")[1] ?? 0);
}

/**
 * What governing costs over doing nothing: the same Envoy in front of the same stub model, once with
 * Chancery, once with a no-op processor on our transport (`noop`), once with a no-op on grpc-js and
 * proto-loader (`noop-grpc`). The systems take turns; CPU is read per process from the operating
 * system. 4 KiB and 32 KiB requests, 2 KiB answers, 32 connections; streams of 100 events 5 ms apart,
 * and those again where no policy acts on answers and Envoy keeps them (`no-answers`).
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type EnvoyProcess, findEnvoy, startEnvoy } from "../src/envoy/index.ts";
import { writeBenchTenant } from "./bench-policies.ts";
import { cpuMillis, describeMachine, median, quantile } from "./statistics.ts";

const root = join(import.meta.dirname, "..");
const rounds = Number(process.env["BENCH_ROUNDS"] ?? 9);
const requestsPerRound = Number(process.env["BENCH_REQUESTS"] ?? 4000);
const largeKib = 32;
const largePerRound = Math.ceil(requestsPerRound / 4);
/** Enough that a tick of the kernel's clock, ten milliseconds, is a small part of their cost. */
const streamsPerRound = 40;
/** Between the beginnings of two streams at a fixed rate, so that ten are under way at a time. */
const streamEveryMs = 50;

interface System {
  readonly name: "chancery" | "no-answers" | "noop" | "noop-grpc";
  readonly processor: ChildProcess;
  readonly envoy: EnvoyProcess;
  readonly port: number;
  readonly cpu: number[];
  readonly processorCpu: number[];
  readonly largeCpu: number[];
  readonly rate: number[];
  readonly latencyP50: number[];
  readonly latencyP99: number[];
  readonly streamCpu: number[];
  readonly firstP50: number[];
  readonly togetherP50: number[];
}

interface LoadReport {
  readonly seconds: number;
  readonly completed: number;
  readonly failed: number;
  readonly firstP50: number;
  readonly totalP50: number;
  readonly totalP99: number;
}

const children: ChildProcess[] = [];
const directory = await mkdtemp(join(tmpdir(), "chancery-bench-"));
async function main(): Promise<void> {
  const envoy = await findEnvoy({
    environment: process.env,
    toolsDir: join(root, ".tools"),
    progress: (line) => console.error(line),
  });
  console.log(`machine: ${describeMachine()}, Envoy ${envoy.version}`);
  console.log(
    `each of ${rounds} rounds: ${requestsPerRound} requests of 4 KiB and ${largePerRound} of ` +
      `${largeKib} KiB on 32 connections, then ${streamsPerRound} streams of 100 events 5 ms apart, ` +
      `once on 10 connections that begin together and once one beginning every ${streamEveryMs} ms`,
  );
  const modelPort = Number(await ready(start("stub-model.ts", [])));
  const systems = [
    await startSystem("chancery", modelPort, envoy.path),
    await startSystem("noop", modelPort, envoy.path),
    await startSystem("noop-grpc", modelPort, envoy.path),
    await startSystem("no-answers", modelPort, envoy.path),
  ];
  // The first thousand of a kind run several times slower, until the engine has compiled what they need.
  for (const system of systems) {
    await load(system, 10_000, { kind: "json", connections: 32 });
    await load(system, 1000, { kind: "stream", connections: 100 });
  }
  for (let round = 1; round <= rounds; round += 1) {
    // Another one begins each round, so that none always runs on the warmer machine.
    for (let turn = 0; turn < systems.length; turn += 1) {
      const system = systems[(turn + round) % systems.length];
      if (system !== undefined) await measure(system);
    }
    console.error(`round ${round} of ${rounds} done`);
  }
  report(systems);
  for (const { envoy: proxy } of systems) await proxy.stop();
}

async function startSystem(
  name: System["name"],
  modelPort: number,
  envoyPath: string,
): Promise<System> {
  const socket = `unix:${join(directory, `${name}.sock`)}`;
  const processor =
    name === "chancery" || name === "no-answers"
      ? await startChancery(name, socket)
      : start(`${name}.ts`, [socket]);
  await ready(processor);
  const envoy = await startEnvoy({
    path: envoyPath,
    directory: join(directory, `envoy-${name}`),
    bootstrap: {
      listen: { host: "127.0.0.1", port: 0 },
      admin: { host: "127.0.0.1", port: 0 },
      processor: [socket],
      upstreams: [{ url: new URL(`http://127.0.0.1:${modelPort}`) }],
      ...(name === "no-answers" ? { responseBodyMode: "NONE", responseTrailers: false } : {}),
    },
  });
  const port = Number(new URL(envoy.baseUrl).port);
  const figures = {
    cpu: [],
    processorCpu: [],
    largeCpu: [],
    rate: [],
    latencyP50: [],
    latencyP99: [],
    streamCpu: [],
    firstP50: [],
    togetherP50: [],
  };
  return { name, processor, envoy, port, ...figures };
}

async function startChancery(
  name: "chancery" | "no-answers",
  socket: string,
): Promise<ChildProcess> {
  const home = join(directory, name);
  const policies = join(home, "policies");
  const config = join(home, "chancery.yaml");
  await writeBenchTenant(policies, { tenant: "bench", model: "small" });
  if (name === "no-answers") {
    await writeFile(join(policies, "platform", "requests.yaml"), requestRules);
  } else {
    await cp(join(root, "policies", "quickstart"), policies, { recursive: true });
  }
  await writeFile(
    config,
    [
      "listeners:",
      `  - address: "${socket}"`,
      "    identity: bench/load",
      ...(name === "no-answers" ? ["    bodyModes: { response: [NONE] }"] : []),
      "admin: { address: 127.0.0.1:0 }",
      `stateDir: ${join(home, "state")}`,
      `policies: { sources: [{ directory: ${policies} }], unsigned: true }`,
    ].join("\n"),
  );
  return start("../dist/main.js", ["serve", "--config", config]);
}

/** The rules of the quick start as far as they are about requests. */
const requestRules = `apiVersion: chancery/v1alpha1
kind: Policy
metadata: { name: requests, namespace: platform }
spec:
  version: 1.0.0
  attach: { layer: global }
  rules:
    - id: no-credentials
      effect: deny
      dataClasses: { anyOf: [secret], in: [system, prompt, attachment, tool_args, tool_result] }
    - id: mask-contact-data
      effect: redact
      redact: { method: mask, classes: [pii, pci, financial], directions: [request, log] }
    - id: approved-models
      effect: allow
      actions: [llm.generate]
      models: { tags: [approved] }
      dataClasses: { permitted: [public, internal] }
`;

function start(file: string, args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [join(import.meta.dirname, file), ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  return child;
}

/** What follows the word on the line that begins with `ready`. */
function ready(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`ended with ${code} before it was ready`)));
    if (child.stdout === null) return reject(new Error("no standard output to read"));
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (line.startsWith("ready")) resolve(line.split(/\s+/)[1] ?? "");
    });
  });
}

interface Load {
  readonly kind: "json" | "stream";
  readonly connections: number;
  /** Of a request body; 4 where not given. */
  readonly kib?: number;
  /** Between the beginnings of two requests; where not given, each follows an answer. */
  readonly everyMs?: number;
}

async function load(
  system: System,
  requests: number,
  { connections, everyMs, kib = 4, kind }: Load,
): Promise<LoadReport> {
  const child = start("load.ts", [
    String(system.port),
    String(connections),
    String(requests),
    kind,
    String(kib),
    ...(everyMs === undefined ? [] : [String(everyMs)]),
  ]);
  const lines: string[] = [];
  if (child.stdout !== null) for await (const part of child.stdout) lines.push(String(part));
  const result = JSON.parse(lines.join("")) as LoadReport;
  if (result.failed > 0 || result.completed !== requests) {
    throw new Error(`${system.name}: ${result.failed} failed, ${result.completed} of ${requests}`);
  }
  return result;
}

function processorMillis(system: System): number {
  return cpuMillis(system.processor.pid ?? 0);
}

function processorAndEnvoyMillis(system: System): number {
  return processorMillis(system) + cpuMillis(system.envoy.pid);
}

async function measure(system: System): Promise<void> {
  let before = processorAndEnvoyMillis(system);
  const processorBefore = processorMillis(system);
  const plain = await load(system, requestsPerRound, { kind: "json", connections: 32 });
  system.processorCpu.push((processorMillis(system) - processorBefore) / requestsPerRound);
  system.cpu.push((processorAndEnvoyMillis(system) - before) / requestsPerRound);
  system.rate.push(plain.completed / plain.seconds);
  system.latencyP50.push(plain.totalP50);
  system.latencyP99.push(plain.totalP99);
  before = processorAndEnvoyMillis(system);
  await load(system, largePerRound, { kind: "json", connections: 32, kib: largeKib });
  system.largeCpu.push((processorAndEnvoyMillis(system) - before) / largePerRound);
  before = processorAndEnvoyMillis(system);
  const streams = await load(system, streamsPerRound, { kind: "stream", connections: 10 });
  system.streamCpu.push((processorAndEnvoyMillis(system) - before) / streamsPerRound);
  system.togetherP50.push(streams.firstP50);
  const paced = { kind: "stream", connections: 40, everyMs: streamEveryMs } as const;
  system.firstP50.push((await load(system, streamsPerRound, paced)).firstP50);
}

function report(systems: readonly System[]): void {
  const bases = systems.filter(({ name }) => name === "noop" || name === "noop-grpc");
  const rows: readonly (readonly [string, keyof System, number])[] = [
    ["CPU ms per request (processor + Envoy)", "cpu", 3],
    ["of it the processor alone, ms", "processorCpu", 3],
    ["CPU ms per request of 32 KiB (processor + Envoy)", "largeCpu", 3],
    ["requests per second", "rate", 0],
    ["latency p50 ms", "latencyP50", 2],
    ["latency p99 ms", "latencyP99", 2],
    ["CPU ms per stream (processor + Envoy)", "streamCpu", 2],
    ["time to first token p50 ms, streams beginning at a fixed rate", "firstP50", 2],
    ["time to first token p50 ms, ten streams beginning together", "togetherP50", 2],
  ];
  for (const [title, key, digits] of rows) {
    console.log(`\n${title}`);
    console.log(
      "  system          min    median       p99   by round: ratio to noop, to noop-grpc; above noop",
    );
    for (const system of systems) {
      const values = system[key] as readonly number[];
      const figures = [Math.min(...values), median(values), quantile(values, 0.99)];
      // Within a round, since the machine changes more from minute to minute than the systems do.
      const ratios = bases.map((base) =>
        median(values.map((value, round) => value / Number((base[key] as number[])[round]))),
      );
      const aboveNoop = median(
        values.map((value, round) => value - noopValue(systems, key, round)),
      );
      const columns = figures.map((figure) => figure.toFixed(digits).padStart(9)).join(" ");
      const compared = [...ratios.map((ratio) => ratio.toFixed(2)), aboveNoop.toFixed(digits)];
      console.log(`  ${system.name.padEnd(10)} ${columns}   ${compared.join("  ")}`);
    }
  }
}

function noopValue(systems: readonly System[], key: keyof System, round: number): number {
  const noop = systems.find(({ name }) => name === "noop");
  return Number((noop?.[key] as number[] | undefined)?.[round]);
}

async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit", { signal: AbortSignal.timeout(30_000) });
  child.kill("SIGTERM");
  await ended;
}

try {
  await main();
} finally {
  // They write to the directory until they have ended.
  await Promise.all(children.map(endChild));
  await rm(directory, { recursive: true, force: true });
}

/**
 * `npm run soak -- --minutes 5`: an hour of mixed traffic (72,000 exchanges) in the given time through
 * a real Envoy, and whether memory, handles and metric series of the server stay flat. Prints what was
 * sent, the course of each figure and a verdict; exits 1 where one grew.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { findEnvoy, startEnvoy } from "../src/envoy/index.ts";
import { type SeenRequest, startUpstream } from "../test/support/upstream.ts";
import { writeBenchTenant } from "./bench-policies.ts";
import { describeMachine, median } from "./statistics.ts";

const exchangesPerHour = 72_000;
const tickMs = 100;
const sampleMs = 2000;
const inFlightMax = 400;
const root = join(import.meta.dirname, "..");

/** One kind of traffic: how often of a hundred, what is sent, and the statuses that are right. */
interface Kind {
  readonly name: string;
  readonly share: number;
  readonly path: string;
  readonly body: (serial: number) => string;
  readonly statuses: readonly number[];
  /** The client leaves after the first bytes of the answer. */
  readonly leaves?: boolean;
}

const chatPath = "/v1/chat/completions";
const messagesPath = "/v1/messages";
const words = "Plain words of a long conversation that has nothing to hide, over and over again. ";

function chat(content: string, more: object = {}): string {
  return JSON.stringify({ model: "stub-small", ...more, messages: [{ role: "user", content }] });
}

const kinds: readonly Kind[] = [
  kind("plain", 38, (n) => chat(`${n}: ${words.repeat(12)}`)),
  kind("masked", 15, (n) => chat(`${n}: write to jane.doe${n}@example.org, please`)),
  kind("streamed", 15, (n) => chat(`${n}: go on`, { stream: true })),
  { ...kind("left early", 5, (n) => chat(`${n}: go on`, { stream: true })), leaves: true },
  kind(
    "refused",
    6,
    (n) => chat(`${n}: my key is ghp_${"k3Jd9Xq2Zb7Lw5Rt8Vn4Ym6Hc1Pf0Gs2Ta3B"}`),
    [403],
  ),
  kind("large", 3, (n) => chat(`${n}: ${words.repeat(3200)}`)),
  kind("not JSON", 3, (n) => `{"model": ${n}, "messages": [`, [400]),
  kind("unknown model", 3, (n) => chat(`${n}`).replace("stub-small", `stub-${n}`), [403]),
  kind("unknown path", 3, (n) => `{"number":${n}}`, [403], "/v1/unknown"),
  kind("upstream error", 3, (n) => chat(`${n}`), [500], `${chatPath}?fail`),
  kind("messages", 4, (n) => chat(`${n}: hello`, { max_tokens: 64 }), [200], messagesPath),
  kind(
    "messages streamed",
    2,
    (n) => chat(`${n}: hello`, { max_tokens: 64, stream: true }),
    [200],
    messagesPath,
  ),
];

function kind(
  name: string,
  share: number,
  body: Kind["body"],
  statuses: readonly number[] = [200],
  path = chatPath,
): Kind {
  return { name, share, body, statuses, path };
}

interface Sample {
  readonly heapMiB: number;
  readonly residentMiB: number;
  readonly handles: number;
  readonly series: number;
}

interface Server {
  readonly process: ChildProcess;
  readonly admin: string;
}

async function main(minutes: number): Promise<boolean> {
  const directory = await mkdtemp(join(tmpdir(), "chancery-soak-"));
  const upstream = await startUpstream({
    scripting: (seen) =>
      seen.path.endsWith("?fail") ? { status: 500 } : { text: words.repeat(2), deltaChars: 16 },
  });
  const socket = join(directory, "processor.sock");
  const server = await startServer(directory, socket);
  const found = await findEnvoy({
    environment: process.env,
    toolsDir: join(root, ".tools"),
    progress: (line) => console.error(line),
  });
  const envoy = await startEnvoy({
    path: found.path,
    directory: join(directory, "envoy"),
    bootstrap: {
      listen: { host: "127.0.0.1", port: 0 },
      admin: { host: "127.0.0.1", port: 0 },
      processor: [`unix:${socket}`],
      upstreams: [{ url: upstream.url }],
    },
  });
  console.log(`machine: ${describeMachine()}, Envoy ${found.version}`);
  try {
    const samples: Sample[] = [];
    const traffic = new Traffic(new URL(envoy.baseUrl));
    const end = performance.now() + minutes * 60_000;
    const sampling = sampleUntil(end, server, samples, traffic);
    await traffic.run(end, exchangesPerHour, () => {
      // The stand-in keeps all it has seen, which is for tests.
      (upstream.requests as SeenRequest[]).length = 0;
    });
    await sampling;
    return report(samples, traffic);
  } finally {
    await envoy.stop();
    server.process.kill("SIGTERM");
    await upstream.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

async function startServer(directory: string, socket: string): Promise<Server> {
  const policies = join(directory, "policies");
  await cp(join(root, "policies", "quickstart"), policies, { recursive: true });
  await writeBenchTenant(policies, { tenant: "soak", model: "stub-small" });
  const config = join(directory, "chancery.yaml");
  await writeFile(
    config,
    [
      `listeners: [{ address: "unix:${socket}", identity: soak/load }]`,
      "admin: { address: 127.0.0.1:0 }",
      `stateDir: ${join(directory, "state")}`,
      `policies: { sources: [{ directory: ${policies} }], unsigned: true }`,
    ].join("\n"),
  );
  const child = spawn(process.execPath, [join(root, "src/main.ts"), "serve", "--config", config], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const admin = /admin http:\/\/([0-9.:]+)/.exec(line)?.[1];
    if (line.startsWith("ready") && admin !== undefined) return { process: child, admin };
  }
  throw new Error("the server ended before it was ready");
}

/** Sends the mix at a steady rate and counts what came back. */
class Traffic {
  readonly counts = new Map<string, number>();
  readonly wrong = new Map<string, number>();
  readonly #url: URL;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 });
  #serial = 0;
  #inFlight = 0;

  constructor(url: URL) {
    this.#url = url;
  }

  async run(end: number, exchanges: number, onTick: () => void): Promise<void> {
    const began = performance.now();
    while (performance.now() < end) {
      const due = (exchanges * (performance.now() - began)) / (end - began);
      while (this.#serial < due && this.#inFlight < inFlightMax) this.#send(this.#next());
      onTick();
      await delay(tickMs);
    }
    const late = performance.now() + 30_000;
    while (this.#inFlight > 0 && performance.now() < late) await delay(tickMs);
    if (this.#inFlight > 0) this.wrong.set("never over", this.#inFlight);
    this.#agent.destroy();
  }

  /** Kinds in turn by their shares, spread evenly. */
  #next(): Kind {
    this.#serial += 1;
    let place = (this.#serial * 37) % 100;
    for (const candidate of kinds) {
      place -= candidate.share;
      if (place < 0) return candidate;
    }
    throw new Error("the shares of all kinds are a hundred");
  }

  #send(what: Kind): void {
    this.#inFlight += 1;
    const body = what.body(this.#serial);
    const over = (status: string) => {
      this.#inFlight -= 1;
      const isRight = what.statuses.map(String).includes(status);
      const counts = isRight ? this.counts : this.wrong;
      const name = isRight ? what.name : `${what.name}: ${status}`;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    };
    let outcome = "no answer";
    const call = request(
      {
        ...{ host: this.#url.hostname, port: this.#url.port, path: what.path, method: "POST" },
        headers: { "content-type": "application/json", "content-length": Buffer.byteLength(body) },
        agent: this.#agent,
        timeout: 20_000,
      },
      (answer) => {
        outcome = String(answer.statusCode);
        if (what.leaves) answer.once("data", () => call.destroy());
        answer.on("error", () => undefined).resume();
      },
    );
    call.once("timeout", () => call.destroy(new Error("no answer in time")));
    call.once("error", (error) => {
      if (outcome === "no answer") outcome = error.message;
    });
    call.once("close", () => over(outcome));
    call.end(body);
  }
}

async function sampleUntil(
  end: number,
  server: Server,
  samples: Sample[],
  traffic: Traffic,
): Promise<void> {
  const began = performance.now();
  while (performance.now() < end) {
    await delay(sampleMs);
    const sample = await takeSample(server);
    samples.push(sample);
    const sent = [...traffic.counts.values()].reduce((sum, count) => sum + count, 0);
    const seconds = Math.round((performance.now() - began) / 1000);
    console.error(
      `${String(seconds).padStart(4)} s  ${sent} exchanges  heap ${sample.heapMiB.toFixed(1)} MiB  ` +
        `${sample.handles} handles  ${sample.series} series`,
    );
  }
}

async function takeSample({ process: { pid }, admin }: Server): Promise<Sample> {
  const metrics = await (await fetch(`http://${admin}/metrics`)).text();
  const heap = Number(/^nodejs_heap_size_used_bytes (\S+)/m.exec(metrics)?.[1]);
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  const resident = Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]);
  return {
    heapMiB: heap / 2 ** 20,
    residentMiB: resident / 2 ** 10,
    handles: (await readdir(`/proc/${pid}/fd`)).length,
    series: metrics.split("\n").filter((line) => line !== "" && !line.startsWith("#")).length,
  };
}

/** Prints the figures and says whether they are flat: a later part of the run against an earlier. */
function report(samples: readonly Sample[], traffic: Traffic): boolean {
  console.log("\nexchanges");
  for (const [name, count] of traffic.counts) console.log(`  ${name.padEnd(18)} ${count}`);
  for (const [name, count] of traffic.wrong) console.log(`  UNEXPECTED ${name} ${count}`);
  const part = Math.max(1, Math.floor(samples.length / 5));
  const early = samples.slice(part, 2 * part);
  const late = samples.slice(-part);
  const floor = (of: readonly Sample[], key: keyof Sample) => Math.min(...of.map((s) => s[key]));
  const middle = (of: readonly Sample[], key: keyof Sample) => median(of.map((s) => s[key]));
  // What is used right after a collection is what is kept; between two it says little.
  const rows = [
    row("heap MiB", "heapMiB", floor(early, "heapMiB"), floor(late, "heapMiB"), 1.1, 4),
    row(
      "resident MiB",
      "residentMiB",
      middle(early, "residentMiB"),
      middle(late, "residentMiB"),
      1.15,
      16,
    ),
    row("handles", "handles", middle(early, "handles"), middle(late, "handles"), 1, 8),
    row("series", "series", middle(early, "series"), middle(late, "series"), 1, 0),
  ];
  console.log("\n                   early      late");
  for (const { title, key, before, after, isFlat } of rows) {
    const figures = [before, after].map((figure) => figure.toFixed(1).padStart(9)).join(" ");
    const course = draw(samples.map((sample) => sample[key]));
    console.log(`  ${title.padEnd(13)} ${figures}   ${isFlat ? "flat " : "GREW "} ${course}`);
  }
  return rows.every(({ isFlat }) => isFlat) && traffic.wrong.size === 0;
}

function row(
  title: string,
  key: keyof Sample,
  before: number,
  after: number,
  factor: number,
  slack: number,
) {
  return { title, key, before, after, isFlat: after <= before * factor + slack };
}

/** A course in one line, from the lowest value to the highest. */
function draw(values: readonly number[]): string {
  const bars = "▁▂▃▄▅▆▇█";
  const columns = 48;
  const low = Math.min(...values);
  const span = Math.max(...values) - low || 1;
  const step = Math.max(1, values.length / columns);
  let line = "";
  for (let at = 0; at < values.length; at += step) {
    const value = values[Math.floor(at)] ?? low;
    line += bars[Math.round(((value - low) / span) * (bars.length - 1))];
  }
  return line;
}

const { values } = parseArgs({
  options: { minutes: { type: "string", default: "5" }, help: { type: "boolean", default: false } },
});
const minutes = Number(values.minutes);
if (values.help || !(minutes >= 1 && minutes <= 60)) {
  console.log("npm run soak -- [--minutes N]   N: 1 to 60, default 5");
  process.exitCode = values.help ? 0 : 3;
} else {
  process.exitCode = (await main(minutes)) ? 0 : 1;
}

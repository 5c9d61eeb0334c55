/**
 * What does the transport alone cost? Drives both no-op processors with the same exchanges of four
 * messages each way, taking turns, and compares the CPU time the system charged to each process.
 *
 * `node bench/transport.bench.ts [exchanges per round] [rounds] [concurrent exchanges]`
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type ClientHttp2Session, type ClientHttp2Stream, connect } from "node:http2";
import { cpus } from "node:os";
import { join } from "node:path";
import { argv, execPath, version } from "node:process";
import { toRequestFrame } from "../test/support/raw-grpc-client.ts";

const exchangesPerRound = Number(argv[2] ?? 20_000);
const rounds = Number(argv[3] ?? 5);
const concurrency = Number(argv[4] ?? 32);
const bodyBytes = 2048;

/** Length of a clock tick of /proc on Linux; the kernel reports in hundredths of a second. */
const tickMs = 10;

const frames = exchangeFrames();
const systems = [await start("this transport", "noop.ts"), await start("grpc-js", "noop-grpc.ts")];

// The first thousand exchanges run several times slower: they are not what is asked about.
for (const system of systems) await drive(system.session, 4000);
for (let round = 0; round < rounds; round += 1) {
  for (const system of systems) {
    const before = cpuMs(system.child);
    await drive(system.session, exchangesPerRound);
    system.cpuMsPerExchange.push((cpuMs(system.child) - before) / exchangesPerRound);
  }
}
report();
for (const { session, child } of systems) {
  session.destroy();
  child.kill("SIGTERM");
}

interface System {
  readonly name: string;
  readonly child: ChildProcess;
  readonly session: ClientHttp2Session;
  readonly cpuMsPerExchange: number[];
}

async function start(name: string, file: string): Promise<System> {
  const child = spawn(execPath, [join(import.meta.dirname, file), "127.0.0.1:0"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await once(child.stdout, "data");
  const session = connect(`http://${String(line).trim().replace("ready ", "")}`);
  await once(session, "remoteSettings");
  return { name, child, session, cpuMsPerExchange: [] };
}

/** What Envoy sends for one exchange, request BUFFERED and response FULL_DUPLEX_STREAMED. */
function exchangeFrames(): readonly Buffer[] {
  const names = ["content-type", "user-agent", "accept", "x-request-id", "authorization"];
  const field = (key: string, value: string) => ({ key, rawValue: Buffer.from(value) });
  const common = Array.from({ length: 10 }, (_, index) =>
    field(`${names[index % names.length]}-${index}`, `a value of some length ${index}`),
  );
  const pseudo = [":method", ":path", ":authority", ":scheme"].map((key) => field(key, "value"));
  return [
    toRequestFrame({
      requestHeaders: { headers: { headers: [...pseudo, ...common] } },
      protocolConfig: { requestBodyMode: 2, responseBodyMode: 4 },
    }),
    toRequestFrame({ requestBody: { body: Buffer.alloc(bodyBytes, "a"), endOfStream: true } }),
    toRequestFrame({
      responseHeaders: { headers: { headers: [field(":status", "200"), ...common] } },
    }),
    toRequestFrame({ responseBody: { body: Buffer.alloc(bodyBytes, "b"), endOfStream: true } }),
  ];
}

async function drive(session: ClientHttp2Session, exchanges: number): Promise<void> {
  let left = exchanges;
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await exchange(session);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}

/** Asks each question when the one before has been answered, then half-closes. */
function exchange(session: ClientHttp2Session): Promise<void> {
  return new Promise((resolve, reject) => {
    const stream: ClientHttp2Stream = session.request({
      ":method": "POST",
      ":path": "/envoy.service.ext_proc.v3.ExternalProcessor/Process",
      "content-type": "application/grpc",
      te: "trailers",
    });
    let asked = 0;
    let missingBytes = 0;
    let status: unknown;
    const ask = (): void => {
      const frame = frames[asked];
      asked += 1;
      if (frame === undefined) stream.end();
      else stream.write(frame);
    };
    stream.on("data", (chunk: Buffer) => {
      // The answers are small: the prefix of each comes whole.
      if (missingBytes === 0) missingBytes = 5 + chunk.readUInt32BE(1);
      missingBytes -= chunk.length;
      if (missingBytes === 0) ask();
    });
    stream.on("trailers", (trailers) => {
      status = trailers["grpc-status"];
    });
    stream.on("error", reject);
    stream.on("close", () => {
      if (status === "0") resolve();
      else reject(new Error(`expected status 0, found ${String(status)}`));
    });
    ask();
  });
}

function cpuMs(child: ChildProcess): number {
  const stat = readFileSync(`/proc/${child.pid}/stat`, "utf8");
  // Fields 14 and 15, counted behind the name, which may hold spaces (proc_pid_stat(5)).
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * tickMs;
}

function report(): void {
  const [ours, theirs] = systems.map((system) => system.cpuMsPerExchange);
  const ratios = ours?.map((value, round) => value / (theirs?.[round] ?? Number.NaN)) ?? [];
  console.log(`node ${version}, ${cpus().length} cpus (${cpus()[0]?.model ?? "unknown"})`);
  console.log(`${rounds} rounds of ${exchangesPerRound} exchanges, ${concurrency} at a time`);
  console.log(
    "CPU ms per exchange, four messages each way, 2 KiB bodies: minimum, median, maximum",
  );
  for (const { name, cpuMsPerExchange } of systems)
    console.log(`  ${name}: ${spread(cpuMsPerExchange)}`);
  console.log(`  ratio: ${spread(ratios)}`);
}

function spread(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const picks = [sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
  return picks.map((value) => (value ?? Number.NaN).toFixed(3)).join(", ");
}

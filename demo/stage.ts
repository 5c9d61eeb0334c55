import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type SeenRequest, type StubUpstream, startUpstream } from "../test/support/upstream.ts";

const root = join(import.meta.dirname, "..");
const readyDeadlineMs = 85_000;
const requestDeadlineMs = 10_000;

/** The line of evidence a scene shows. */
export interface ShownRecord {
  readonly verdict: string;
  readonly reason?: string;
  readonly decidedBy?: string;
  readonly obligations?: { readonly redact?: Record<string, { readonly by: string }> };
}

/** What the client saw of one exchange. */
export interface Seen {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Two model servers, `chancery up` in front of them, and a client. */
export interface Stage {
  readonly baseUrl: string;
  readonly cloud: StubUpstream;
  readonly local: StubUpstream;
  /** Sends a chat request to the proxy. A broken connection is status 0. */
  chat(body: object, onFirstBytes?: () => void): Promise<Seen>;
  /** All records of an exchange, in order. */
  records(exchange: string): Promise<readonly ShownRecord[]>;
  /** Ends the server at once, as a crash would; the proxy goes on. */
  killServer(): Promise<void>;
  /** Takes everything down. */
  strike(): Promise<void>;
}

/** Builds the stage; `progress` gets a line for each step that takes a while. */
export async function setUpStage(progress: (line: string) => void): Promise<Stage> {
  const directory = await mkdtemp(join(tmpdir(), "chancery-demo-"));
  const policies = join(directory, "policies");
  await cp(join(root, "policies", "quickstart"), policies, { recursive: true });
  await cp(join(import.meta.dirname, "policies"), policies, { recursive: true });
  const cloud = await startUpstream();
  const local = await startUpstream();
  const state = join(directory, "state");
  progress("Starting Envoy and Chancery in front of two stand-in model servers ...");
  const server = spawn(
    process.execPath,
    [
      join(root, "bin", "chancery.js"),
      "up",
      ...["--upstream", `cloud=${cloud.url.href}`, "--upstream", `local=${local.url.href}`],
      ...["--policies", policies, "--identity", "acme/support"],
      ...["--listen", "127.0.0.1:0", "--state", state],
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const close = async () => {
    await Promise.all([cloud.stop(), local.stop()]);
    await rm(directory, { recursive: true, force: true });
  };
  let baseUrl: string;
  try {
    baseUrl = await untilReady(server);
  } catch (error) {
    server.kill("SIGTERM");
    await close();
    throw error;
  }
  progress(`Ready: ${baseUrl}`);
  return {
    baseUrl,
    cloud,
    local,
    chat: (body, onFirstBytes) => chat(baseUrl, body, onFirstBytes),
    records: (exchange) => recordsOf(state, exchange),
    killServer: () => end(server, "SIGKILL"),
    async strike() {
      const wasKilled = server.signalCode === "SIGKILL";
      await end(server, "SIGTERM");
      if (wasKilled) await endEnvoy(state);
      await close();
    },
  };
}

/** The text of the last user message a model server received. */
export function receivedText(request: SeenRequest): string {
  const body = JSON.parse(request.body.toString("utf8")) as {
    readonly model: string;
    readonly messages: readonly { readonly content: string }[];
  };
  return `${body.messages.at(-1)?.content} (model ${body.model})`;
}

function untilReady(server: ChildProcess): Promise<string> {
  const { promise, reject, resolve } = Promise.withResolvers<string>();
  const late = setTimeout(
    () => reject(new Error("chancery up was not ready in time")),
    readyDeadlineMs,
  );
  server.once("exit", (code) => reject(new Error(`chancery up ended with ${code}`)));
  if (server.stdout !== null) {
    createInterface({ input: server.stdout }).on("line", (line) => {
      const url = /^ready\s+(\S+)/.exec(line)?.[1];
      if (url !== undefined) resolve(url);
    });
  }
  return promise.finally(() => clearTimeout(late));
}

async function chat(baseUrl: string, body: object, onFirstBytes = () => {}): Promise<Seen> {
  let text = "";
  try {
    const response = await fetch(`${baseUrl}/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(requestDeadlineMs),
    });
    for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      if (text === "") onFirstBytes();
      text += part;
    }
    return { status: response.status, headers: response.headers, text };
  } catch {
    // The connection broke: what came until then is all there is.
    return { status: 0, headers: new Headers(), text };
  }
}

async function recordsOf(state: string, exchange: string): Promise<readonly ShownRecord[]> {
  const files = await readdir(join(state, "log"), { recursive: true });
  const found: ShownRecord[] = [];
  for (const file of files.filter((name) => name.endsWith(".jsonl"))) {
    const lines = (await readFile(join(state, "log", file), "utf8")).split("\n");
    for (const line of lines.filter((text) => text.includes(exchange))) {
      found.push(JSON.parse(line) as ShownRecord);
    }
  }
  return found;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill(signal);
  await gone;
}

/** A killed server could not end its Envoy. */
async function endEnvoy(state: string): Promise<void> {
  const pid = Number(await readFile(join(state, "envoy.pid"), "utf8"));
  process.kill(pid, "SIGTERM");
}

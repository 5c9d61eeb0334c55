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

/** Sends a chat request to the proxy. A broken connection is status 0. */
export type Chat = (body: object, options?: ChatOptions) => Promise<Seen>;

interface ChatOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly onFirstBytes?: () => void;
}

/** Two model servers, a `chancery up` for each of two tenants in front of them, and a client. */
export interface Stage {
  readonly baseUrl: string;
  readonly cloud: StubUpstream;
  readonly local: StubUpstream;
  /** The folder both servers read. */
  readonly policies: string;
  /** As the app `acme/support`. */
  readonly chat: Chat;
  /** As the app `globex/desk`. */
  readonly chatAsGlobex: Chat;
  /** All records of an exchange, in order. */
  records(exchange: string): Promise<readonly ShownRecord[]>;
  /** Ends acme's server at once, as a crash would; the proxy goes on. */
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
  progress("Starting Envoy and Chancery in front of two stand-in model servers ...");
  const start = (identity: string, state: string) =>
    spawn(
      process.execPath,
      [
        join(root, "bin", "chancery.js"),
        "up",
        ...["--upstream", `cloud=${cloud.url.href}`, "--upstream", `local=${local.url.href}`],
        ...["--policies", policies, "--identity", identity],
        ...["--listen", "127.0.0.1:0", "--state", state],
      ],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
  const states = [join(directory, "acme"), join(directory, "globex")] as const;
  const acme = start("acme/support", states[0]);
  const globex = start("globex/desk", states[1]);
  const close = async () => {
    await Promise.all([cloud.stop(), local.stop()]);
    await rm(directory, { recursive: true, force: true });
  };
  let urls: readonly [string, string];
  try {
    urls = await Promise.all([untilReady(acme), untilReady(globex)]);
  } catch (error) {
    acme.kill("SIGTERM");
    globex.kill("SIGTERM");
    await close();
    throw error;
  }
  const [baseUrl, globexUrl] = urls;
  progress(`Ready: ${baseUrl} for acme, ${globexUrl} for globex`);
  return {
    baseUrl,
    cloud,
    local,
    policies,
    chat: (body, options) => chat(baseUrl, body, options),
    chatAsGlobex: (body, options) => chat(globexUrl, body, options),
    records: async (exchange) =>
      (await Promise.all(states.map((state) => recordsOf(state, exchange)))).flat(),
    killServer: () => end(acme, "SIGKILL"),
    async strike() {
      const wasKilled = acme.signalCode === "SIGKILL";
      await Promise.all([end(acme, "SIGTERM"), end(globex, "SIGTERM")]);
      if (wasKilled) await endEnvoy(states[0]);
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

async function chat(
  baseUrl: string,
  body: object,
  { headers = {}, onFirstBytes }: ChatOptions = {},
): Promise<Seen> {
  let text = "";
  try {
    const response = await fetch(`${baseUrl}/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(requestDeadlineMs),
    });
    for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      if (text === "") onFirstBytes?.();
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

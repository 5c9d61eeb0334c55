/** A server as a process of its own behind Envoy, and all that the two leave behind. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text as textOf } from "node:stream/consumers";
import type { TestContext } from "node:test";
import type { BootstrapOptions } from "../../src/envoy/index.ts";
import { type ServeProcess, startServe, writeServeConfig } from "./chancery-process.ts";
import { disguisesOf } from "./disguises.ts";
import { makeDirectory, startEnvoyStage } from "./envoy-stage.ts";
import { eventually } from "./governed-envoy.ts";
import { type StubUpstream, startUpstream } from "./upstream.ts";

/** A text that was left somewhere, by the name of the place. */
export type Remnant = readonly [place: string, text: string];

/** A running stage whose every log is on, and that sends records and traces to wherever it can. */
export interface CanaryStage {
  readonly baseUrl: string;
  readonly upstream: StubUpstream;
  readonly server: ServeProcess;
  /** Ends the server and gives all it left, after the proxy has logged so many exchanges. */
  remnants(exchanges: number, end?: NodeJS.Signals): Promise<readonly Remnant[]>;
}

/** Starts it; the test's end takes it down. */
export async function startCanaryStage(
  t: TestContext,
  options: Pick<Parameters<typeof writeServeConfig>[1], "identity" | "lines" | "policies"> & {
    readonly bootstrap?: Partial<BootstrapOptions>;
    readonly environment?: Readonly<Record<string, string>>;
  },
): Promise<CanaryStage> {
  const { bootstrap = {}, environment, lines = [], ...served } = options;
  const directory = await makeDirectory(t);
  const address = `unix:${join(directory, "processor.sock")}`;
  const receiver = await startReceiver(t);
  const config = await writeServeConfig(directory, {
    ...served,
    addresses: [address],
    logLevel: "trace",
    lines: [
      "drain: { noticeSeconds: 0, exchangesSeconds: 5 }",
      `sinks: [{ stdout: {} }, { otlp: { url: "${receiver.url}/v1/logs" } }]`,
      `otel: { endpoint: "${receiver.url}", sampleRatio: 1 }`,
      ...lines,
    ],
  });
  const server = await startServe(t, config, environment);
  const upstream = await startUpstream();
  t.after(() => upstream.stop());
  const stage = await startEnvoyStage(t, {
    processor: [address],
    upstream: upstream.url,
    bootstrap,
  });
  const { baseUrl, accessLogPath } = stage.envoy;
  return {
    baseUrl,
    upstream,
    server,
    async remnants(exchanges, end = "SIGTERM") {
      const log = await eventually(async () => {
        const text = await readFile(accessLogPath, "utf8");
        return text.split("\n").length > exchanges ? text : undefined;
      });
      const pages = await Promise.all(["metrics", "status"].map((page) => readPage(server, page)));
      server.send(end);
      await server.ended;
      assert.ok(server.stderr().includes('"level"'), "nothing was logged, so nothing was seen");
      const places = new Set(receiver.requests.map(([place]) => place));
      if (server.stdout().includes('"kind":"decision"')) places.add("standard output");
      // Who is not told to stop has no time to send all of it.
      const expected = end === "SIGTERM" ? ["/v1/logs", "/v1/traces", "standard output"] : [];
      for (const place of expected) assert.ok(places.has(place), `nothing came to ${place}`);
      return [
        ...pages,
        ...receiver.requests,
        ["the access log", toldToProxy(log)],
        ["standard output", server.stdout()],
        ["standard error", server.stderr()],
        ...(await filesBelow(join(directory, "state"))),
      ];
    },
  };
}

/** Whatever is sent to it is taken, and kept as it came. */
async function startReceiver(
  t: TestContext,
): Promise<{ readonly url: string; readonly requests: readonly Remnant[] }> {
  const requests: Remnant[] = [];
  const server = createServer(async (request, response) => {
    const body = await textOf(request);
    requests.push([String(request.url), `${JSON.stringify(request.rawHeaders)}\n${body}`]);
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

async function readPage({ adminUrl }: ServeProcess, page: string): Promise<Remnant> {
  return [`/${page}`, await (await fetch(`${adminUrl}/${page}`)).text()];
}

/** What we said to the proxy; the path and id of a request are its own to log. */
function toldToProxy(log: string): string {
  const lines = log.split("\n").filter((line) => line !== "");
  return lines
    .map((line) => {
      const { decision, details, processor } = JSON.parse(line);
      return JSON.stringify({ decision, details, processor });
    })
    .join("\n");
}

async function filesBelow(directory: string): Promise<readonly Remnant[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    paths.map(async (path) => {
      const place = path.slice(directory.length);
      return [place, `${place}\n${await readFile(path, "latin1")}`] as const;
    }),
  );
}

const aroundUnits = 60;

/** Where values show in any form; one line for each place and what stands before it there. */
export function findCanaries(
  remnants: readonly Remnant[],
  values: readonly { readonly type: string; readonly value: string }[],
): readonly string[] {
  const found = values.flatMap(({ type, value }) =>
    disguisesOf(value).flatMap((form) =>
      remnants.flatMap(([place, text]) => {
        const at = text.indexOf(form);
        const around = text
          .slice(Math.max(0, at - aroundUnits), at)
          .split("\n")
          .at(-1);
        return at < 0 ? [] : [`${type} in ${place} behind ${around}`];
      }),
    ),
  );
  return [...new Set(found)];
}

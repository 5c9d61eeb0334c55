/** A server as a process of its own behind Envoy, and all that the two leave behind. */
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { BootstrapOptions } from "../../src/envoy/index.ts";
import { type ServeProcess, startServe, writeServeConfig } from "./chancery-process.ts";
import { disguisesOf } from "./disguises.ts";
import { makeDirectory, startEnvoyStage } from "./envoy-stage.ts";
import { eventually } from "./governed-envoy.ts";
import { type StubUpstream, startUpstream } from "./upstream.ts";

/** A text that was left somewhere, by the name of the place. */
export type Remnant = readonly [place: string, text: string];

/** A running stage whose every log is on. */
export interface CanaryStage {
  readonly baseUrl: string;
  readonly upstream: StubUpstream;
  readonly server: ServeProcess;
  /** Stops the server and gives all it left, after the proxy has logged so many exchanges. */
  remnants(exchanges: number): Promise<readonly Remnant[]>;
}

/** Starts it; the test's end takes it down. */
export async function startCanaryStage(
  t: TestContext,
  options: Pick<Parameters<typeof writeServeConfig>[1], "identity" | "lines" | "policies"> & {
    readonly bootstrap?: Partial<BootstrapOptions>;
  },
): Promise<CanaryStage> {
  const { bootstrap = {}, lines = [], ...served } = options;
  const directory = await makeDirectory(t);
  const address = `unix:${join(directory, "processor.sock")}`;
  const config = await writeServeConfig(directory, {
    ...served,
    addresses: [address],
    logLevel: "trace",
    lines: ["drain: { noticeSeconds: 0, exchangesSeconds: 5 }", ...lines],
  });
  const server = await startServe(t, config);
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
    async remnants(exchanges) {
      const log = await eventually(async () => {
        const text = await readFile(accessLogPath, "utf8");
        return text.split("\n").length > exchanges ? text : undefined;
      });
      const pages = await Promise.all(["metrics", "status"].map((page) => readPage(server, page)));
      server.send("SIGTERM");
      await server.ended;
      assert.ok(server.stderr().includes('"level"'), "nothing was logged, so nothing was seen");
      return [
        ...pages,
        ["the access log", toldToProxy(log)],
        ["standard output", server.stdout()],
        ["standard error", server.stderr()],
        ...(await filesBelow(join(directory, "state"))),
      ];
    },
  };
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

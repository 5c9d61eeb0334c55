import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { median, quantile } from "./statistics.ts";

/** How much is asked of the other engine. */
export interface CerbosLoad {
  readonly rules: number;
  readonly requests: number;
}

const startMsMax = 20_000;

/**
 * Decides by as many rules as a benchmark has, with Cerbos in a process of its own, asked over HTTP on
 * loopback: so the figures hold a round trip, which a decision in the same process does not. Gives one
 * line, which says why where there is no such binary.
 */
export async function benchCerbos({ rules, requests }: CerbosLoad): Promise<string> {
  const binary = findBinary();
  if (binary === undefined) {
    return "Cerbos: left out, since neither CERBOS_BIN nor PATH names a binary (npm @cerbos/cerbos-linux-x64)";
  }
  const folder = await mkdtemp(join(tmpdir(), "bench-cerbos-"));
  await writeFile(join(folder, "rules.json"), JSON.stringify(policyOf(rules)));
  const [http, grpc] = [await freePort(), await freePort()];
  const server = spawn(
    binary,
    [
      "server",
      `--set=server.httpListenAddr=127.0.0.1:${http}`,
      `--set=server.grpcListenAddr=127.0.0.1:${grpc}`,
      `--set=storage.disk.directory=${folder}`,
      "--log-level=error",
    ],
    { stdio: "ignore", env: { ...process.env, CERBOS_NO_TELEMETRY: "1" } },
  );
  try {
    await untilReady(`http://127.0.0.1:${http}/_cerbos/health`, server);
    const micros = await ask(`http://127.0.0.1:${http}/api/check/resources`, requests);
    const figures = [quantile(micros, 0), median(micros), quantile(micros, 0.99)];
    const shown = figures.map((each) => each.toFixed(1)).join(", ");
    return `Cerbos, ${rules} rules, over HTTP on loopback: ${shown}`;
  } finally {
    server.kill();
    await rm(folder, { recursive: true, force: true });
  }
}

function findBinary(): string | undefined {
  const { CERBOS_BIN, PATH = "" } = process.env;
  const candidates = [
    ...(CERBOS_BIN === undefined ? [] : [CERBOS_BIN]),
    ...PATH.split(delimiter).map((folder) => join(folder, "cerbos-linux-x64")),
  ];
  return candidates.find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Not there, or not to be run: the next one may be.
    return false;
  }
}

/** One resource with rules by role, one in ten with a condition, of which few match. */
function policyOf(rules: number): object {
  return {
    apiVersion: "api.cerbos.dev/v1",
    resourcePolicy: {
      resource: "chat",
      version: "default",
      rules: Array.from({ length: rules }, (_, index) => {
        const large = { match: { expr: `request.resource.attr.inputTokens > ${1000 + index}` } };
        return {
          actions: ["generate"],
          effect: index % 5 === 0 ? "EFFECT_ALLOW" : "EFFECT_DENY",
          roles: [
            index % 10 === 3
              ? "user"
              : index % 5 === 0
                ? `team-${index % 100}`
                : `blocked-${index}`,
          ],
          ...(index % 10 === 3 ? { condition: large } : {}),
        };
      }),
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === "string") throw new Error("expected a port");
  return address.port;
}

async function untilReady(url: string, server: ChildProcess): Promise<void> {
  const end = performance.now() + startMsMax;
  while (performance.now() < end && server.exitCode === null) {
    // Refused while it starts.
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await wait(100);
  }
  throw new Error("Cerbos did not become ready");
}

async function ask(url: string, requests: number): Promise<readonly number[]> {
  const micros: number[] = [];
  const warmUp = Math.ceil(requests / 5);
  for (let index = 0; index < warmUp + requests; index += 1) {
    const body = JSON.stringify({
      requestId: String(index),
      principal: {
        id: `user-${index % 16}`,
        roles: ["user", `team-${(index % 16) * 5}`],
      },
      resources: [
        {
          resource: { kind: "chat", id: "1", attr: { inputTokens: 200 + (index % 16) } },
          actions: ["generate"],
        },
      ],
    });
    const start = performance.now();
    const answer = await fetch(url, { method: "POST", body });
    const text = await answer.text();
    if (index >= warmUp) micros.push((performance.now() - start) * 1000);
    if (!text.includes("EFFECT_ALLOW")) throw new Error(`expected an allow, found ${text}`);
  }
  return micros;
}

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import {
  type BootstrapOptions,
  type EnvoyProcess,
  renderBootstrap,
} from "../../src/envoy/index.ts";

const pollMs = 20;
const readyMs = 20_000;
const stopMs = 5_000;

/**
 * Starts an Envoy whose bootstrap is edited before it is loaded, for configurations that only a
 * test needs and `startEnvoy` has no option for. Stops with the process it belongs to.
 */
export async function startEditedEnvoy(options: {
  readonly path: string;
  readonly directory: string;
  readonly bootstrap: BootstrapOptions;
  readonly edit: (bootstrap: string) => string;
  readonly concurrency?: number;
}): Promise<EnvoyProcess> {
  const { directory, bootstrap, edit, path } = options;
  await mkdir(directory, { recursive: true });
  const accessLogPath = bootstrap.accessLogPath ?? join(directory, "access.log");
  const file = join(directory, "bootstrap.yaml");
  const adminAddressFile = join(directory, "admin-address");
  await writeFile(file, edit(renderBootstrap({ ...bootstrap, accessLogPath })));
  const child = spawn(
    path,
    [
      ...["-c", file, "--admin-address-path", adminAddressFile, "--disable-hot-restart"],
      ...["--concurrency", String(options.concurrency ?? 1), "--log-level", "warning"],
      ...["--file-flush-interval-msec", "100"],
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  const running = watch(child);
  try {
    const adminUrl = `http://${await untilLive(adminAddressFile, child)}`;
    const listeners = (await (
      await fetch(`${adminUrl}/listeners?format=json`)
    ).json()) as Listeners;
    const { port_value: port } = listeners.listener_statuses[0].local_address.socket_address;
    return { baseUrl: `http://127.0.0.1:${port}`, adminUrl, accessLogPath, ...running };
  } catch (cause) {
    await running.stop();
    throw new Error(`Envoy did not start: ${running.stderr()}`, { cause });
  }
}

interface Listeners {
  readonly listener_statuses: readonly [
    { readonly local_address: { readonly socket_address: { readonly port_value: number } } },
  ];
}

function watch(child: ChildProcess): Pick<EnvoyProcess, "pid" | "exited" | "stderr" | "stop"> {
  let stderr = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const killWithUs = () => child.kill("SIGKILL");
  process.once("exit", killWithUs);
  const exited = once(child, "close").then(([code, signal]) => {
    process.off("exit", killWithUs);
    return { code, signal } as Awaited<EnvoyProcess["exited"]>;
  });
  const stop = async () => {
    child.kill("SIGTERM");
    const late = setTimeout(() => child.kill("SIGKILL"), stopMs);
    await exited;
    clearTimeout(late);
  };
  return { pid: child.pid ?? -1, exited, stderr: () => stderr, stop };
}

async function untilLive(adminAddressFile: string, child: ChildProcess): Promise<string> {
  const deadline = performance.now() + readyMs;
  while (child.exitCode === null && performance.now() < deadline) {
    const address = await readFile(adminAddressFile, "utf8").catch(() => "");
    const ready =
      address === "" ? undefined : await fetch(`http://${address}/ready`).catch(() => undefined);
    if (ready?.ok) return address;
    await delay(pollMs);
  }
  throw new Error(child.exitCode === null ? "it was not ready in time" : "it ended");
}

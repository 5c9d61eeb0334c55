import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { debianTool } from "./debian-tools.ts";

/** The account that a registry with `isGuarded` asks for. */
export const registryCredential = "alice:wonderland";
/** Its line of an htpasswd file, with bcrypt at its lowest cost. */
const account = "alice:$2b$04$U4pRafwhjsBK4E5zSmus8OsZHQ4rhmEo/ocp5hEkttCk/7AIepXVm\n";

/** Starts a registry on a free port of this machine, empty; gives `HOST:PORT`. */
export async function runRegistry(t: TestContext, isGuarded = false): Promise<string> {
  const { environment, path } = await debianTool("docker-registry");
  const folder = await mkdtemp(join(tmpdir(), "chancery-registry-"));
  const address = `127.0.0.1:${await freePort()}`;
  const accounts = join(folder, "htpasswd");
  await writeFile(accounts, account);
  const config = {
    version: 0.1,
    log: { level: "error" },
    storage: { filesystem: { rootdirectory: join(folder, "data") } },
    http: { addr: address },
    ...(isGuarded ? { auth: { htpasswd: { realm: "test", path: accounts } } } : {}),
  };
  const configFile = join(folder, "config.yml");
  await writeFile(configFile, JSON.stringify(config));
  const child = spawn(path, ["serve", configFile], {
    env: { ...process.env, ...environment, OTEL_TRACES_EXPORTER: "none" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const errors: string[] = [];
  child.stderr.setEncoding("utf8").on("data", (text: string) => errors.push(text));
  const ended = once(child, "exit");
  t.after(async () => {
    child.kill();
    await ended;
    await rm(folder, { recursive: true });
  });
  while (!(await answers(address))) {
    if (child.exitCode !== null) throw new Error(`the registry ended: ${errors.join("")}`);
  }
  return address;
}

async function answers(address: string): Promise<boolean> {
  try {
    const { status } = await fetch(`http://${address}/v2/`);
    return status === 200 || status === 401;
  } catch {
    // Not listening yet; each turn is a connection that has to be refused first.
    await new Promise((resolve) => setTimeout(resolve, 20));
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (typeof address !== "object" || address === null) throw new Error("no port is free");
  return address.port;
}

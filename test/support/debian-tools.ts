/** Servers that tests need and that Debian packages, found or fetched once beside the checkout. */
import { execFile } from "node:child_process";
import { access, constants, mkdir, readdir, rename, rm } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const toolsDir = fileURLToPath(new URL("../../.tools/debian", import.meta.url));
/** A mirror that hangs fails the test instead of holding it up. */
const fetchMs = 180_000;

/** By program: the packages that it and the libraries it loads come in. */
const packagesOf = {
  "redis-server": ["redis-server", "redis-tools", "libatomic1", "libjemalloc2", "liblzf1"],
  "docker-registry": ["docker-registry"],
  prometheus: ["prometheus"],
  promtool: ["prometheus"],
  "nats-server": ["nats-server"],
  rsyslogd: ["rsyslog", "rsyslog-openssl", "libestr0", "libfastjson4", "liblognorm5"],
} as const;

/** A program, and what its environment needs beside that of this process. */
export interface DebianTool {
  readonly path: string;
  readonly environment: Readonly<Record<string, string>>;
}

const found = new Map<string, Promise<DebianTool>>();

/**
 * The program on `PATH`, else out of its package, which needs no rights but to download. Rejects with
 * what to install, so that a suite that cannot run fails and says why.
 */
export function debianTool(name: keyof typeof packagesOf): Promise<DebianTool> {
  const known = found.get(name) ?? find(name);
  found.set(name, known);
  return known;
}

async function find(name: keyof typeof packagesOf): Promise<DebianTool> {
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    const path = join(folder, name);
    if (await isProgram(path)) return { path, environment: {} };
  }
  const [packaged] = packagesOf[name];
  const root = join(toolsDir, packaged);
  const paths = [join(root, "usr/bin", name), join(root, "usr/sbin", name)];
  let path = await firstProgram(paths);
  if (path === undefined) {
    await fetch(name, root);
    path = (await firstProgram(paths)) ?? "";
  }
  const libraries = (await readdir(root, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.name.includes(".so"))
    .map((entry) => entry.parentPath);
  const LD_LIBRARY_PATH = [...new Set(libraries)].join(delimiter);
  return { path, environment: libraries.length === 0 ? {} : { LD_LIBRARY_PATH } };
}

async function firstProgram(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) if (await isProgram(path)) return path;
  return undefined;
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Unpacks into a folder of its own first, so that whoever comes meanwhile finds all or nothing. */
async function fetch(name: keyof typeof packagesOf, root: string): Promise<void> {
  const draft = `${root}.${name}.${process.pid}`;
  process.stderr.write(`fetching ${name}\n`);
  try {
    await mkdir(join(draft, "packages"), { recursive: true });
    const options = { cwd: join(draft, "packages"), timeout: fetchMs };
    const packages = packagesOf[name];
    await run("apt-get", ["download", ...packages], options).catch(async () => {
      // Without lists of packages on the machine: those of this folder alone, which takes no rights.
      const lists = join(draft, "apt");
      await mkdir(join(lists, "lists/partial"), { recursive: true });
      const own = ["-o", `Dir::State::lists=${lists}/lists`, "-o", `Dir::Cache=${lists}`];
      await run("apt-get", [...own, "update"], options);
      await run("apt-get", [...own, "download", ...packages], options);
    });
    for (const file of await readdir(options.cwd)) {
      await run("dpkg", ["-x", join(options.cwd, file), draft], options);
    }
    await rename(draft, root).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
    });
  } catch (cause) {
    const [packaged] = packagesOf[name];
    throw new Error(`Cannot fetch ${name}; install it with: apt-get install ${packaged}`, {
      cause,
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

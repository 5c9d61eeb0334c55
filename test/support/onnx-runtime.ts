/** The ONNX runtime that tests need, fetched once beside the checkout: it is no dependency. */
import { execFile } from "node:child_process";
import { access, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const version = "1.30.0";
const toolsDir = fileURLToPath(new URL("../../.tools", import.meta.url));
/** Libraries for all platforms; a registry that hangs fails the test instead of holding it up. */
const fetchMs = 300_000;

let found: Promise<string> | undefined;

/**
 * The folder in which `onnxruntime-node` is installed, for `runtimeDir`. Rejects with what to install,
 * so that a suite that cannot run fails and says why.
 */
export function onnxRuntimeDir(): Promise<string> {
  found ??= find();
  return found;
}

async function find(): Promise<string> {
  const folder = join(toolsDir, `onnxruntime-${version}`);
  const entry = join(folder, "node_modules/onnxruntime-node/package.json");
  const isThere = await access(entry).then(
    () => true,
    () => false,
  );
  if (!isThere) await fetch(folder);
  return folder;
}

/** Installs into a folder of its own first, so that whoever comes meanwhile finds all or nothing. */
async function fetch(folder: string): Promise<void> {
  const draft = `${folder}.${process.pid}`;
  const wanted = `onnxruntime-node@${version}`;
  process.stderr.write(`fetching ${wanted}\n`);
  try {
    await mkdir(draft, { recursive: true });
    // Makes the folder the root of an installation, whatever lies above it.
    await writeFile(join(draft, "package.json"), '{ "private": true }\n');
    // Its script fetches what GPUs need.
    const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-save"];
    await run("npm", ["install", ...flags, wanted], { cwd: draft, timeout: fetchMs });
    await rename(draft, folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
    });
  } catch (cause) {
    throw new Error(`Cannot fetch ${wanted}; install it into ${folder} with npm`, { cause });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Programs in Go that tests judge with, built from a folder of the repository where Go is there. */
import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const repository = fileURLToPath(new URL("../..", import.meta.url));
const toolsDir = join(repository, ".tools/go");
/** The first build fetches one module and compiles parts of the standard library. */
const buildMs = 300_000;

/**
 * The path of the program in a folder, built at need; undefined where there is no Go on `PATH`.
 * Rejects where Go is there and cannot build it.
 */
export async function goProgram(folder: string): Promise<string | undefined> {
  if (!(await hasGo())) return undefined;
  const path = join(toolsDir, folder.replaceAll("/", "-"));
  await mkdir(toolsDir, { recursive: true });
  await run("go", ["build", "-o", path, "."], {
    cwd: join(repository, folder),
    env: { ...process.env, CGO_ENABLED: "0", GOFLAGS: "-mod=readonly -buildvcs=false" },
    timeout: buildMs,
  });
  return path;
}

async function hasGo(): Promise<boolean> {
  try {
    await run("go", ["version"]);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

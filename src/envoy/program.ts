import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { delimiter, join } from "node:path";

/** Variables of the environment, as a plain value handed in from above. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What a finished program left: an exit code, or why there is none, and the end of its output. */
export interface ProgramResult {
  readonly isSuccess: boolean;
  readonly output: string;
}

const outputBytesMax = 1024 * 1024;

/** True for a path this user may execute. */
export async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    // Absent and forbidden are alike: it cannot be run, and the caller says where it looked.
    return false;
  }
}

/** The first program of this name on `PATH`. */
export async function programOnPath(
  name: string,
  environment: Environment,
): Promise<string | undefined> {
  for (const folder of (environment["PATH"] ?? "").split(delimiter)) {
    if (folder === "") continue;
    const path = join(folder, name);
    if (await isExecutable(path)) return path;
  }
  return undefined;
}

/** Runs a program to its end, or kills it at the deadline. Never throws. */
export function runProgram(options: {
  readonly path: string;
  readonly args: readonly string[];
  readonly environment: Environment;
  readonly deadlineMs: number;
}): Promise<ProgramResult> {
  const { path, args, environment, deadlineMs } = options;
  return new Promise((resolve) => {
    const limits = {
      env: environment,
      timeout: deadlineMs,
      killSignal: "SIGKILL" as const,
      maxBuffer: outputBytesMax,
    };
    execFile(path, args, limits, (error, stdout, stderr) => {
      const output = `${stdout}${stderr}`.trim();
      if (error === null) resolve({ isSuccess: true, output });
      else if (error.killed)
        resolve({ isSuccess: false, output: `not done after ${deadlineMs / 1000} s` });
      else resolve({ isSuccess: false, output: output === "" ? error.message : output });
    });
  });
}

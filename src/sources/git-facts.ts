import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { GitFacts } from "../bundle/index.ts";

const run = promisify(execFile);
const deadlineMs = 10_000;

/**
 * The commit that a folder of a git working tree stands at, and whether files below it differ from
 * it; undefined where it is no such folder, or git does not answer.
 */
export async function readGitFacts(directory: string): Promise<GitFacts | undefined> {
  try {
    const commit = (await git(directory, "rev-parse", "--verify", "HEAD")).trim();
    const changes = await git(
      directory,
      "status",
      "--porcelain",
      "--untracked-files=all",
      "--",
      ".",
    );
    return { repository: await readRepository(directory), commit, dirty: changes !== "" };
  } catch {
    // No git, no repository, no commit: all the same to whoever asks what is checked out.
    return undefined;
  }
}

async function readRepository(directory: string): Promise<string | null> {
  try {
    const url = (await git(directory, "config", "--get", "remote.origin.url")).trim();
    return withoutCredentials(url).slice(0, 512);
  } catch {
    // A repository that was never pushed has no name.
    return null;
  }
}

/** A manifest is read by many; a token in an address is for one. */
function withoutCredentials(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^@/]*@/i, "$1").replace(/[?#].*$/, "");
}

async function git(directory: string, ...command: readonly string[]): Promise<string> {
  // A repository may name programs to run; reading where it stands must not run them.
  const harmless = ["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"];
  const argv = ["--no-optional-locks", ...harmless, "-C", directory, ...command];
  const options = { timeout: deadlineMs, maxBuffer: 16 * 1024 * 1024, encoding: "utf8" } as const;
  return (await run("git", argv, options)).stdout;
}

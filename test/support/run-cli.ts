import { run } from "../../src/cli/index.ts";

/** What a command left behind. */
export interface CliResult {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command line in a folder, with an empty environment and no terminal. */
export async function runCli(argv: readonly string[], cwd: string, stdin = ""): Promise<CliResult> {
  const stdout: string[] = [];
  const stderr: string[] = [];
  const exit = await run(argv, {
    stdout: { write: (text) => stdout.push(text) },
    stderr: { write: (text) => stderr.push(text) },
    readStdin: async () => stdin,
    isTerminal: false,
    environment: {},
    cwd,
  });
  return { exit, stdout: stdout.join(""), stderr: stderr.join("") };
}

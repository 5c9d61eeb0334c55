import { run } from "../../src/cli/index.ts";

const pieceUnits = 61;

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
    openStdin: () => inPieces(stdin),
    isTerminal: false,
    environment: {},
    cwd,
  });
  return { exit, stdout: stdout.join(""), stderr: stderr.join("") };
}

/** Text as a pipe gives it: in pieces that know nothing of lines. */
async function* inPieces(text: string): AsyncIterable<string> {
  for (let at = 0; at < text.length; at += pieceUnits) yield text.slice(at, at + pieceUnits);
}

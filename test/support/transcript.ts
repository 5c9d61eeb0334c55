import type { CliResult } from "./run-cli.ts";

/**
 * A command line as a transcript: a comment, then sections under `-- name --` lines. `command`,
 * `stdin` goes in; `stdout`, `stderr` and `exit` say what is expected; every other section is a file.
 */
export interface Transcript {
  readonly comment: string;
  readonly files: readonly { readonly path: string; readonly text: string }[];
  /** Arguments without the program's name. */
  readonly argv: readonly string[];
  readonly command: string;
  readonly stdin: string;
  readonly expected: CliResult;
}

const marker = /^-- (.+) --\n/m;

/** Reads a transcript. Throws when it has no command of `chancery`. */
export function parseTranscript(text: string): Transcript {
  const [comment = "", ...parts] = text.split(marker);
  const content = new Map<string, string>();
  for (let index = 0; index < parts.length; index += 2) {
    content.set(parts[index] ?? "", parts[index + 1] ?? "");
  }
  const command = (content.get("command") ?? "").trim();
  const [program, ...argv] = splitCommand(command);
  if (program !== "chancery") throw new Error(`Expected a command of chancery, found "${command}"`);
  const own = new Set(["command", "stdin", "stdout", "stderr", "exit"]);
  return {
    comment,
    files: [...content]
      .filter(([name]) => !own.has(name))
      .map(([path, body]) => ({ path, text: body })),
    argv,
    command,
    stdin: content.get("stdin") ?? "",
    expected: {
      stdout: content.get("stdout") ?? "",
      stderr: content.get("stderr") ?? "",
      exit: Number(content.get("exit") ?? 0),
    },
  };
}

/** The same transcript with another result; what is empty or 0 is left out. */
export function renderTranscript(transcript: Transcript, result: CliResult): string {
  const sections = [
    ...transcript.files.map(({ path, text }) => [path, text] as const),
    ["command", `${transcript.command}\n`] as const,
    ...(transcript.stdin === "" ? [] : [["stdin", transcript.stdin] as const]),
    ...(result.stdout === "" ? [] : [["stdout", result.stdout] as const]),
    ...(result.stderr === "" ? [] : [["stderr", result.stderr] as const]),
    ["exit", `${result.exit}\n`] as const,
  ];
  return transcript.comment + sections.map(([name, text]) => `-- ${name} --\n${text}`).join("");
}

/** Words as a shell would see them, with quotes but without any expansion. */
function splitCommand(command: string): readonly string[] {
  return [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, plain]) => double ?? single ?? plain ?? "",
  );
}

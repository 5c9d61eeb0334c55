/** Where text goes. */
interface TextSink {
  write(text: string): unknown;
}

/** Everything a command may touch of the process it runs in; tests hand in their own. */
export interface Io {
  /** What was asked for, and nothing else. */
  readonly stdout: TextSink;
  /** What went wrong, and progress. */
  readonly stderr: TextSink;
  /** All of standard input as text; asked for once at most. */
  readStdin(): Promise<string>;
  /** Standard input as it comes, in pieces that cut no character; instead of `readStdin`. */
  openStdin(): AsyncIterable<string>;
  /** True when `stdout` is a person's terminal: only then is it coloured and aligned. */
  readonly isTerminal: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Absolute; relative paths of the command line start here. */
  readonly cwd: string;
}

import { text } from "node:stream/consumers";
import { type Io, run } from "./cli/index.ts";

const io: Io = {
  stdout: process.stdout,
  stderr: process.stderr,
  readStdin: () => text(process.stdin),
  openStdin: () => process.stdin.setEncoding("utf8"),
  isTerminal: process.stdout.isTTY === true,
  environment: process.env,
  cwd: process.cwd(),
};

// A reader that has seen enough, such as `head`, closes the pipe; that is its right, not an error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

// Not `process.exit`: what was written to a pipe must leave first.
process.exitCode = await run(process.argv.slice(2), io);

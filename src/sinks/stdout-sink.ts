import { write } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { type Sink, SinkError, type SinkLine, taken } from "./sink.ts";

/** Another program has made the pipe non-blocking and nobody reads: it is asked again after this. */
const againMs = 50;

/**
 * The lines themselves on a file descriptor, for containers whose output is collected. Written off
 * the thread: a pipe that nobody empties would hold up everything else.
 */
export function createStdoutSink(descriptor = 1): Sink {
  /** A write that nobody waits for any more still comes first. */
  let last: Promise<unknown> = Promise.resolve();
  return {
    batch: { lines: 512, bytes: 256 * 1024 },
    async send(lines, signal) {
      await last;
      signal.throwIfAborted();
      const writing = writeAll(descriptor, join(lines), signal);
      last = writing.catch(() => undefined);
      await writing;
      return taken;
    },
    close: async () => undefined,
  };
}

function join(lines: readonly SinkLine[]): Buffer {
  return Buffer.from(lines.map(({ text }) => `${text}\n`).join(""));
}

/** A line that was begun is ended, however long that takes: half a line would spoil the next. */
async function writeAll(descriptor: number, bytes: Buffer, signal: AbortSignal): Promise<void> {
  for (let offset = 0; offset < bytes.length; ) {
    const written = await writeSome(descriptor, bytes.subarray(offset));
    offset += written;
    const isBetweenLines = bytes[offset - 1] === 0x0a;
    if (isBetweenLines && offset < bytes.length) signal.throwIfAborted();
    if (written === 0) await delay(againMs, undefined, { ref: false });
  }
}

function writeSome(descriptor: number, bytes: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    write(descriptor, bytes, 0, bytes.length, null, (error, written) => {
      if (error === null) resolve(written);
      else if (error.code === "EAGAIN") resolve(0);
      else reject(new SinkError("away", "expected to write to standard output", { cause: error }));
    });
  });
}

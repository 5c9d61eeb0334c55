import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { SinkLine } from "./sink.ts";
import { createStdoutSink } from "./stdout-sink.ts";

function linesOf(count: number, text = "x".repeat(1_000)): readonly SinkLine[] {
  return Array.from({ length: count }, (_, seq) => ({
    ...{ log: "gov.acme.example/0/5f0c2a91", type: "record" as const, seq },
    text: `{"seq":${seq},"text":"${text}"}`,
  }));
}

test("lines stand on standard output as they are, one below the other", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "stdout-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "output");
  const descriptor = openSync(path, "w");
  const sink = createStdoutSink(descriptor);
  await sink.send(linesOf(3), AbortSignal.timeout(1_000));
  await sink.close();
  closeSync(descriptor);
  assert.equal(
    readFileSync(path, "utf8"),
    linesOf(3)
      .map(({ text }) => `${text}\n`)
      .join(""),
  );
});

test("a pipe that nobody empties holds up nothing else, and no line is broken when it is", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "stdout-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "pipe");
  execFileSync("mkfifo", [path]);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(path, constants.O_WRONLY);
  const sink = createStdoutSink(writer);
  const lines = linesOf(300);
  const sending = sink.send(lines, AbortSignal.timeout(60_000));
  // The thread goes on: this would never run if the write held it up.
  await new Promise((resolve) => setTimeout(resolve, 30));
  const chunks: Buffer[] = [];
  const bytes = Buffer.alloc(65_536);
  const expected = lines.reduce((sum, { text }) => sum + text.length + 1, 0);
  for (let length = 0; length < expected; ) {
    const read = readIfAny(reader, bytes);
    length += read;
    chunks.push(Buffer.from(bytes.subarray(0, read)));
    if (read === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await sending;
  closeSync(writer);
  closeSync(reader);
  assert.equal(Buffer.concat(chunks).toString(), lines.map(({ text }) => `${text}\n`).join(""));
});

function readIfAny(descriptor: number, into: Buffer): number {
  try {
    return readSync(descriptor, into);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EAGAIN") return 0;
    throw error;
  }
}

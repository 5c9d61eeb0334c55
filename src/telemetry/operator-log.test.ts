import assert from "node:assert/strict";
import { test } from "node:test";
import { Fault } from "../base/index.ts";
import { createOperatorLog, type LogLevel, type OperatorLog } from "./index.ts";

interface Observed {
  readonly log: OperatorLog;
  readonly lines: Record<string, unknown>[];
  /** Ends every wait begun so far. */
  elapse(): void;
}

function observed(level: LogLevel = "info"): Observed {
  const lines: Record<string, unknown>[] = [];
  const waits: { milliseconds: number; run: () => void }[] = [];
  const log = createOperatorLog({
    level,
    destination: { write: (line: string) => lines.push(JSON.parse(line)) },
    startWait: (milliseconds, run) => waits.push({ milliseconds, run }),
  });
  return {
    log,
    lines,
    elapse() {
      for (const { milliseconds, run } of waits.splice(0)) {
        assert.equal(milliseconds, 10_000);
        run();
      }
    },
  };
}

function withoutTime(line: Record<string, unknown> | undefined): unknown {
  const { time, ...rest } = line ?? {};
  assert.match(String(time), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  return rest;
}

test("a line is JSON with time, level, message and fields", () => {
  const { log, lines } = observed();
  log.info("started", { addresses: "unix:/run/0.sock", streams: 0 });
  assert.deepEqual(withoutTime(lines[0]), {
    level: "info",
    msg: "started",
    addresses: "unix:/run/0.sock",
    streams: 0,
  });
});

test("lines below the level are not written", () => {
  const { log, lines } = observed("warn");
  log.debug("a");
  log.info("b");
  log.warn("c");
  log.error("d");
  assert.deepEqual(
    lines.map(({ msg }) => msg),
    ["c", "d"],
  );
});

test("a field that is not on the list is not written, and neither is an object in one that is", () => {
  const { log, lines } = observed();
  const fields = { component: "extproc", prompt: "secret", reason: { text: "secret" } };
  log.warn("odd", fields as object);
  assert.deepEqual(withoutTime(lines[0]), { level: "warn", msg: "odd", component: "extproc" });
});

test("an error shows code and frames, and nothing it says of what was worked on", () => {
  const { log, lines } = observed();
  const cause = parseFailure('{"card": "4111 1111 1111 1111\n    at secret (line:1:1)');
  const error = Object.assign(new Fault("json_invalid", "found 4111", { cause }), {
    body: "4111 1111 1111 1111",
  });
  log.error("failed", error, { component: "exchange" });
  const [line] = lines;
  assert.equal(line?.["code"], "json_invalid");
  assert.equal(line?.["component"], "exchange");
  const stack = line?.["stack"] as string[];
  assert.match(stack[0] ?? "", /^at .*operator-log\.test\.ts:\d+:\d+\)?$/);
  assert.ok(stack.includes("caused by SyntaxError"));
  assert.doesNotMatch(JSON.stringify(line), /4111|secret/);
});

test("a line of a message that looks like a frame is not shown", () => {
  const { log, lines } = observed();
  log.error("failed", new Error("found\n    at secret (4111:1:1)"));
  assert.doesNotMatch(JSON.stringify(lines), /secret/);
});

test("what is thrown without being an error, or with odd codes, is still a line", () => {
  const { log, lines } = observed();
  log.error("one", "4111 1111");
  log.error("two", Object.assign(new Error("x"), { code: "4111 1111" }));
  log.error("three", Object.assign(new Error("x"), { code: "ENOENT", stack: undefined }));
  assert.deepEqual(
    lines.map(({ code }) => code),
    ["not_an_error", "Error", "ENOENT"],
  );
});

test("a ring of causes ends", () => {
  const { log, lines } = observed();
  const error = new Error("a");
  error.cause = error;
  log.error("ring", error);
  assert.equal(lines.length, 1);
});

test("repeats of a code become one line per 10 s with a count", () => {
  const { log, lines, elapse } = observed();
  const fail = () => log.error("failed", new Fault("audit_unavailable", "x"));
  for (let index = 0; index < 4; index += 1) fail();
  assert.equal(lines.length, 1);
  elapse();
  assert.deepEqual(withoutTime(lines[1]), {
    level: "error",
    msg: "failed",
    code: "audit_unavailable",
    count: 3,
  });
  fail();
  assert.equal(lines.length, 2, "the count opened the next 10 s");
  elapse();
  elapse();
  assert.equal(lines.length, 3);
  fail();
  assert.equal(lines.length, 4, "after 10 s of silence a line is written at once");
});

test("different codes and lines without a code are not collapsed", () => {
  const { log, lines } = observed();
  log.warn("a", { code: "one" });
  log.warn("a", { code: "two" });
  log.info("b");
  log.info("b");
  assert.equal(lines.length, 4);
});

test("more codes than there can be are written and not kept", () => {
  const { log, lines } = observed();
  for (let index = 0; index < 300; index += 1) log.warn("a", { code: `c${index}` });
  log.warn("a", { code: "c299" });
  assert.equal(lines.length, 301);
});

test("lines are dropped while the reader does not take them", () => {
  const written: string[] = [];
  const destination = { writableLength: 0, write: (line: string) => written.push(line) };
  const log = createOperatorLog({ level: "info", destination });
  log.info("a");
  destination.writableLength = 2 * 1024 * 1024;
  log.info("b");
  destination.writableLength = 0;
  log.info("c");
  assert.equal(written.length, 2);
});

test("whoever listens is told of each line that was written, until they end it", () => {
  const [written, heard]: [string[], string[]] = [[], []];
  const destination = { writableLength: 0, write: (line: string) => written.push(line) };
  const log = createOperatorLog({ level: "info", destination });
  const end = log.onLine((line) => heard.push(line));
  log.debug("a");
  log.info("b");
  destination.writableLength = 2 * 1024 * 1024;
  log.info("c");
  destination.writableLength = 0;
  assert.equal(heard.length, 1);
  assert.deepEqual(heard, written);
  end();
  log.info("d");
  assert.deepEqual([heard.length, written.length], [1, 2]);
});

function parseFailure(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return error;
  }
}

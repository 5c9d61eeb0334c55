import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Script, startScriptedProcessor } from "../../test/support/scripted-processor.ts";
import { openProbe, type ProbeStream } from "./client.ts";

const patientMs = 10_000;

async function withStream(
  script: Script,
  use: (stream: ProbeStream) => Promise<void>,
): Promise<void> {
  const server = await startScriptedProcessor(script);
  const probe = openProbe({ address: server.address });
  try {
    await use(probe.open());
  } finally {
    probe.close();
    server.close();
  }
}

const echo: Script = (message) =>
  message === undefined ? [] : [{ kind: "answer", message: { request_headers: {} } }];

describe("openProbe", () => {
  test("answers come in order, and after the end it is the end for ever", async () => {
    await withStream(echo, async (stream) => {
      stream.send({ request_headers: {} });
      const answer = await stream.next(patientMs);
      assert.deepEqual(answer, {
        kind: "answer",
        answer: { request_headers: {}, response: "request_headers" },
      });
      stream.halfClose();
      assert.equal((await stream.next(patientMs)).kind, "ended");
      assert.equal((await stream.next(patientMs)).kind, "ended");
      assert.equal((await stream.status).code, 0);
    });
  });

  test("silence is told at the deadline, and what comes later is still there", async () => {
    await withStream(echo, async (stream) => {
      assert.deepEqual(await stream.next(1), { kind: "silence" });
      stream.send({ request_headers: {} });
      assert.equal((await stream.next(patientMs)).kind, "answer");
      stream.halfClose();
      await stream.status;
    });
  });

  test("bytes are sent as they are, so that a message may be none", async () => {
    await withStream(echo, async (stream) => {
      stream.send(Buffer.from("ffff", "hex"));
      assert.notEqual((await stream.status).code, 0);
    });
  });

  test("a cancelled stream ends CANCELLED", async () => {
    await withStream(echo, async (stream) => {
      stream.send({ request_headers: {} });
      await stream.next(patientMs);
      stream.cancel();
      assert.equal((await stream.status).name, "CANCELLED");
    });
  });
});

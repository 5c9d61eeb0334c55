/** What a server says when it ends of a bug, with exchanges in its memory. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { findCanaries, startCanaryStage } from "../support/canary-stage.ts";
import { callOnce, openCall } from "../support/client-call.ts";
import { eventually } from "../support/governed-envoy.ts";
import { chat } from "../support/planted.ts";
import { plantedValues, sentenceWith } from "../support/planted-values.ts";

const bug = fileURLToPath(new URL("../support/crash-on-signal.ts", import.meta.url));

test("a server that ends of a bug says where it was, and nothing of what it held", async (t) => {
  const values = plantedValues(17);
  const text = values.map((planted) => sentenceWith(planted)).join(" ");
  const stage = await startCanaryStage(t, {
    environment: { NODE_OPTIONS: `--import=${bug}`, CRASH_TEXT: text },
  });
  const { baseUrl, server, upstream } = stage;
  upstream.answerWith({ text: "so" });
  await callOnce(baseUrl, { body: chat("hi") });
  await server.printed(/"kind":"decision"/);
  const held = openCall(baseUrl, { headers: { "content-type": "application/json; note=x" } });
  held.write(chat(text).slice(0, -1));
  await eventually(async () => {
    const status = await (await fetch(`${server.adminUrl}/status`)).json();
    return (status as { activeStreams: number }).activeStreams > 0 || undefined;
  });
  const remnants = await stage.remnants(1, "SIGUSR2");
  await held.answer;
  assert.deepEqual(await server.ended, { code: 1, signal: null });
  assert.match(server.stderr(), /ended by a bug: TypeError\n +at .*crash-on-signal\.ts:\d+/);
  assert.deepEqual(findCanaries(remnants, values), []);
});

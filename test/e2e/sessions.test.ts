import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { startGovernedEnvoy } from "../support/governed-envoy.ts";
import { type CallAnswer, HttpCaller } from "../support/http-caller.ts";

const email = "jane.roe@example.org";
const asked = { model: "large", messages: [{ role: "user", content: `Who is ${email}?` }] };
const exchanges = 10_000;
const atOnce = 64;

describe("thousands of exchanges over one connection", { timeout: 180_000 }, () => {
  for (const gracefulClose of [false, true]) {
    const how = gracefulClose ? "half-closes each stream" : "resets each stream it is done with";
    test(`all succeed while Envoy ${how}`, async (t) => {
      const stage = await startGovernedEnvoy(t, { bootstrap: { gracefulClose, retry: false } });
      stage.cloud.answerWith({ text: `She is ${email}.` });
      const caller = new HttpCaller(stage.baseUrl, { socketsMax: atOnce });
      t.after(() => caller.close());
      const outcomes = new Map<string, number>();
      let begun = 0;
      const callInTurn = async (): Promise<void> => {
        while (begun < exchanges) {
          begun += 1;
          const outcome = outcomeOf(await caller.post("/chat/completions", asked));
          outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        }
      };
      await Promise.all(Array.from({ length: atOnce }, callInTurn));

      assert.deepEqual([...outcomes], [["masked", exchanges]]);
      assert.equal(stage.cloud.requests.length, exchanges);
      const leaked = stage.cloud.requests.filter(({ body }) => body.includes("jane"));
      assert.deepEqual(leaked, []);
      const statistics = {
        connections: await stage.statistic("cluster.chancery.upstream_cx_total"),
        streams: await stage.statistic("cluster.chancery.upstream_rq_total"),
        resetByUs: await stage.statistic("cluster.chancery.upstream_rq_rx_reset"),
        failed: await stage.statistic("ext_proc.streams_failed"),
        allowed: await stage.statistic("ext_proc.failure_mode_allowed"),
        timeouts: await stage.statistic("ext_proc.message_timeouts"),
      };
      const none = { resetByUs: 0, failed: 0, allowed: 0, timeouts: 0 };
      assert.deepEqual(statistics, { connections: 1, streams: exchanges, ...none });
      const resetByEnvoy = await stage.statistic("cluster.chancery.upstream_rq_tx_reset");
      assert.equal(resetByEnvoy, gracefulClose ? 0 : exchanges);
      const kinds = (await stage.records()).map(({ kind, end }) => `${kind} ${end ?? ""}`);
      assert.equal(kinds.filter((kind) => kind === "decision ").length, exchanges);
      assert.equal(kinds.filter((kind) => kind === "closing complete").length, exchanges);
    });
  }
});

/** One word where all is well, else what is wrong. */
function outcomeOf({ isComplete, status, text }: CallAnswer): string {
  const isMasked = text.includes("She is [EMAIL].") && !text.includes("jane");
  return status === 200 && isComplete && isMasked ? "masked" : `${status} ${isComplete} ${text}`;
}

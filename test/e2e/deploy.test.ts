import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { both, withDefaultRoute } from "../support/bootstrap-edits.ts";
import { type Gateway, withDeployPieces } from "../support/deploy-pieces.ts";
import { startGovernedEnvoy } from "../support/governed-envoy.ts";
import { callHttp2 } from "../support/http2-call.ts";

const gateways: readonly Gateway[] = ["envoy", "istio", "envoy-gateway", "kgateway"];
const email = "jane.doe@example.org";

function chat(content: string) {
  return { model: "fast", messages: [{ role: "user", content }] };
}

for (const gateway of gateways) {
  describe(`under the settings of deploy/${gateway}.yaml`, () => {
    test("requests and answers are masked, routed and recorded", async (t) => {
      const stage = await startGovernedEnvoy(t, { edit: withDeployPieces(gateway) });
      stage.local.answerWith({ text: `Ask ${email}.` });
      const answer = await stage.post("/chat/completions", chat(`I am ${email}.`));
      const text = await answer.text();
      assert.equal(answer.status, 200, text);
      assert.ok(text.includes("Ask [EMAIL].") && !text.includes(email));
      assert.deepEqual([stage.cloud.requests.length, stage.local.requests.length], [0, 1]);
      assert.ok(stage.local.requests[0]?.body.includes("I am [EMAIL]."));
      const id = answer.headers.get("x-chancery-decision");
      assert.equal((await stage.recordsOf(String(id), 2)).length, 2);
    });

    test("a processor that is gone refuses, and a request of trailers alone is no way round", async (t) => {
      const stage = await startGovernedEnvoy(t, {
        edit: both(withDeployPieces(gateway), withDefaultRoute),
      });
      const trailed = await callHttp2(stage.envoy.baseUrl, {
        headers: { ":method": "POST", ":path": "/v1/chat/completions" },
        trailers: { "x-note": email },
      });
      assert.ok(trailed.status >= 400, String(trailed.status));
      await stage.server.stop(AbortSignal.abort());
      const refused = await stage.post("/chat/completions", chat("hi"));
      await refused.arrayBuffer();
      assert.ok(refused.status >= 500, String(refused.status));
      assert.deepEqual([...stage.cloud.requests, ...stage.local.requests], []);
    });
  });
}

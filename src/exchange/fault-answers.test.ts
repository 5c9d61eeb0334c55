import assert from "node:assert/strict";
import { test } from "node:test";
import { setExchangeStage } from "../../test/support/exchange-stage.ts";
import { FakeProxy } from "../../test/support/fake-proxy.ts";
import { governedStage, policiesWith, policyOf } from "../../test/support/governed-exchange.ts";

const post = { ":method": "POST", ":path": "/v1/chat/completions", ":authority": "llm" };
const rules = policyOf("{ id: w, effect: warn }");
const observe = '{ fallback: deny, observe: [{ apps: [bot], until: "2999-01-01T00:00:00Z" }] }';

/** How the faults of a request that is no JSON were answered, as the observer hears it. */
function answersUnder(platform: string | undefined): readonly string[] {
  const answers: string[] = [];
  const observer = {
    ...setExchangeStage().deps.observer,
    faulted: (code: string, answer: string) => answers.push(`${code} ${answer}`),
  };
  const policies = policiesWith(rules, platform);
  const { open } = governedStage(policies, { observer });
  new FakeProxy(open, {}).requestHeaders(post).requestBody("{");
  return answers;
}

test("a fault that ends an exchange is told as closed, one that a watched app survives as open", () => {
  assert.deepEqual(answersUnder("{ fallback: deny }"), ["json_invalid closed"]);
  assert.deepEqual(answersUnder(observe), ["json_invalid open"]);
});

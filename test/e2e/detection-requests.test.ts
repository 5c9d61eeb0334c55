/** Every type of value in every position of a request, through a real Envoy. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { anthropicRequests } from "../leak/anthropic-messages-requests.ts";
import { type Conversation, conversationsOf } from "../leak/conversation.ts";
import { everyValue, plainMask, plainPlanting, valueInTurn } from "../leak/every-type.ts";
import { openaiRequests } from "../leak/openai-chat-requests.ts";
import type { Position } from "../leak/position.ts";
import { differencesOf } from "../leak/traces.ts";
import { type GovernedEnvoy, startGovernedEnvoy } from "../support/governed-envoy.ts";
import { renderJson } from "../support/planted-json.ts";
import type { PlantedValue } from "../support/planted-values.ts";
import { masksEverything } from "../support/tool-policies.ts";

const formats = [
  { name: "OpenAI Chat", path: "/chat/completions", positions: openaiRequests },
  { name: "Anthropic Messages", path: "/messages", positions: anthropicRequests },
] as const;

for (const { name, path, positions } of formats) {
  describe(`values of every type in requests of ${name}`, { timeout: 120_000 }, () => {
    test("stand as their masks upstream, in every position, and no other byte changes", async (t) => {
      const stage = await startGovernedEnvoy(t, { policies: masksEverything });
      stage.cloud.answerWith({ text: "so" });
      const edited = positions.filter(({ handling }) => handling === "edited");
      const differences: string[] = [];
      for (const conversation of conversationsOf(edited)) {
        for (const turn of everyValue.keys()) {
          differences.push(...(await converse(stage, { path, conversation, turn })));
        }
      }
      assert.deepEqual(differences, []);
    });

    test("go upstream from no position, be it a name, a switch or under a signature", async (t) => {
      const stage = await startGovernedEnvoy(t, { policies: masksEverything });
      stage.cloud.answerWith({ text: "so" });
      const guarded = positions.filter(
        ({ handling }) => handling === "guarded" || handling === "fixed",
      );
      const leaks: string[] = [];
      for (const position of guarded) {
        for (const planted of everyValue) {
          if (await isLeaked(stage, { path, position, planted })) {
            leaks.push(`${planted.type} in ${position.name}`);
          }
        }
      }
      assert.deepEqual(leaks, []);
    });
  });
}

/** Sends a conversation; gives what differs in it from what the upstream should have got. */
async function converse(
  stage: GovernedEnvoy,
  sent: { readonly path: string; readonly conversation: Conversation; readonly turn: number },
): Promise<readonly string[]> {
  const { conversation, path, turn } = sent;
  const plantedAt = (at: number) => valueInTurn(conversation.positions[at]?.body, turn + at);
  const body = conversation.render((at) => plainPlanting(plantedAt(at)));
  const expected = conversation.render((at) => plainMask(plantedAt(at)));
  const before = stage.cloud.requests.length;
  const answer = await stage.post(path, body);
  const said = await answer.text();
  const received = stage.cloud.requests[before]?.body.toString("utf8");
  if (received === undefined) return [`turn ${turn} was answered ${answer.status}: ${said}`];
  return differencesOf(received, expected);
}

/** Whether a value reaches the upstream with the words that tell what it is. */
async function isLeaked(
  stage: GovernedEnvoy,
  sent: {
    readonly path: string;
    readonly position: Position;
    readonly planted: PlantedValue;
  },
): Promise<boolean> {
  const { path, planted, position } = sent;
  const before = stage.cloud.requests.length;
  const answer = await stage.post(path, renderJson(position.body, plainPlanting(planted)));
  await answer.text();
  const told = JSON.stringify(planted.lead + planted.value).slice(1, -1);
  return stage.cloud.requests[before]?.body.includes(told) === true;
}

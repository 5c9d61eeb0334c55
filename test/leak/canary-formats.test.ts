/**
 * Plants a secret in every field of every format, in requests, answers and streams, behind a real
 * Envoy, and looks for it in all that a server leaves behind. What reaches caller and upstream is
 * looked at beside this file.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { findCanaries, startCanaryStage } from "../support/canary-stage.ts";
import { callOnce } from "../support/client-call.ts";
import { renderJson } from "../support/planted-json.ts";
import { type PlantedValue, plantedValues, unknownWords } from "../support/planted-values.ts";
import { toolPolicies } from "../support/tool-policies.ts";
import type { Script } from "../support/upstream-script.ts";
import { anthropicAnswers } from "./anthropic-messages-answers.ts";
import { anthropicRequests } from "./anthropic-messages-requests.ts";
import { anthropicFrame, anthropicStreams } from "./anthropic-messages-streams.ts";
import { textCuts } from "./cuts.ts";
import { plantingOf } from "./judge.ts";
import { openaiAnswers } from "./openai-chat-answers.ts";
import { openaiRequests } from "./openai-chat-requests.ts";
import { openaiFrame, openaiStreams } from "./openai-chat-streams.ts";
import { holdsNumber, type Position, type StreamPosition } from "./position.ts";
import { renderStream, streamNeedsNumber, textOf } from "./render-stream.ts";
import { type Dialect, dialects } from "./runs.ts";
import { layoutPositions } from "./stream-layouts.ts";

/** A format on the wire, and all positions in it. */
interface Format {
  readonly dialect: Dialect;
  readonly requests: readonly Position[];
  readonly answers: readonly Position[];
  readonly streams: readonly StreamPosition[];
}

const formats: readonly Format[] = [
  {
    dialect: dialects.openai,
    requests: openaiRequests,
    answers: openaiAnswers,
    streams: [...openaiStreams, ...layoutPositions(openaiFrame)],
  },
  {
    dialect: dialects.anthropic,
    requests: anthropicRequests,
    answers: anthropicAnswers,
    streams: [...anthropicStreams, ...layoutPositions(anthropicFrame)],
  },
];

const values = plantedValues(19);
const numbers = values.filter(({ digits }) => digits !== undefined);

/** Three values for each position, so that what is masked, refused and let pass comes everywhere. */
function valuesAt({ handling }: Pick<Position, "handling">, turn: number, needsNumber: boolean) {
  const list = needsNumber ? numbers : values;
  // Names of models and tools are on record, unless a value is found in them.
  const more = needsNumber || handling === "guarded" ? [] : [unknownWords];
  const drawn = [turn, turn + Math.ceil(list.length / 2)].map(
    (index) => list[index % list.length] as PlantedValue,
  );
  return [...drawn, ...more];
}

/** A request, and what the upstream says to it. */
interface Visit {
  readonly body: string;
  readonly script: Script;
}

function* visitsOf({ answers, dialect, requests, streams }: Format): Generator<Visit> {
  const said: Script = { text: "so" };
  for (const [turn, position] of requests.entries()) {
    const { body } = position;
    for (const value of valuesAt(position, turn, holdsNumber(body))) {
      yield { body: renderJson(body, plantingOf(value, "plain")), script: said };
    }
  }
  for (const [turn, position] of answers.entries()) {
    const { body, status = 200 } = position;
    for (const value of valuesAt(position, turn, holdsNumber(body))) {
      const raw = [renderJson(body, plantingOf(value, "plain"))];
      yield { body: dialect.request, script: { raw, status } };
    }
  }
  for (const [turn, position] of streams.entries()) {
    for (const value of valuesAt(position, turn, streamNeedsNumber(position))) {
      const planting = plantingOf(value, "plain");
      const text = textOf(position, planting);
      const [whole, ...cuts] = textCuts;
      const cut = position.isWhole === true ? whole : cuts[turn % cuts.length];
      const raw = [renderStream(position, planting, cut?.pieces(text) ?? [text])];
      yield { body: dialect.streamRequest, script: { raw, isStream: true } };
    }
  }
}

/** Rules of which records tell as much as they can: of each tool by name, of parameters, of arguments. */
const toolWorld = toolPolicies([
  "{ id: mask, effect: redact, redact: { method: mask, classes: [pii, pci, phi, financial, network, secret], directions: [request, response] }, audit: { level: trace } }",
  "{ id: tools, effect: allow, actions: [tool.list, tool.call, tool.result] }",
  "{ id: note, effect: warn, actions: [tool.call], message: { code: tool_called }, conditions: [{ name: to, expression: 'tool.args.to == \"x\"' }] }",
]);

/** Policies, and how exchanges end under them. */
const worlds = [
  ["masked or refused", { policies: undefined, statuses: [200, 403], told: '"rules":[' }],
  ["judged by tools", { policies: toolWorld, statuses: [200], told: '"tools":[' }],
] as const;

describe("secrets planted in every field", { timeout: 120_000 }, () => {
  for (const format of formats) {
    for (const [how, { policies, statuses, told }] of worlds) {
      test(`of ${format.dialect.name}, ${how}, turn up in nothing a server leaves`, async (t) => {
        const stage = await startCanaryStage(t, { ...(policies && { policies }) });
        const seen = new Set<number | undefined>();
        let exchanges = 0;
        for (const { body, script } of visitsOf(format)) {
          stage.upstream.answerWith(script);
          exchanges += 1;
          const { path } = format.dialect;
          seen.add((await callOnce(stage.baseUrl, { path, body })).status);
        }
        for (const status of statuses) assert.ok(seen.has(status), `nothing ended in ${status}`);
        const remnants = await stage.remnants(exchanges);
        assert.ok(stage.server.stdout().includes(told), `no record has ${told}`);
        assert.deepEqual(findCanaries(remnants, [...values, unknownWords]), []);
      });
    }
  }
});

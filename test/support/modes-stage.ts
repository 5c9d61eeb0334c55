/** A stage on which every exchange can have body modes of its own. */
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { allBodyModes, type Modes, modesHeader, withModeRoutes } from "./bootstrap-edits.ts";
import { type Call, type ClientAnswer, callOnce } from "./client-call.ts";
import { type GovernedEnvoy, type StageOptions, startGovernedEnvoy } from "./governed-envoy.ts";
import type { SeenRequest } from "./upstream.ts";

const governedRequests = ["BUFFERED", "FULL_DUPLEX_STREAMED"] as const;
const governedResponses = ["FULL_DUPLEX_STREAMED", "BUFFERED", "STREAMED"] as const;

/** The combinations under which everything is governed. */
export const governedModes: readonly Modes[] = governedRequests.flatMap((request) =>
  governedResponses.map((response) => ({ request, response, trailers: true })),
);

/** All others that Envoy can be configured with. */
export const refusedModes: readonly Modes[] = allBodyModes
  .flatMap((request) => allBodyModes.map((response) => ({ request, response, trailers: true })))
  .filter(
    (modes) => !governedModes.some((governed) => describeModes(governed) === describeModes(modes)),
  );

/** Modes as part of a test's name. */
export function describeModes({ request, response, trailers }: Modes): string {
  return `request ${request}, response ${response}${trailers ? "" : ", trailers not sent"}`;
}

/** Starts it, HTTP/1 trailers let through. */
export function startModesStage(
  t: TestContext,
  options: StageOptions = {},
): Promise<GovernedEnvoy> {
  const bootstrap = { http1Trailers: true, ...options.bootstrap };
  return startGovernedEnvoy(t, { ...options, bootstrap, edit: withModeRoutes });
}

/** What one call led to. */
export interface Outcome {
  readonly answer: ClientAnswer;
  /** What reached the upstream because of it. */
  readonly seen: readonly SeenRequest[];
}

/** Calls under some modes, one after the other. */
export class ModesCaller {
  readonly stage: GovernedEnvoy;
  readonly modes: Modes;

  constructor(stage: GovernedEnvoy, modes: Modes) {
    this.stage = stage;
    this.modes = modes;
  }

  async call(call: Call): Promise<Outcome> {
    const { cloud, envoy, local } = this.stage;
    const before = cloud.requests.length;
    const headers = { ...modesHeader(this.modes), ...call.headers };
    const answer = await callOnce(envoy.baseUrl, { ...call, headers });
    assert.equal(local.requests.length, 0);
    return { answer, seen: cloud.requests.slice(before) };
  }
}

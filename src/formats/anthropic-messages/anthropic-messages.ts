import type { Format } from "../format.ts";
import { decodeAnswer, decodeCountRequest, decodeRequest } from "./decode.ts";
import { renderRefusal, renderStreamRefusal } from "./refuse.ts";
import { openAnswerStream } from "./stream.ts";

/** Anthropic Messages. */
export const anthropicMessages: Format = {
  protocol: "anthropic-messages",
  action: "llm.generate",
  decodeRequest,
  decodeAnswer,
  openAnswerStream,
  renderRefusal,
  renderStreamRefusal,
};

/** Counts what a message would take: the same body, and a number as the answer. */
export const anthropicTokenCount: Format = {
  ...anthropicMessages,
  decodeRequest: decodeCountRequest,
};

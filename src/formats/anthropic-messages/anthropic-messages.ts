import type { Format } from "../format.ts";
import { decodeAnswer, decodeRequest } from "./decode.ts";
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

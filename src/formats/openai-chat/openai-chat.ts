import type { Format } from "../format.ts";
import { decodeAnswer, decodeRequest } from "./decode.ts";
import { renderRefusal, renderStreamRefusal } from "./refuse.ts";
import { openAnswerStream } from "./stream.ts";

/** OpenAI Chat Completions, as OpenAI and many compatible servers speak it. */
export const openaiChat: Format = {
  protocol: "openai-chat",
  action: "llm.generate",
  decodeRequest,
  decodeAnswer,
  openAnswerStream,
  renderRefusal,
  renderStreamRefusal,
};

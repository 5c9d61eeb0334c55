import { areCodingsSupported, ContentDecoder, type Format } from "../formats/index.ts";
import type { Answer } from "./answer.ts";
import { type AnswerHead, readAnswerHead } from "./answer-head.ts";
import { classifiesAnswers } from "./classify-answer.ts";
import type { ExchangeCore } from "./core.ts";
import type { ExchangeEvent } from "./events.ts";
import { SniffedAnswer } from "./sniffed-answer.ts";
import { StreamAnswer } from "./stream-answer.ts";
import { UnpackedAnswer } from "./unpacked-answer.ts";
import { WatchedAnswer } from "./watched-answer.ts";
import { WholeAnswer } from "./whole-answer.ts";

type HeadersEvent = Extract<ExchangeEvent, { kind: "request_headers" | "response_headers" }>;

/**
 * Opens the answer of a judged request in the way its header block asks for: an event stream runs,
 * packed or not; anything else is whole, unless its first bytes turn out to be events, and so is all
 * that classifiers are asked about. One that is only watched passes.
 */
export function openAnswer(core: ExchangeCore, event: HeadersEvent): Answer {
  const head = readAnswerHead(event);
  const { format, isWatched, permit } = core.knowledge;
  if (isWatched) return new WatchedAnswer(core, format, head);
  const isSent = core.responseMode === "FULL_DUPLEX_STREAMED" || core.responseMode === "STREAMED";
  const mayRun = permit !== undefined && isSent && !event.endOfStream;
  if (format === undefined || !mayRun || classifiesAnswers(core)) {
    return new WholeAnswer(core, format, head);
  }
  if (head.codings.length === 0) return openRunning(core, format, head);
  // What says it is JSON is unpacked in one go, which costs less.
  const isRead = areCodingsSupported(head.codings) && !head.mediaType.endsWith("json");
  if (!isRead) return new WholeAnswer(core, format, head);
  const decoder = new ContentDecoder(head.codings, core.deps.limits);
  const unpacked: AnswerHead = { ...head, codings: [], isUnpacked: true };
  return new UnpackedAnswer(core, openRunning(core, format, unpacked), decoder);
}

function openRunning(core: ExchangeCore, format: Format, head: AnswerHead): Answer {
  return head.mediaType === "text/event-stream"
    ? new StreamAnswer(core, format, head)
    : new SniffedAnswer(core, format, head);
}

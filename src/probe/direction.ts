import { type Conversation, ProtocolBreach } from "./conversation.ts";
import type { ProbeBodyMode, ProbeHeader, ProbeMessage } from "./exchange.ts";
import { checkContentLength, mutateBody, mutateHeaders } from "./mutations.ts";
import type { WireAnswer, WireCommonResponse, WirePhase } from "./wire.ts";

/** One direction to drive. */
export interface DirectionOptions {
  readonly direction: "request" | "response";
  readonly message: ProbeMessage;
  readonly mode: ProbeBodyMode;
  /** Fields that ride on the first event, such as `protocol_config`. */
  readonly firstEventFields: object;
  /** Told when the headers can no longer be taken back. */
  readonly headersLeft: () => void;
}

/** CommonResponse.ResponseStatus: the answer to the headers brings the whole body. */
const continueAndReplace = 1;

/** What the next hop got. */
export interface DrivenMessage {
  readonly headers: readonly ProbeHeader[];
  readonly body: Buffer;
}

/** Asks what the proxy asks in this body mode, and gives what it would have passed on. */
export async function driveDirection(
  conversation: Conversation,
  options: DirectionOptions,
): Promise<DrivenMessage> {
  const { message, mode } = options;
  const hasEnd = message.chunks.length === 0 && message.trailers === undefined;
  const sendHeaders = (): void =>
    conversation.send({
      ...options.firstEventFields,
      [phaseOf(options, "headers")]: {
        headers: toHeaderMap(message.headers),
        end_of_stream: hasEnd,
      },
    });

  if (mode === "FULL_DUPLEX_STREAMED" && !hasEnd) {
    return driveFullDuplex(conversation, options, sendHeaders);
  }
  sendHeaders();
  const common = commonOf(
    await conversation.expect(phaseOf(options, "headers")),
    options,
    "headers",
  );
  const headers = mutateHeaders(message.headers, common?.header_mutation);
  if (hasEnd) return { headers, body: Buffer.alloc(0) };
  if (common?.status === continueAndReplace) {
    const body = mutateBody(Buffer.concat(message.chunks), common.body_mutation);
    return { headers: withoutLength(headers), body };
  }
  switch (mode) {
    case "NONE":
      options.headersLeft();
      return { headers, body: Buffer.concat(message.chunks) };
    case "BUFFERED":
    case "BUFFERED_PARTIAL":
      return driveBuffered(conversation, options, headers);
    case "STREAMED":
    case "FULL_DUPLEX_STREAMED":
      options.headersLeft();
      return driveStreamed(conversation, options, withoutLength(headers));
  }
}

/** One event with the whole body; the headers wait for its answer and can still change. */
async function driveBuffered(
  conversation: Conversation,
  options: DirectionOptions,
  headers: readonly ProbeHeader[],
): Promise<DrivenMessage> {
  const { chunks, trailers } = options.message;
  let result: DrivenMessage = { headers, body: Buffer.concat(chunks) };
  // Of an empty body before trailers Envoy does not tell at all.
  if (result.body.length > 0 || trailers === undefined) {
    const phase = phaseOf(options, "body");
    conversation.send({ [phase]: { body: result.body, end_of_stream: trailers === undefined } });
    const common = commonOf(await conversation.expect(phase), options, "body");
    result = {
      headers: mutateHeaders(headers, common?.header_mutation),
      body: mutateBody(result.body, common?.body_mutation),
    };
    if (common?.body_mutation !== undefined) checkContentLength(result.headers, result.body);
  }
  await driveTrailers(conversation, options);
  return result;
}

/** One event and one answer for each chunk, in step. */
async function driveStreamed(
  conversation: Conversation,
  options: DirectionOptions,
  headers: readonly ProbeHeader[],
): Promise<DrivenMessage> {
  const { chunks, trailers } = options.message;
  const phase = phaseOf(options, "body");
  const passed: Buffer[] = [];
  for (const [index, chunk] of chunks.entries()) {
    const isLast = index === chunks.length - 1 && trailers === undefined;
    conversation.send({ [phase]: { body: chunk, end_of_stream: isLast } });
    const common = commonOf(await conversation.expect(phase), options, "body");
    passed.push(mutateBody(chunk, common?.body_mutation));
  }
  await driveTrailers(conversation, options);
  return { headers, body: Buffer.concat(passed) };
}

/** All events at once, then as many answers as the server likes; it says itself when it is done. */
async function driveFullDuplex(
  conversation: Conversation,
  options: DirectionOptions,
  sendHeaders: () => void,
): Promise<DrivenMessage> {
  const { chunks, trailers, headers } = options.message;
  const bodyPhase = phaseOf(options, "body");
  const trailersPhase = phaseOf(options, "trailers");
  sendHeaders();
  for (const body of chunks) conversation.send({ [bodyPhase]: { body, end_of_stream: false } });
  conversation.send(
    trailers === undefined
      ? { [bodyPhase]: { body: Buffer.alloc(0), end_of_stream: true } }
      : { [trailersPhase]: { trailers: toHeaderMap(trailers) } },
  );

  const answer = await conversation.expect(phaseOf(options, "headers"));
  const common = commonOf(answer, options, "headers");
  const passedHeaders = mutateHeaders(withoutLength(headers), common?.header_mutation);
  options.headersLeft();
  const passed: Buffer[] = [];
  for (;;) {
    const piece = await conversation.expectOneOf(
      trailers === undefined ? [bodyPhase] : [bodyPhase, trailersPhase],
    );
    if (piece.response === trailersPhase) break;
    const streamed = commonOf(piece, options, "body")?.body_mutation?.streamed_response;
    if (streamed === undefined) {
      throw new ProtocolBreach(`${bodyPhase} without streamed_response in FULL_DUPLEX_STREAMED`);
    }
    passed.push(streamed.body ?? Buffer.alloc(0));
    if (streamed.end_of_stream !== true) continue;
    if (trailers === undefined) break;
    throw new ProtocolBreach(
      `${bodyPhase} ends the stream although trailers follow: they are lost`,
    );
  }
  return { headers: passedHeaders, body: Buffer.concat(passed) };
}

async function driveTrailers(conversation: Conversation, options: DirectionOptions): Promise<void> {
  const { trailers } = options.message;
  if (trailers === undefined) return;
  const phase = phaseOf(options, "trailers");
  conversation.send({ [phase]: { trailers: toHeaderMap(trailers) } });
  await conversation.expect(phase);
}

type Part = "headers" | "body" | "trailers";

function phaseOf(options: DirectionOptions, part: Part): WirePhase {
  return `${options.direction}_${part}`;
}

function commonOf(
  answer: WireAnswer,
  options: DirectionOptions,
  part: "headers" | "body",
): WireCommonResponse | undefined {
  return answer[`${options.direction}_${part}`]?.response;
}

/** Values go into `raw_value`, as Envoy sends them. */
function toHeaderMap(headers: readonly ProbeHeader[]): object {
  return { headers: headers.map(([key, value]) => ({ key, raw_value: Buffer.from(value) })) };
}

/** Where the length of the body may change under way Envoy takes the announcement out. */
function withoutLength(headers: readonly ProbeHeader[]): readonly ProbeHeader[] {
  return headers.filter(([name]) => name !== "content-length");
}

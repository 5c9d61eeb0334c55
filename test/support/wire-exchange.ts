/** Messages of one exchange as Envoy would send them, and what a server says to them. */
import {
  type CallEnd,
  type RawCall,
  type RawGrpcClient,
  toRequestFrame,
  type WireRequest,
  type WireResponse,
} from "./raw-grpc-client.ts";

/** Wire numbers of the body modes (processing_mode.proto). */
export const modeNumbers = {
  NONE: 0,
  STREAMED: 1,
  BUFFERED: 2,
  BUFFERED_PARTIAL: 3,
  FULL_DUPLEX_STREAMED: 4,
} as const;

/** A mode by its name, or by a number that no name is known for. */
export type WireMode = keyof typeof modeNumbers | number;

function toNumber(mode: WireMode): number {
  return typeof mode === "number" ? mode : modeNumbers[mode];
}

/** Announces modes with a message, the first of its stream. */
export function announce(
  message: WireRequest,
  request: WireMode = "BUFFERED",
  response: WireMode = "FULL_DUPLEX_STREAMED",
): WireRequest {
  return {
    ...message,
    protocolConfig: { requestBodyMode: toNumber(request), responseBodyMode: toNumber(response) },
  };
}

function headerMap(headers: Readonly<Record<string, string>>) {
  return {
    headers: Object.entries(headers).map(([key, value]) => ({ key, rawValue: Buffer.from(value) })),
  };
}

const chatHeaders = {
  ":method": "POST",
  ":path": "/v1/chat/completions",
  ":authority": "models.example",
  "content-type": "application/json",
};

/** Builders of the messages that ask something. */
export const asks = {
  requestHeaders: (headers: Readonly<Record<string, string>> = {}, endOfStream = false) => ({
    requestHeaders: { headers: headerMap({ ...chatHeaders, ...headers }), endOfStream },
  }),
  requestBody: (body: string | Buffer, endOfStream = true) => ({
    requestBody: { body: Buffer.from(body as string), endOfStream },
  }),
  requestTrailers: () => ({ requestTrailers: { trailers: headerMap({ "x-sum": "1" }) } }),
  responseHeaders: (headers: Readonly<Record<string, string>> = {}, endOfStream = false) => ({
    responseHeaders: {
      headers: headerMap({ ":status": "200", "content-type": "application/json", ...headers }),
      endOfStream,
    },
  }),
  responseBody: (body: string | Buffer, endOfStream = true) => ({
    responseBody: { body: Buffer.from(body as string), endOfStream },
  }),
  responseTrailers: () => ({ responseTrailers: { trailers: headerMap({ "x-sum": "1" }) } }),
} satisfies Readonly<Record<string, (...rest: never[]) => WireRequest>>;

/** What a server said in one call. */
export interface Said {
  readonly answers: readonly WireResponse[];
  readonly end: CallEnd;
}

/** Sends messages, or bytes as they are, half-closes, and reads until the call is over. */
export async function converse(
  client: RawGrpcClient,
  messages: readonly (WireRequest | Buffer)[],
): Promise<Said> {
  const call = client.call();
  call.sendBytes(
    Buffer.concat(
      messages.map((message) => (Buffer.isBuffer(message) ? message : toRequestFrame(message))),
    ),
  );
  call.finish();
  return readToEnd(call);
}

/** Reads what a server says until the call is over. */
export async function readToEnd(call: RawCall): Promise<Said> {
  const answers: WireResponse[] = [];
  for (;;) {
    const answer = await call.next();
    if (answer === undefined) return { answers, end: await call.end };
    answers.push(answer);
  }
}

/** The kind of each answer, in order. */
export function kindsOf(answers: readonly WireResponse[]): readonly (string | undefined)[] {
  return answers.map((answer) => answer.response);
}

/** The bytes that answers to one body carry, joined. */
export function bodyOf(
  answers: readonly WireResponse[],
  direction: "requestBody" | "responseBody",
): Buffer {
  return Buffer.concat(
    answers.map((answer) => {
      const mutation = answer[direction]?.response?.bodyMutation;
      return mutation?.streamedResponse?.body ?? mutation?.body ?? Buffer.alloc(0);
    }),
  );
}

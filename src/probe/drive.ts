import type { ProbeStatus } from "./client.ts";
import {
  AnsweredInstead,
  type Conversation,
  type ConversationOptions,
  createConversation,
  ProtocolBreach,
  StreamFailed,
} from "./conversation.ts";
import { type DrivenMessage, driveDirection } from "./direction.ts";
import type { ProbeExchange, ProbeHeader } from "./exchange.ts";
import { mutateHeaders } from "./mutations.ts";
import type { WireImmediateResponse } from "./wire.ts";

/** An answer of the server's own. */
interface ProbeRefusal {
  readonly status: number;
  readonly headers: readonly ProbeHeader[];
  readonly body: Buffer;
  readonly details: string;
}

/** How an exchange ended, as its caller would have seen it. */
export type ProbeOutcome =
  | {
      readonly kind: "processed";
      /** What the upstream got. */
      readonly request: DrivenMessage;
      /** What the caller got; absent when only the request was driven. */
      readonly response?: DrivenMessage;
    }
  | { readonly kind: "refused"; readonly refusal: ProbeRefusal }
  /** An error status: a fail-closed proxy answers with an error of its own. */
  | { readonly kind: "failed"; readonly status: ProbeStatus }
  /** The server did what the protocol does not allow. */
  | { readonly kind: "broken"; readonly reason: string };

/**
 * Drives one exchange over a fresh stream as Envoy does: the events of each body mode, the answers
 * applied as Envoy applies them, the stream ended from this side first. Never rejects.
 */
export async function driveExchange(
  exchange: ProbeExchange,
  options: ConversationOptions,
): Promise<ProbeOutcome> {
  const conversation = createConversation(options);
  const progress = { responseHeadersLeft: false };
  try {
    return await drive(conversation, exchange, progress);
  } catch (error) {
    const outcome = await settle(conversation, error, progress);
    if (outcome.kind === "broken") options.stream.cancel();
    return outcome;
  }
}

async function drive(
  conversation: Conversation,
  exchange: ProbeExchange,
  progress: { responseHeadersLeft: boolean },
): Promise<ProbeOutcome> {
  const { modes } = exchange;
  const request = await driveDirection(conversation, {
    direction: "request",
    message: exchange.request,
    mode: modes.request,
    firstEventFields: {
      protocol_config: { request_body_mode: modes.request, response_body_mode: modes.response },
      attributes: toAttributes(exchange.attributes),
    },
    headersLeft: () => {},
  });
  const response =
    exchange.response === undefined
      ? undefined
      : await driveDirection(conversation, {
          direction: "response",
          message: exchange.response,
          mode: modes.response,
          firstEventFields: {},
          headersLeft: () => {
            progress.responseHeadersLeft = true;
          },
        });
  await conversation.finish({ mayStillAnswer: false });
  return { kind: "processed", request, ...(response === undefined ? {} : { response }) };
}

/** The outcome that an ending stands for; whatever is none of them is a bug and goes on. */
async function settle(
  conversation: Conversation,
  error: unknown,
  progress: { readonly responseHeadersLeft: boolean },
): Promise<ProbeOutcome> {
  if (error instanceof StreamFailed) return { kind: "failed", status: error.status };
  if (error instanceof ProtocolBreach) return { kind: "broken", reason: error.message };
  if (!(error instanceof AnsweredInstead)) throw error;
  if (progress.responseHeadersLeft) {
    const reason =
      "immediate_response after the response's headers had left: Envoy cuts the caller";
    return { kind: "broken", reason };
  }
  try {
    const refusal = toRefusal(error.response);
    // Envoy closes the stream on an immediate response and drops whatever still comes.
    await conversation.finish({ mayStillAnswer: true });
    return { kind: "refused", refusal };
  } catch (ending) {
    return settle(conversation, ending, progress);
  }
}

function toRefusal(response: WireImmediateResponse): ProbeRefusal {
  const status = response.status?.code ?? 0;
  if (status < 200) {
    throw new ProtocolBreach(`immediate_response with status ${status}: Envoy makes it 200`);
  }
  return {
    status,
    headers: mutateHeaders([], response.headers),
    body: response.body ?? Buffer.alloc(0),
    details: response.details ?? "",
  };
}

/** Attributes as Envoy wraps them: one Struct under the name of the filter. */
function toAttributes(attributes: ProbeExchange["attributes"]): object {
  const fields = Object.entries(attributes).map(([name, value]) => [name, toValue(value)]);
  if (fields.length === 0) return {};
  return { "envoy.filters.http.ext_proc": { fields: Object.fromEntries(fields) } };
}

/** The loader brings google.protobuf.Value itself, and under names in camel case. */
function toValue(value: string | number | boolean): object {
  if (typeof value === "boolean") return { boolValue: value };
  return typeof value === "number" ? { numberValue: value } : { stringValue: value };
}

import { Fault } from "../base/index.ts";
import type { Format } from "./format.ts";
import type { JsonDocument } from "./json-document.ts";
import { lastMember } from "./members.ts";

type Protocol = Format["protocol"];

/** Top-level members that one of the two formats has and the other has not. */
const marks: ReadonlyMap<string, Protocol> = new Map([
  ["system", "anthropic-messages"],
  ["stop_sequences", "anthropic-messages"],
  ["mcp_servers", "anthropic-messages"],
  ["anthropic_version", "anthropic-messages"],
  ["anthropic_beta", "anthropic-messages"],
  ["context_management", "anthropic-messages"],
  ["output_config", "anthropic-messages"],
  ["max_completion_tokens", "openai-chat"],
  ["response_format", "openai-chat"],
  ["stream_options", "openai-chat"],
  ["frequency_penalty", "openai-chat"],
  ["presence_penalty", "openai-chat"],
  ["logit_bias", "openai-chat"],
  ["logprobs", "openai-chat"],
  ["top_logprobs", "openai-chat"],
  ["functions", "openai-chat"],
  ["function_call", "openai-chat"],
  ["parallel_tool_calls", "openai-chat"],
  ["prediction", "openai-chat"],
  ["modalities", "openai-chat"],
  ["reasoning_effort", "openai-chat"],
  ["web_search_options", "openai-chat"],
  ["n", "openai-chat"],
  ["stop", "openai-chat"],
]);

/** What the top level of a body says; a body of either format may say nothing, and a mix both. */
export interface BodyMarks {
  readonly openai: boolean;
  readonly anthropic: boolean;
}

const unmarked: BodyMarks = { openai: false, anthropic: false };

/** Looks through the top level of a request. */
export function readMarks(doc: JsonDocument): BodyMarks {
  let found = unmarked;
  const after = doc.after(0);
  for (let member = doc.first(0); member < after; member = doc.after(member)) {
    const protocol = marks.get(doc.name(member));
    if (protocol === "openai-chat") found = { ...found, openai: true };
    else if (protocol !== undefined) found = { ...found, anthropic: true };
  }
  return found;
}

/**
 * Refuses a body that only the other format has. Whoever takes it there reads it, and answers, by
 * rules that are not those it would be judged by.
 * @throws Fault format_unrecognised
 */
export function refuseOtherFormat(doc: JsonDocument, protocol: Protocol): void {
  const { anthropic, openai } = readMarks(doc);
  const isOther = protocol === "openai-chat" ? anthropic && !openai : openai && !anthropic;
  if (isOther) {
    throw new Fault("format_unrecognised", `expected a body of ${protocol}, found another format`);
  }
}

/** Whether a body is a conversation at all, whichever of the formats it is in. */
export function hasMessages(doc: JsonDocument): boolean {
  if (!doc.isObject(0)) return false;
  const messages = lastMember(doc, 0, "messages");
  return messages !== undefined && doc.isArray(messages);
}
